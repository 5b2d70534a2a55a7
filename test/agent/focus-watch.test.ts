// Shows RFC 4575, 4579.

import { expect, it } from 'vitest';
import type { CallStatus } from '../../src/agent';
import { activeCall } from './calls';
import { type Bench, startedBench } from './fakes';

const ROOM = 'sip:room@192.0.2.9';
const TYPE = 'application/conference-info+xml';

const loaded = async (): Promise<void> => {
  // As long as the agent's own takes to load.
  await import('../../src/agent/focus-watch');
  await new Promise((resolve) => setImmediate(resolve));
};

const users = (head: string, ...names: readonly string[]): string =>
  `<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="${ROOM}" ${head}><users>${names
    .map((name) => `<user entity="sip:${name}@example.org"/>`)
    .join('')}</users></conference-info>`;

/** The far end of call 1 is a conference, or becomes one. */
const inConference = async (isFirst = true) => {
  const all = await startedBench();
  const told: CallStatus[] = [];
  all.agent.events.on('call', (status) => told.push(status));
  all.agent.call('sip:phone@192.0.2.9');
  const session = all.userAgent.sessions.at(-1);
  if (!session) throw new Error('nobody was called');
  if (isFirst) session.focus = ROOM;
  session.pickUp();
  session.focus = ROOM;
  if (!isFirst) session.events.emit('renegotiated');
  await loaded();
  const watch = () => all.userAgent.subscriptions.filter(({ event }) => event === 'conference');
  return { ...all, session, told, watch };
};
const participants = ({ agent }: Pick<Bench, 'agent'>): unknown =>
  agent.status().calls[0]?.participants?.map(({ uri }) => uri);

it.each([
  ['has answered as one', true],
  ['becomes one', false],
])('a far end that %s is asked who is there', async (_, isFirst) => {
  const all = await inConference(isFirst);
  expect(all.watch()).toMatchObject([{ target: ROOM, isStopped: false }]);
  expect(participants(all)).toBeUndefined();
  all.watch()[0]?.listener.onNotice(TYPE, users('version="1"', 'ann', 'bob'));
  expect(participants(all)).toEqual(['sip:ann@example.org', 'sip:bob@example.org']);
  expect(all.told.at(-1)?.participants).toHaveLength(2);
  const before = all.told.length;
  all.watch()[0]?.listener.onNotice(TYPE, users('version="2"', 'ann', 'bob'));
  all.watch()[0]?.listener.onNotice(TYPE, 'nonsense');
  all.watch()[0]?.listener.onNotice('text/plain', 'ann');
  expect(all.told).toHaveLength(before);
});

it('a far end that is none is asked nothing', async () => {
  const all = await startedBench();
  await activeCall(all);
  await loaded();
  expect(all.userAgent.subscriptions).toEqual([]);
});

it('all of it is asked for anew when a part is missing, and not for ever', async () => {
  const all = await inConference();
  for (let n = 1; n <= 6; n++) {
    all.watch().at(-1)?.listener.onNotice(TYPE, users('state="partial" version="9"', 'ann'));
  }
  expect(all.watch().map(({ isStopped }) => isStopped)).toEqual([true, true, true, false]);
  all.watch().at(-1)?.listener.onNotice(TYPE, users('version="1"', 'ann'));
  expect(participants(all)).toEqual(['sip:ann@example.org']);
});

it('another subscription may count its documents anew', async () => {
  const all = await inConference();
  const listener = all.watch()[0]?.listener;
  listener?.onNotice(TYPE, users('version="9"', 'ann'));
  listener?.onState('waiting', 'timeout');
  listener?.onNotice(TYPE, users('version="0"', 'bob'));
  expect(participants(all)).toEqual(['sip:bob@example.org']);
});

it('a far end that is another conference, or none any more, is told of no more', async () => {
  const { session, ...all } = await inConference();
  const first = all.watch()[0];
  first?.listener.onNotice(TYPE, users('version="1"', 'ann'));
  session.focus = 'sip:other@192.0.2.9';
  session.events.emit('renegotiated');
  await loaded();
  expect(participants(all)).toBeUndefined();
  expect(all.watch().map(({ target, isStopped }) => [target, isStopped])).toEqual([
    [ROOM, true],
    ['sip:other@192.0.2.9', false],
  ]);
  first?.listener.onNotice(TYPE, users('version="2"', 'bob'));
  expect(participants(all)).toBeUndefined();
  session.focus = undefined;
  session.events.emit('renegotiated');
  await loaded();
  expect(all.watch().map(({ isStopped }) => isStopped)).toEqual([true, true]);
});

it('ends with the call', async () => {
  const { session, ...all } = await inConference();
  session.hangup();
  expect(all.watch()).toMatchObject([{ isStopped: true }]);
});
