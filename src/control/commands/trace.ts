import * as v from 'valibot';
import { choice, field, flag, text, wholeNumber } from '../../schema';
import { type Command, defineCommand } from '../command';

/** Of one answer; more can be had by `before`. */
const MESSAGE_LIMIT = 256;

const anyNumber = (description: string) => wholeNumber(0, Number.MAX_SAFE_INTEGER, description);
const words = (expected: string, description: string) => field(v.string(), expected, description);

const message = v.object({
  number: anyNumber('From 1 at the start of the agent.'),
  at: words('a time', 'Civil time, ISO 8601, with milliseconds.'),
  direction: choice(['in', 'out'], 'Received or sent.'),
  from: words('an address and port', 'As `192.0.2.7:5060` or `[2001:db8::7]:5060`.'),
  to: words('an address and port', 'As `from`.'),
  transport: choice(['UDP', 'TCP', 'TLS', 'SCTP'], 'How.'),
  summary: words('text', 'As `INVITE sip:home@example.org` or `200 OK (INVITE)`.'),
  octets: anyNumber('How long it was on the wire.'),
  text: v.exactOptional(words('text', 'The message, secrets masked; its first 8 KB.')),
});

const dialog = v.object({
  callId: words('text', 'Its Call-ID.'),
  call: v.exactOptional(anyNumber('The number of the call that it is.')),
  kind: choice(
    ['call', 'registration', 'other'],
    '`other`: what strangers sent that began no call, as OPTIONS.',
  ),
  messages: field(v.array(message), 'a list of messages', 'Oldest first.'),
});

const dropped = v.object({
  call: anyNumber('Of calls.'),
  registration: anyNumber('Of registrations.'),
  other: anyNumber('Of strangers.'),
});

export const traceReplySchema = v.object({
  dialogs: field(v.array(dialog), 'a list of dialogs', 'By their first message.'),
  before: v.exactOptional(anyNumber('To ask before next time, when there are older ones.')),
  dropped,
});

export type TraceReply = v.InferOutput<typeof traceReplySchema>;

/** The signalling of the last calls. */
export const TRACE_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'trace',
    repeats: true,
    summary: 'The last SIP messages, sent and received, by their dialogs.',
    notes:
      'Digests, nonces, passwords in URIs and keys of media are masked. `before` in the reply is the number to ask before for older ones. `dropped` counts messages that gave way to newer ones: calls, registrations and strangers have room of their own. Datagrams that were dropped unread, as a flood is, are not kept.',
    param: {
      call: v.exactOptional(
        field(
          v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(1)), text('', '')]),
          'the number of a call, or a Call-ID',
          'Only of this call. Without it all there is.',
        ),
      ),
      limit: v.optional(wholeNumber(1, MESSAGE_LIMIT, 'How many, the newest.'), MESSAGE_LIMIT),
      text: v.optional(flag('With the messages themselves.'), false),
      before: v.exactOptional(anyNumber('Only messages with lower numbers, to go on from there.')),
    },
    reply: traceReplySchema,
    run: ({ agent }, { text: withText, ...query }) => {
      const page = agent.trace({ ...query, withText });
      return {
        ...page,
        dialogs: page.dialogs.map((one) => ({
          ...one,
          messages: one.messages.map((each) => ({ ...each })),
        })),
        dropped: { ...page.dropped },
      };
    },
  }),
];
