// Shows RFC 3428.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { KeptHistory, MESSAGE_LIMIT, type TextMessage } from '../../src/agent';
import type { IncomingMessage } from '../../src/sip';
import { activeCall, refusalOfPromise } from './calls';
import { type Bench, FakeSession, startedBench } from './fakes';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-messages-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface From {
  readonly name?: string;
  readonly address?: string;
  readonly calledUser?: string;
}

/** A text comes; returns what was decided. */
function receive(text: string, { name, address = '192.0.2.9', calledUser }: From = {}) {
  const { remote } = new FakeSession('incoming', name);
  const did: string[] = [];
  const message = {
    ...{ remote, calledUser, text, isConnected: false },
    source: { address, port: 5060 },
    accept: () => did.push('accept'),
    refuse: (status: number) => did.push(`refuse ${status}`),
  };
  // As far as the agent minds.
  return { message: message as unknown as IncomingMessage, did };
}

const send = ({ userAgent }: Bench, text: string, from: From = {}): string | undefined => {
  const { message, did } = receive(text, from);
  userAgent.events.emit('message', message);
  return did[0];
};

describe('a text that comes', () => {
  it('is told, numbered and remembered', async () => {
    const all = await startedBench();
    expect(send(all, 'Where are you?')).toBe('accept');
    expect(all.told).toEqual(['message 1 received sip:phone@192.0.2.9 Where are you?']);
    expect(all.agent.messages({})).toMatchObject([
      { message: 1, direction: 'incoming', displayName: 'Phone', state: 'received' },
    ]);
  });

  it('is refused for another name, and of a stranger where a registrar is', async () => {
    const account = { uri: 'sip:car@example.org', registrar: 'sip:192.0.2.1' };
    const all = await startedBench({ account, listensOn: '0.0.0.0' });
    expect(send(all, 'x', { calledUser: 'house' })).toBe('refuse 404');
    expect(send(all, 'x', { calledUser: 'car' })).toBe('refuse 403');
    expect(all.agent.messages({})).toEqual([]);
  });

  it('is refused of who may not call', async () => {
    const all = await startedBench({ policy: { autoAnswer: false, denyFrom: ['192.0.2.9'] } });
    expect(send(all, 'x')).toBe('refuse 403');
    expect(send(all, 'x', { address: '192.0.2.10' })).toBe('accept');
  });

  it('is refused when its source has sent too many, or all strangers together', async () => {
    const all = await startedBench({ listensOn: '0.0.0.0' });
    const one = Array.from({ length: 5 }, () => send(all, 'x'));
    expect(one).toEqual(['accept', 'accept', 'accept', 'refuse 503', 'refuse 503']);
    const others = Array.from({ length: 20 }, (_, host) =>
      send(all, 'x', { address: `198.51.100.${host}` }),
    );
    expect(others.filter((did) => did === 'accept')).toHaveLength(7);
    all.clock.advance(10_000);
    expect(send(all, 'x')).toBe('accept');
  });

  it('of a call’s far end is taken whoever that is', async () => {
    const all = await startedBench({
      account: { uri: 'sip:car@example.org', registrar: 'sip:192.0.2.1' },
      listensOn: '0.0.0.0',
    });
    const session = await activeCall(all);
    const { message, did } = receive('in the call');
    session.events.emit('message', message);
    expect(did).toEqual(['accept']);
  });

  it('leaves room for the last ones only', async () => {
    const all = await startedBench({
      policy: { autoAnswer: false, autoAnswerFrom: ['192.0.2.9'] },
    });
    for (let sent = 0; sent < MESSAGE_LIMIT + 5; sent++) {
      all.clock.advance(10_000);
      send(all, `text ${sent}`);
    }
    const kept = all.agent.messages({});
    expect(kept).toHaveLength(MESSAGE_LIMIT);
    expect(kept[0]).toMatchObject({ message: MESSAGE_LIMIT + 5 });
    expect(all.agent.messages({ search: 'TEXT 54' })).toHaveLength(1);
    expect(all.agent.messages({ before: 8, limit: 1 })).toMatchObject([{ message: 7 }]);
  });
});

describe('a text that goes', () => {
  it('has a number once it is delivered', async () => {
    const all = await startedBench({ account: { uri: 'sip:car@example.org' } });
    expect(await all.agent.sendMessage('home', 'Parked')).toBe(1);
    expect(all.userAgent.messages).toEqual([{ target: 'sip:home@example.org', text: 'Parked' }]);
    expect(all.told).toEqual(['message 1 delivered sip:home@example.org Parked']);
  });

  it('is remembered as refused with the words of the far end', async () => {
    const all = await startedBench();
    all.userAgent.delivery = { isDelivered: false, status: 404, reason: 'Not Found' };
    const sent = all.agent.sendMessage('sip:home@192.0.2.9', 'Parked');
    expect(await refusalOfPromise(sent)).toBe('refused-by-peer');
    expect(all.agent.messages({})).toMatchObject([{ state: 'refused', detail: '404 Not Found' }]);
  });

  it('needs an address', async () => {
    const all = await startedBench();
    expect(await refusalOfPromise(all.agent.sendMessage('sip:', 'x'))).toBe('bad-target');
  });
});

describe('texts in a folder', () => {
  const open = () => KeptHistory.open<TextMessage>(folder, 'messages.jsonl', MESSAGE_LIMIT);

  it('outlive the process, and numbers go on', async () => {
    const kept = await open();
    const all = await startedBench({}, { messageKeeper: kept });
    send(all, 'first');
    await kept.settled();
    const next = await startedBench({}, { messageKeeper: await open() });
    expect(next.agent.messages({})).toMatchObject([{ message: 1, text: 'first' }]);
    send(next, 'second');
    expect(next.agent.messages({})[0]).toMatchObject({ message: 2 });
  });
});
