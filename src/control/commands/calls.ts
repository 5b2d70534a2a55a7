import * as v from 'valibot';
import { choice, field, flag, text } from '../../schema';
import { type Command, defineCommand } from '../command';
import type { Control } from '../control';
import { mqttProblems } from '../mqtt-status';
import { statusReplySchema } from '../status-reply';
import type { SurfaceStatuses } from '../surface-status';
import { whichAccount } from './which-account';
import { callNumber, whichCall } from './which-call';

/** The first ones that there were: status, calls, and the network. */
export const CALL_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'status',
    repeats: true,
    summary: 'Everything there is to know: registration, camera, devices, calls, what is wrong.',
    notes:
      'The reply is some kilobytes long when calls are up. Members that are not known yet are left out.',
    param: {},
    reply: statusReplySchema,
    run: ({ agent, counters, surfaces }) => {
      const status = agent.status();
      const others = statusesOf(surfaces);
      const problems = [
        ...(others.mqtt ? mqttProblems(others.mqtt) : []),
        ...Object.values(others).flatMap(({ expiry = [] }) => expiry),
        ...(others.web?.detail ? [`web: not open: ${others.web.detail}`] : []),
      ];
      return {
        ...{ ...status, commands: counters, ...others },
        problems: [...status.problems, ...problems],
      };
    },
  }),
  defineCommand({
    name: 'call',
    summary: 'Calls someone. The reply comes at once; how it goes on is notified.',
    param: {
      uri: text(
        'a name, a number or a SIP URI, as "sip:home@example.org"',
        'Whom to call: a name or short number of the phone book, a number (which `dialPlan` may rewrite) or an address. Without a scheme `sip:` is put before it; what has no host is looked for at the account’s own domain. `,,1234#` behind it is pressed after the answer: 2 s of pause for each comma.',
      ),
      anonymous: v.exactOptional(
        flag('Whether the far end is not told who calls. Without it `policy.hideIdentity` says.'),
      ),
      account: whichAccount(
        'by the first one, or where that is not registered by the first that is, which `insteadOf` then tells',
      ),
    },
    reply: v.object({
      call: callNumber('Its number.'),
      account: v.exactOptional(text('a name', 'The account that it goes out by.')),
      insteadOf: v.exactOptional(text('words', 'The default account, and why not by that.')),
    }),
    run: ({ agent }, { uri, anonymous: isAnonymous, account: wanted }) => {
      const { call, account, insteadOf } = agent.call(uri, {
        ...(isAnonymous === undefined ? {} : { isAnonymous }),
        ...(wanted === undefined ? {} : { account: wanted }),
      });
      return {
        call,
        ...(account === undefined ? {} : { account }),
        ...(insteadOf === undefined ? {} : { insteadOf }),
      };
    },
    words: ({ call, account, insteadOf }, { uri }) =>
      `call ${call}: calling ${uri}${insteadOf ? ` by ${account} instead of ${insteadOf}` : ''}`,
  }),
  defineCommand({
    name: 'answer',
    picksCall: true,
    summary: 'Answers an incoming call. A call that talks is put on hold first.',
    param: { call: whichCall('the one that waits') },
    run: ({ agent }, { call }) => agent.answer(call),
    words: () => 'answered',
  }),
  defineCommand({
    name: 'reject',
    picksCall: true,
    summary: 'Refuses an incoming call as busy (486).',
    param: { call: whichCall('the one that waits') },
    run: ({ agent }, { call }) => agent.reject(call),
    words: () => 'rejected',
  }),
  defineCommand({
    name: 'hangup',
    picksCall: true,
    summary: 'Ends a call in whatever state it is.',
    param: { call: whichCall('the one that is not held') },
    run: ({ agent }, { call }) => agent.hangup(call),
    words: () => 'hung up',
  }),
  defineCommand({
    name: 'hold',
    picksCall: true,
    summary:
      'Puts a call on hold: nothing is said, shown or heard. Replies when the far end agreed.',
    param: { call: whichCall('the one that talks') },
    run: ({ agent }, { call }) => agent.hold(call),
    words: () => 'on hold',
  }),
  defineCommand({
    name: 'resume',
    picksCall: true,
    summary:
      'Takes up a call that we hold; another that talks is put on hold first. Replies when the far end agreed.',
    param: { call: whichCall('the one that is held') },
    run: ({ agent }, { call }) => agent.resume(call),
    words: () => 'resumed',
  }),
  defineCommand({
    name: 'dtmf',
    repeats: true,
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
    reply: v.object({ by: choice(['rtp', 'info'], 'The way they took.') }),
    run: async ({ agent }, { digits, call }) => ({ by: await agent.sendKeys(digits, call) }),
    words: (_, { digits }) => `pressed ${digits}`,
  }),
  defineCommand({
    name: 'network-changed',
    summary: 'The network has come, or has another address: the agent registers from there now.',
    notes:
      'A call that is up goes on; its far end is asked whether it is still there. Sent by the hooks of udhcpc and ifup.',
    param: {},
    run: ({ agent }) => agent.networkChanged(),
    words: () => 'told',
  }),
];

function statusesOf(surfaces: Control['surfaces']): SurfaceStatuses {
  return Object.fromEntries(Object.entries(surfaces).map(([name, status]) => [name, status()]));
}
