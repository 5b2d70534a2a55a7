import {
  COMMAND_MESSAGES,
  type CommandMessage,
  exampleOf,
  exampleOfNotification,
  IDLE_MS,
  KEPT_MS,
  MAX_ID_LENGTH,
  MAX_REQUEST_BYTES,
  MAX_SESSIONS,
  MAX_SESSIONS_PER_ADDRESS,
  messageOf,
  NOTIFICATION_TYPES,
  NOTIFICATIONS,
  notificationMessage,
  REPEATED_ID_MS,
  REPEATED_MS,
  RVAL,
  RVAL_MEANING,
  type RvalName,
  SESSION_MESSAGES,
  type SessionMessage,
  SOCKET_RATE,
  wrongParameter,
} from '../../src/control';
import { describeField, entriesOf } from '../../src/schema';
import { code, GENERATED, jsonBlock, page, table } from './markdown';

const TOKEN = 1;
const WRONG = { url: 'sip:home@example.org' };

/** docs/reference/commands.md */
export function commandsReference(): string {
  return page(
    '# Command reference',
    '',
    GENERATED,
    '',
    'The agent listens for commands on UDP, by default on 127.0.0.1:8778. Each datagram is one JSON object in the form of',
    'the camera’s own command server, so that server can pass our message ids on as they are: see',
    '[docs/control.md](../control.md), which also tells of keys for clients on other machines. Shapes of all messages for',
    'programs are in [dashvoip.schema.json](dashvoip.schema.json).',
    '',
    `* A request has \`token\`, \`msg_id\` and, where the command takes any, \`param\`; it is shorter than ${MAX_REQUEST_BYTES} bytes and may`,
    '  end in white space or NUL.',
    `* It may have an \`id\` of its own (a number, or text of at most ${MAX_ID_LENGTH} characters), which its reply has too. Send the same datagram again`,
    `  when no reply comes: with an \`id\` it is carried out once, however often it arrives within ${REPEATED_ID_MS / 1000} seconds. Without one, the same datagram`,
    `  from the same socket within ${REPEATED_MS / 1000} seconds is taken for a repetition, unless another command lies between, or it leaves open`,
    '  which call it is about and something has happened since. What only asks, and keys, are meant each time.',
    '* The reply has `rval`, the `msg_id` of the request (0 when it could not be read) and, where there is a result, `param`.',
    '  With any `rval` but 0 comes `reason`, in words.',
    '* A reply may be longer than the camera’s relay can carry. With `"page":1` it comes in parts that fit: `page`, `pages`, and in `param` a',
    `  part of the result’s JSON text; ask for the other pages within ${KEPT_MS / 1000} seconds and join them.`,
    `* Notifications have \`msg_id\` ${notificationMessage('call').msg_id} and a \`type\`. They come at any time, before a reply too, to every session, and have a \`number\`:`,
    '  where one is missing, `VOIP_EVENTS` tells what it was.',
    `* A token is good from the address it was given to, from any port. It is random: whoever knows it can listen and`,
    `  answer calls. There are ${MAX_SESSIONS} sessions, ${MAX_SESSIONS_PER_ADDRESS} of them for one address; one that says nothing for ${IDLE_MS / 1000} seconds ends, and`,
    '  the one that was idle for longest gives way to a new one. With `control.holders` "one" there is one, as with the camera’s own server.',
    `* What is itself a reply or a notification is never answered, complaints about noise go out at a bounded rate, and a socket that`,
    `  sends more than ${SOCKET_RATE.perSecond} datagrams a second is not heard beyond that.`,
    '',
    'From a shell:',
    '',
    '```',
    `echo '{"token":0,"msg_id":${SESSION_MESSAGES.start.id}}' | nc -u -w1 127.0.0.1 8778`,
    '```',
    '',
    '## Commands',
    '',
    ...table(
      ['id', 'name', 'what it does'],
      [
        ...Object.values(SESSION_MESSAGES).map(({ id, name, summary }) => [
          String(id),
          name,
          summary,
        ]),
        ...COMMAND_MESSAGES.map(({ id, name, command }) => [String(id), name, command.summary]),
      ],
    ),
    ...sessionLines(SESSION_MESSAGES.start, 0, { param: TOKEN }),
    ...sessionLines(SESSION_MESSAGES.stop, TOKEN),
    ...sessionLines(SESSION_MESSAGES.keepAlive, TOKEN),
    ...queryLines(),
    ...COMMAND_MESSAGES.flatMap(commandLines),
    '',
    '## Return values',
    '',
    ...table(['rval', 'meaning'], rvalRows()),
    '',
    'A wrong parameter is named, with what was found and what was expected:',
    '',
    ...jsonBlock({ token: TOKEN, msg_id: messageOf('call').id, param: WRONG }, wrongExample()),
    '',
    '## Notifications',
    ...NOTIFICATION_TYPES.flatMap((type) => [
      '',
      `### voip_${type}`,
      '',
      NOTIFICATIONS[type].summary,
      '',
      ...jsonBlock(notificationMessage(type, exampleOfNotification(type))),
    ]),
  );
}

function sessionLines(
  { id, name, summary, notes }: SessionMessage,
  token: number,
  result: object = {},
): string[] {
  return [
    '',
    `### ${name} (${id})`,
    '',
    ...[summary, ...(notes ? [notes] : [])],
    '',
    ...jsonBlock({ token, msg_id: id }, { rval: 0, msg_id: id, ...result }),
  ];
}

/** The one message that the agent asks and the client answers. */
function queryLines(): string[] {
  const { id, name, summary, notes } = SESSION_MESSAGES.queryHolder;
  const lines = ['', `### ${name} (${id})`, '', summary, notes, ''];
  return [...lines, ...jsonBlock({ msg_id: id }, { rval: 0, msg_id: id, token: TOKEN })];
}

function commandLines({ id, name, command }: CommandMessage): string[] {
  const { summary, notes, schema } = command;
  const { param, reply } = exampleOf(command.name);
  const parameters = Object.entries(entriesOf(schema, {}) ?? {});
  return [
    '',
    `### ${name} (${id})`,
    '',
    ...[summary, ...(notes ? [notes] : [])],
    ...(parameters.length === 0
      ? []
      : [
          '',
          ...table(
            ['parameter', 'expected', 'meaning'],
            parameters.map(([key, parameter]) => {
              const { expected, description, optional } = describeField(parameter);
              return [code(key), `${expected}${optional ? ', optional' : ''}`, description];
            }),
          ),
        ]),
    '',
    ...jsonBlock(
      { token: TOKEN, msg_id: id, ...(param ? { param } : {}) },
      { rval: 0, msg_id: id, ...(reply ? { param: reply } : {}) },
    ),
  ];
}

function rvalRows(): string[][] {
  return Object.keys(RVAL)
    .filter(isRvalName)
    .map((name) => [String(RVAL[name]), RVAL_MEANING[name]]);
}

function isRvalName(name: string): name is RvalName {
  return name in RVAL;
}

/** As the dispatcher words it. */
function wrongExample(): object {
  const { id, command } = messageOf('call');
  const prepared = command.prepare(WRONG);
  if ('run' in prepared) throw new Error('expected a problem with the example');
  return wrongParameter(id, prepared);
}
