import * as v from 'valibot';
import { text, wholeNumber } from '../config';
import { type Command, defineCommand } from './command';
import { MESSAGE_ID } from './wire';

const whichCall = (otherwise: string) =>
  v.exactOptional(
    wholeNumber(1, Number.MAX_SAFE_INTEGER, `Number of the call; left out: ${otherwise}.`),
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
    notes: 'The reply is some kilobytes long when calls are up.',
    param: {},
    example: {
      reply: {
        version: '0.1.0',
        pid: 417,
        uptimeS: 3601,
        startToReadyMs: 212,
        sip: { port: 5060, detail: '', received: 212, sent: 209 },
        registration: {
          uri: 'sip:car@example.org',
          registrar: 'sip:example.org',
          state: 'registered',
          detail: '',
          expiresInS: 241,
        },
        engine: { camera: { state: 'streaming' }, realtime: true },
        calls: [
          {
            call: 1,
            direction: 'outgoing',
            state: 'active',
            remote: 'sip:home@example.org',
            durationS: 14,
            media: { audio: { codec: 'PCMA' }, silentMs: 20 },
          },
        ],
        recent: [],
        problems: [],
      },
    },
    run: ({ agent }) => agent.status(),
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
];
