// Shows RFC 5057.

import { describe, expect, it } from 'vitest';
import { KnownCalls } from '../../../src/sip/admission';
import { CapabilitySet } from '../../../src/sip/capabilities';
import { Dialog, DialogTable, type DialogUsage } from '../../../src/sip/dialog';
import {
  createRequest,
  NameAddr,
  Params,
  parseSipUri,
  type SipRequest,
  type SipResponse,
  Via,
} from '../../../src/sip/message';
import type { ServerTransaction } from '../../../src/sip/transaction';

const HEARD_FROM = { protocol: 'UDP', remote: { address: '10.0.0.2', port: 5060 } } as const;

class FakeUsage implements DialogUsage {
  readonly methods: ReadonlySet<string>;
  readonly heard: string[] = [];
  isOver = false;

  constructor(...methods: string[]) {
    this.methods = new Set(methods);
  }

  onRequest({ method }: SipRequest): void {
    this.heard.push(method);
  }

  onAck(): void {
    this.heard.push('ACK');
  }

  onLeft(): void {
    this.heard.push('left');
  }
}

const request = (method: string, cseq: number, toTag: string | undefined = 'ours') => {
  const to = new NameAddr(undefined, parseSipUri('sip:car@example.org'));
  return createRequest(method, parseSipUri('sip:car@10.0.0.1'), {
    via: new Via('UDP', '10.0.0.2', 5060, Params.of({ branch: 'z9hG4bKx' })),
    from: new NameAddr(undefined, parseSipUri('sip:peer@example.org')).withTag('theirs'),
    to: toTag === undefined ? to : to.withTag(toTag),
    callId: 'call',
    cseq,
    contact: new NameAddr(undefined, parseSipUri('sip:peer@10.0.0.2')),
  });
};

/** A dialog with two usages: a call, and a subscription to it. */
const shared = () => {
  const calls = new KnownCalls();
  const table = new DialogTable(calls, new CapabilitySet([]), 'test/1');
  const dialog = Dialog.ofUas(request('INVITE', 1, undefined), 'ours', HEARD_FROM);
  if (!dialog) throw new Error('expected a dialog');
  const call = new FakeUsage('INVITE', 'ACK', 'BYE');
  const subscription = new FakeUsage('NOTIFY', 'REFER');
  table.add(dialog, call);
  table.add(dialog, subscription);
  const receive = (method: string, cseq: number) => {
    const statuses: number[] = [];
    const transaction = {
      flow: HEARD_FROM,
      source: HEARD_FROM.remote,
      keep: () => undefined,
      respond: ({ status }: SipResponse) => statuses.push(status),
    };
    const isOurs = table.receive(
      request(method, cseq),
      transaction as unknown as ServerTransaction,
    );
    return isOurs ? statuses : 'no dialog';
  };
  return { calls, table, dialog, call, subscription, receive };
};

describe('a dialog with several usages', () => {
  it('hands each its own requests', () => {
    const { call, subscription, receive } = shared();
    expect([receive('INVITE', 2), receive('NOTIFY', 3), receive('BYE', 4)]).toEqual([[], [], []]);
    expect(call.heard).toEqual(['INVITE', 'BYE']);
    expect(subscription.heard).toEqual(['NOTIFY']);
  });

  it('counts the requests of all of them together', () => {
    const { call, subscription, receive } = shared();
    receive('NOTIFY', 7);
    expect(receive('INVITE', 6)).toEqual([500]);
    expect(receive('BYE', 5)).toEqual([500]);
    expect(receive('NOTIFY', 4)).toEqual([500]);
    // Whoever says BYE has left, in whatever order.
    expect(call.heard).toEqual(['left']);
    expect(subscription.heard).toEqual(['NOTIFY']);
  });

  it('lives as long as one of them', () => {
    const { calls, table, dialog, call, subscription, receive } = shared();
    table.remove(dialog, call);
    expect(receive('BYE', 2)).toEqual([481]);
    expect(receive('NOTIFY', 3)).toEqual([]);
    expect(call.heard).toEqual([]);
    // It is gone already.
    table.remove(dialog, call);
    expect(calls.size).toBe(1);
    table.remove(dialog, subscription);
    expect(receive('NOTIFY', 4)).toBe('no dialog');
    expect([calls.size, table.size]).toEqual([0, 0]);
  });

  it('answers OPTIONS itself, while one of them does anything', () => {
    const { call, subscription, receive } = shared();
    call.isOver = true;
    expect(receive('OPTIONS', 2)).toEqual([200]);
    subscription.isOver = true;
    expect(receive('OPTIONS', 3)).toEqual([481]);
  });

  it('tells ACK and a BYE that could not be read to the one that they concern', () => {
    const { table, call, subscription } = shared();
    const identity = request('BYE', 2);
    expect(table.acknowledge(identity, { sequence: 1, answer: '' })).toBe(true);
    table.leave(identity);
    expect(call.heard).toEqual(['ACK', 'left']);
    expect(subscription.heard).toEqual([]);
    expect(table.acknowledge(request('ACK', 1, 'other'), { sequence: 1, answer: '' })).toBe(false);
  });
});

describe('a request before the response that makes its dialog', () => {
  it('finds who made it, if it is one of the methods awaited', () => {
    const { table, receive } = shared();
    const adopted: string[] = [];
    const subscription = new FakeUsage('NOTIFY');
    const maker = {
      methods: subscription.methods,
      adopt: (first: SipRequest) => {
        adopted.push(first.method);
        const dialog = Dialog.ofUas(first, 'mine', HEARD_FROM);
        if (dialog) table.add(dialog, subscription);
        return dialog;
      },
    };
    table.expect('call', 'mine', maker);
    const notify = request('NOTIFY', 1, 'mine');
    const transaction = { flow: HEARD_FROM, source: HEARD_FROM.remote, keep: () => undefined };
    const receiveAs = (one: SipRequest) =>
      table.receive(one, transaction as unknown as ServerTransaction);
    expect(receiveAs(request('BYE', 1, 'mine'))).toBe(false);
    expect(receiveAs(notify)).toBe(true);
    expect(receiveAs(request('NOTIFY', 2, 'mine'))).toBe(true);
    expect(adopted).toEqual(['NOTIFY']);
    expect(subscription.heard).toEqual(['NOTIFY', 'NOTIFY']);
    table.expectNoMore('call', 'mine');
    table.remove(Dialog.ofUas(notify, 'mine', HEARD_FROM) ?? fail(), subscription);
    expect(receiveAs(request('NOTIFY', 3, 'mine'))).toBe(false);
    expect(receive('NOTIFY', 2)).toEqual([]);
  });
});

function fail(): never {
  throw new Error('expected a dialog');
}
