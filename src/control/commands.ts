import * as v from 'valibot';
import { field, text } from '../schema';
import { type Command, defineCommand } from './command';
import { STATUS_EXAMPLE } from './status-example';
import type { StatusReply } from './status-reply';
import { MESSAGE_ID } from './wire';

const whichCall = (otherwise: string) =>
  v.exactOptional(
    field(
      v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
      'the number of a call',
      `Which call. Without it ${otherwise}.`,
    ),
  );

const EXAMPLE_CALL = { param: { call: 1 } };

/** Every command that needs a session, in order of its id. START_SESSION is the dispatcher's own. */
export const COMMANDS: readonly Command[] = [
  defineCommand({
    id: MESSAGE_ID.stopSession,
    name: 'STOP_SESSION',
    summary: 'Ends the session; its token is good for nothing any more.',
    param: {},
    example: {},
    run: ({ stopSession }) => stopSession(),
  }),
  defineCommand({
    id: MESSAGE_ID.keepAlive,
    name: 'KEEP_ALIVE',
    summary: 'Does nothing but keep the session from expiring.',
    notes:
      'The camera’s own app sends this id while it connects and is answered like this; that it is a keep-alive is inferred.',
    param: {},
    example: {},
    run: () => undefined,
  }),
  defineCommand({
    id: MESSAGE_ID.status,
    name: 'VOIP_STATUS',
    summary: 'Everything there is to know: registration, camera, devices, calls, what is wrong.',
    notes:
      'The reply is some kilobytes long when calls are up. Members that are not known yet are left out.',
    param: {},
    example: { reply: STATUS_EXAMPLE },
    run: ({ agent, counters }): StatusReply => ({ ...agent.status(), commands: counters }),
  }),
  defineCommand({
    id: MESSAGE_ID.call,
    name: 'VOIP_CALL',
    summary: 'Calls someone. The reply comes at once; how it goes on is notified.',
    param: {
      uri: text(
        'a SIP URI, as "sip:home@example.org"',
        'Whom to call. Without a scheme `sip:` is put before it; a bare name or number is looked for at the account’s own domain.',
      ),
    },
    example: { param: { uri: 'sip:home@example.org' }, reply: { call: 1 } },
    run: ({ agent }, { uri }) => ({ call: agent.call(uri) }),
  }),
  defineCommand({
    id: MESSAGE_ID.answer,
    name: 'VOIP_ANSWER',
    summary: 'Answers an incoming call. A call that talks is put on hold first.',
    param: { call: whichCall('the one that waits') },
    example: EXAMPLE_CALL,
    run: ({ agent }, { call }) => agent.answer(call),
  }),
  defineCommand({
    id: MESSAGE_ID.reject,
    name: 'VOIP_REJECT',
    summary: 'Refuses an incoming call as busy (486).',
    param: { call: whichCall('the one that waits') },
    example: EXAMPLE_CALL,
    run: ({ agent }, { call }) => agent.reject(call),
  }),
  defineCommand({
    id: MESSAGE_ID.hangup,
    name: 'VOIP_HANGUP',
    summary: 'Ends a call in whatever state it is.',
    param: { call: whichCall('the one that is not held') },
    example: EXAMPLE_CALL,
    run: ({ agent }, { call }) => agent.hangup(call),
  }),
  defineCommand({
    id: MESSAGE_ID.hold,
    name: 'VOIP_HOLD',
    summary:
      'Puts a call on hold: nothing is said, shown or heard. Replies when the far end agreed.',
    param: { call: whichCall('the one that talks') },
    example: EXAMPLE_CALL,
    run: ({ agent }, { call }) => agent.hold(call),
  }),
  defineCommand({
    id: MESSAGE_ID.resume,
    name: 'VOIP_RESUME',
    summary:
      'Takes up a call that we hold; another that talks is put on hold first. Replies when the far end agreed.',
    param: { call: whichCall('the one that is held') },
    example: EXAMPLE_CALL,
    run: ({ agent }, { call }) => agent.resume(call),
  }),
  defineCommand({
    id: MESSAGE_ID.dtmf,
    name: 'VOIP_DTMF',
    summary: 'Presses keys for the far end, one after the other.',
    notes:
      '`by` is the way they took: `rtp` (RFC 4733) when the far end has telephone-event, and the reply comes at once; otherwise `info`, and it comes when the last INFO was taken.',
    param: {
      digits: field(
        v.pipe(v.string(), v.regex(/^[\d*#A-Da-d]{1,32}$/)),
        '1 to 32 of 0-9, *, #, A-D',
        'The keys.',
      ),
      call: whichCall('the one that talks'),
    },
    example: { param: { digits: '1234#' }, reply: { by: 'rtp' } },
    run: async ({ agent }, { digits, call }) => ({ by: await agent.sendKeys(digits, call) }),
  }),
  defineCommand({
    id: MESSAGE_ID.networkChanged,
    name: 'VOIP_NETWORK_CHANGED',
    summary: 'The network has come, or has another address: the agent registers from there now.',
    notes:
      'A call that is up goes on; its far end is asked whether it is still there. Sent by the hooks of udhcpc and ifup.',
    param: {},
    example: {},
    run: ({ agent }) => agent.networkChanged(),
  }),
];
