import * as v from 'valibot';
import { MAX_TEXT_BYTES, MESSAGE_LIMIT } from '../../agent';
import { field, madeOfType, text, wholeNumber } from '../../schema';
import { type Command, defineCommand } from '../command';
import { whichAccount } from './which-account';

const messageNumber = (description: string) => wholeNumber(1, Number.MAX_SAFE_INTEGER, description);

/** Line breaks and tabs are text; other control characters are not. */
const messageText = field(
  v.pipe(
    v.string(),
    v.regex(/^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]+$/),
    v.check((value) => Buffer.byteLength(value) <= MAX_TEXT_BYTES),
  ),
  `text of at most ${MAX_TEXT_BYTES} bytes in UTF-8`,
  'What to say.',
);

/** Texts to and from other phones. */
export const MESSAGE_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'message',
    summary: 'Sends somebody a text (SIP MESSAGE).',
    notes:
      'Replies when it is delivered: the far end has taken it, or a server that keeps it for it. Otherwise the reply says why it was not.',
    param: {
      uri: text(
        'a name, a number or a SIP URI, as "sip:home@example.org"',
        'To whom, as in `call`.',
      ),
      text: messageText,
      account: whichAccount('as in `call`'),
    },
    reply: v.object({ message: messageNumber('Its number.') }),
    run: async ({ agent }, { uri, text: words, account }) => ({
      message: await agent.sendMessage(uri, words, account),
    }),
    words: (_, { uri }) => `delivered to ${uri}`,
  }),
  defineCommand({
    name: 'messages',
    repeats: true,
    summary: 'The last texts in both directions, newest first.',
    param: {
      search: v.exactOptional(
        text('text', 'Only those with this in the address, the name or the text.'),
      ),
      limit: v.optional(wholeNumber(1, MESSAGE_LIMIT, 'How many.'), MESSAGE_LIMIT),
      before: v.exactOptional(messageNumber('Only those with lower numbers, to go on from there.')),
    },
    reply: v.object({ messages: v.array(madeOfType(v.looseObject({}), 'TextMessage')) }),
    run: ({ agent }, query) => ({ messages: agent.messages(query).map((one) => ({ ...one })) }),
  }),
];
