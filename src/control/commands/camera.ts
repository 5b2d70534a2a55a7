import * as v from 'valibot';
import { STILL_LIMIT, STILL_NAME } from '../../agent';
import { field, text } from '../../schema';
import { type Command, defineCommand } from '../command';

const count = (expected: string, description: string) =>
  field(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), expected, description);

/** The camera's picture. */
export const CAMERA_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'still',
    summary: 'Writes what the camera sees into a file, as a JPEG.',
    notes: `It is the camera’s last key frame, or its next one while a call sends the picture. The file lies in \`stills\` below \`state.directory\`; what had the name before is written over, and of all the newest ${STILL_LIMIT} are kept.`,
    param: {
      name: v.optional(
        field(
          v.pipe(v.string(), v.regex(STILL_NAME)),
          '1 to 64 letters, digits, _ and -, of which the first is a letter or digit',
          'What the file is called, without `.jpg`.',
        ),
        'still',
      ),
    },
    reply: v.object({
      path: text('a path', 'Where it lies, on the machine of the agent.'),
      bytes: count('a number of bytes', 'Its size.'),
      width: count('a number of pixels', 'Of the picture.'),
      height: count('a number of pixels', 'Of the picture.'),
    }),
    run: async ({ agent }, { name }) => ({ ...(await agent.keepStill(name)) }),
    words: ({ path, width, height, bytes }) => `${path}: ${width}x${height}, ${bytes} bytes`,
  }),
];
