import { type Command, defineCommand } from '../command';
import { onOff } from './on-off';

const NOTES =
  'Whatever calls agree on, those that come later and conferences as well; beyond a restart where `state.directory` is set';

/** What nobody outside gets of the car. */
export const MUTE_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'mute-microphone',
    summary: 'No call hears the cabin any more, or each does again.',
    notes: `${NOTES}. A call for help is heard nevertheless.`,
    param: onOff,
    run: ({ agent }, { on }) => agent.setSwitch('microphoneMuted', on),
    words: (_, { on }) => `the microphone is ${on ? 'muted' : 'not muted'}`,
  }),
  defineCommand({
    name: 'mute-picture',
    summary: 'No call sees the camera any more and no still is taken, or as before again.',
    notes: `${NOTES}. Recordings of the camera on its own card go on.`,
    param: onOff,
    run: ({ agent }, { on }) => agent.setSwitch('pictureMuted', on),
    words: (_, { on }) => `the picture is ${on ? 'muted' : 'not muted'}`,
  }),
];
