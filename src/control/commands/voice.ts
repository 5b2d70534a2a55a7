import { type Command, defineCommand } from '../command';
import { onOff } from './on-off';

/** Who may speak. */
export const VOICE_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'ptt',
    repeats: true,
    summary: 'Push-to-talk: takes the floor, or gives it back.',
    notes:
      'Where `voice.duplex` is "push-to-talk". While the far end speaks the near end waits for its next pause, ten seconds at most; who has the floor is notified (`floor`) and told by a tone. After ten seconds in which the far end speaks, too, it is lost, and has to be asked for anew.',
    param: onOff,
    run: ({ agent }, { on }) => agent.pressToTalk(on),
    words: (_, { on }) => (on ? 'the floor is asked for' : 'the floor is given back'),
  }),
];
