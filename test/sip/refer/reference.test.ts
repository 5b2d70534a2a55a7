// Shows RFC 3420, 3515, 3892, 4488, 5057.

import { describe, expect, it } from 'vitest';
import type { ReferenceEnd, ReferenceListener } from '../../../src/sip/refer';
import { called, calling } from '../invite/calls';
import { World } from '../support/world';

/** Writes down what a reference tells. */
class Diary implements ReferenceListener {
  readonly entries: string[] = [];

  onTaken(): void {
    this.entries.push('taken');
  }

  onProgress({ status }: { status: number }): void {
    this.entries.push(`progress ${status}`);
  }

  onEnd(end: ReferenceEnd): void {
    this.entries.push(end.kind === 'failed' ? `failed ${end.status}` : end.kind);
  }
}

/** Alice hands the peer over to Carol. */
const referring = () => {
  const all = calling();
  const diary = new Diary();
  expect(all.session.refer('sip:carol@example.org', diary)).toBe(true);
  all.world.run(100);
  const refer = all.peer.request('REFER');
  let cseq = 0;
  const notify = (frag: string, state = 'active;expires=60', event = 'refer'): void =>
    all.ask('NOTIFY', ++cseq, {
      contact: all.peer.contact(),
      headers: [
        ['Event', event],
        ['Subscription-State', state],
      ],
      body: { contentType: 'message/sipfrag;version=2.0', content: frag },
    });
  const take = (status = 202, headers: readonly (readonly [string, string])[] = []): void => {
    all.peer.answer(refer, status, { contact: all.peer.contact(), headers });
    all.world.run(100);
  };
  return { ...all, told: diary.entries, refer, notify, take };
};

describe('REFER of ours', () => {
  it('names the target and who sends the peer there, within the dialog', () => {
    const { refer, invite, ...all } = referring();
    expect(String(refer.referTo)).toBe('<sip:carol@example.org>');
    expect(refer.get('Referred-By')).toBe('<sip:alice@example.org>');
    expect(refer.callId).toBe(invite.callId);
    expect(refer.cseq.sequence).toBe(invite.cseq.sequence + 1);
    expect(refer.contacts).toHaveLength(1);
    expect(all.told).toEqual([]);
  });

  it('is followed by its NOTIFYs to the end', () => {
    const { take, notify, told, peer } = referring();
    take();
    notify('SIP/2.0 100 Trying\r\n');
    notify('SIP/2.0 180 Ringing\r\n');
    notify('SIP/2.0 200 OK\r\n', 'terminated;reason=noresource');
    expect(peer.statuses.slice(-3)).toEqual(['200 NOTIFY', '200 NOTIFY', '200 NOTIFY']);
    expect(told).toEqual(['taken', 'progress 100', 'progress 180', 'done']);
    notify('SIP/2.0 200 OK\r\n', 'terminated;reason=noresource');
    expect(peer.statuses.at(-1)).toBe('481 NOTIFY');
  });

  it('takes no NOTIFY of another package', () => {
    const { take, notify, told, peer } = referring();
    take();
    notify('SIP/2.0 200 OK\r\n', 'terminated;reason=noresource', 'presence');
    expect(peer.statuses.at(-1)).toBe('481 NOTIFY');
    expect(told).toEqual(['taken']);
  });

  it('is taken by a NOTIFY that overtakes the 202', () => {
    const { take, notify, told } = referring();
    notify('SIP/2.0 100 Trying\r\n');
    take();
    expect(told).toEqual(['taken', 'progress 100']);
  });

  it.each([
    ['SIP/2.0 486 Busy Here\r\n', 'terminated;reason=noresource', 'failed 486'],
    ['SIP/2.0 486 Busy Here\r\n', 'active;expires=60', 'failed 486'],
    ['SIP/2.0 299 Done\r\n', 'terminated;reason=noresource', 'done'],
    ['SIP/2.0 300 Multiple Choices\r\n', 'terminated;reason=noresource', 'failed 300'],
    ['SIP/2.0 180 Ringing\r\n', 'terminated;reason=noresource', 'unknown'],
    ['nothing of use', 'terminated;reason=giveup', 'unknown'],
  ])('ends as its last NOTIFY says: %j, %s', (frag, state, end) => {
    const { take, notify, told } = referring();
    take();
    notify(frag, state);
    expect(told).toEqual(['taken', end]);
  });

  it('ends by a refusal, and the call goes on', () => {
    const { take, told, session } = referring();
    take(603);
    expect(told).toEqual(['failed 603']);
    expect(session.state).toBe('confirmed');
  });

  it('makes no subscription where the peer wants none (RFC 4488)', () => {
    const { take, told } = referring();
    take(202, [['Refer-Sub', 'false']]);
    expect(told).toEqual(['taken', 'unknown']);
  });

  it('makes one where the peer says that it wants it', () => {
    const { take, notify, told } = referring();
    take(202, [['Refer-Sub', 'true']]);
    notify('SIP/2.0 200 OK\r\n', 'terminated;reason=noresource');
    expect(told).toEqual(['taken', 'done']);
  });

  it('is heard of no longer than three minutes and a bit', () => {
    const { take, told, world, alice } = referring();
    take();
    world.run(190_000);
    expect(told).toEqual(['taken']);
    world.run(50_000);
    expect(told).toEqual(['taken', 'unknown']);
    expect(alice.userAgent.counters.activeDialogs).toBe(1);
  });

  it('outlives the call: the dialog goes with the last NOTIFY (RFC 5057 §4.2)', () => {
    const { take, notify, told, peer, ask, session, alice, world } = referring();
    take();
    ask('BYE', 1);
    expect(session.state).toBe('ended');
    expect(alice.userAgent.counters.activeDialogs).toBe(1);
    peer.received.length = 0;
    // The peer goes on counting.
    for (let skipped = 0; skipped < 1; skipped++) notify('SIP/2.0 180 Ringing\r\n');
    notify('SIP/2.0 200 OK\r\n', 'terminated;reason=noresource');
    expect(told).toEqual(['taken', 'progress 180', 'done']);
    world.run(40_000);
    expect(alice.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
  });

  it('tells two of them in one dialog apart by their numbers', () => {
    const { session, world, peer, ask, told } = referring();
    const second = new Diary();
    session.refer('sip:dave@example.org', second);
    world.run(100);
    for (const refer of peer.requests.filter(({ method }) => method === 'REFER')) {
      peer.answer(refer, 202);
    }
    world.run(100);
    const id = peer.request('REFER').cseq.sequence;
    ask('NOTIFY', 1, {
      contact: peer.contact(),
      headers: [
        ['Event', `refer;id=${id}`],
        ['Subscription-State', 'terminated;reason=noresource'],
      ],
      body: { contentType: 'message/sipfrag', content: 'SIP/2.0 200 OK' },
    });
    expect(told).toEqual(['taken']);
    expect(second.entries).toEqual(['taken', 'done']);
  });

  it('is for calls that are up', () => {
    const { session } = called();
    session.hangup();
    expect(session.refer('sip:carol@example.org', new Diary())).toBe(false);
  });
});

describe('an attended transfer', () => {
  it('has the peer take the place of our call at the other one', () => {
    const world = new World();
    const alice = world.phone('alice');
    const bob = world.phone('bob').listen();
    const carol = world.phone('carol').listen();
    const toBob = alice.call(bob.uri);
    const toCarol = alice.call(carol.uri);
    world.run(1000);
    bob.lastIncoming.session.events.on('referred', (referral) => {
      referral.accept();
      const { target, replaces } = referral;
      const next = bob.call(target, {}, replaces ? { replaces } : {});
      next.session.events.on('confirmed', () => referral.tell({ status: 200, reason: '' }));
    });
    const diary = new Diary();
    expect(toBob.session.refer(toCarol.session, diary)).toBe(true);
    world.run(1000);
    expect(diary.entries).toEqual(['taken', 'progress 100', 'done']);
    const taken = carol.lastIncoming.session;
    expect(taken.state).toBe('confirmed');
    expect(taken.replaced).toBe(carol.incoming[0]?.session);
    expect(String(taken.remote.uri)).toBe('sip:bob@example.org');
  });
});
