import * as v from 'valibot';
import { field, text } from '../../schema';
import { type Command, defineCommand } from '../command';

const number = (expected: string, description: string) =>
  field(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), expected, description);

const whichCall = (otherwise: string) =>
  v.exactOptional(number('the number of a call', `Which call. Without it ${otherwise}.`));

/** Recordings on the card. */
export const RECORD_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'record start',
    picksCall: true,
    summary: 'Records a call, or the camera’s own sound and picture when no call is up.',
    notes:
      'Replies when the file is there; `record` in the configuration says where and how. Without `file` nothing is written yet, because the first group of pictures, or the card, is awaited. How it goes on is notified.',
    param: { call: whichCall('the one that talks, or with no call up the camera') },
    reply: v.object({
      recording: number('a number', 'Of this recording, as notifications and the status name it.'),
      file: v.exactOptional(text('a path', 'Where it lies, on the machine of the agent.')),
    }),
    run: async ({ agent }, { call }) => ({ ...(await agent.startRecording(call)) }),
    words: ({ recording, file }) => `recording ${recording}: ${file ?? 'no file yet'}`,
  }),
  defineCommand({
    name: 'record stop',
    picksCall: true,
    summary: 'Ends a recording; its post-roll is still written.',
    param: { call: whichCall('all recordings') },
    run: ({ agent }, { call }) => agent.stopRecording(call),
    words: () => 'no more is recorded',
  }),
];
