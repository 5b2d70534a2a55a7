import { describe, expect, it } from 'vitest';
import type { IncomingInvite, OutgoingInvite, SessionState } from '../../../src/sip/invite';
import type { SipRequest } from '../../../src/sip/message';
import { StateBudget } from '../../../src/sip/transaction';
import { SessionList } from '../../../src/sip/user-agent/session-list';

const LIMIT = 8;
const OCTETS = 500;
const INVITE = { octets: OCTETS } as SipRequest;
/** What one call is charged, and one of ours. */
const CALL_BYTES = 6000 + 4 * OCTETS;
const OUTGOING_BYTES = 6000;
const LINGERING_BYTES = 3000;

interface Played {
  state: SessionState;
  acceptedForMs: number;
  readonly did: string[];
}

/** @param lingering transactions that only wait for repetitions. */
function house(budgetBytes = 1_000_000, lingering = 0) {
  const budget = new StateBudget(budgetBytes);
  budget.charge(lingering * LINGERING_BYTES);
  const list = new SessionList(LIMIT, budget, (bytes) => {
    while (lingering > 0 && !budget.hasRoomFor(bytes)) {
      lingering -= 1;
      budget.release(LINGERING_BYTES);
    }
  });
  /** A call comes in: with which state, from where, how long ago it was answered. */
  const come = (
    state: SessionState,
    { address = '192.0.2.1', isProved = false, forMs = 1000 } = {},
  ): Played & IncomingInvite => {
    const did: string[] = [];
    const session = {
      state,
      did,
      source: { address, port: 5060 },
      acceptedForMs: forMs,
      giveWay: () => {
        did.push('gives way');
        list.deleteIncoming(session);
      },
      release: () => did.push('released'),
    } as unknown as Played & IncomingInvite;
    list.addIncoming(session, INVITE, isProved);
    return session;
  };
  return { budget, list, come };
}

describe('room for calls', () => {
  it('is of its own for each direction', () => {
    const { list, come } = house();
    for (let count = 0; count < LIMIT; count++) {
      expect(list.hasRoomForIncoming(true)).toBe(true);
      come('early', { isProved: true });
    }
    expect([list.hasRoomForIncoming(true), list.hasRoomForOutgoing]).toEqual([false, true]);
    for (let count = 0; count < LIMIT; count++) {
      expect(list.hasRoomForOutgoing).toBe(true);
      list.addOutgoing({ count } as unknown as OutgoingInvite);
    }
    expect(list.hasRoomForOutgoing).toBe(false);
    expect([...list]).toHaveLength(2 * LIMIT);
  });

  it('is left by a quarter to who has proved himself, by strangers that wait', () => {
    const { list, come } = house();
    // Who talks, or has proved himself, takes nothing of the strangers’ share.
    come('confirmed');
    come('early', { isProved: true });
    const waiting = Array.from({ length: 5 }, (_, index) => {
      expect(list.hasRoomForIncoming(false), `${index}`).toBe(true);
      return come(index % 2 === 0 ? 'early' : 'accepted');
    });
    expect(list.hasRoomForIncoming(false)).toBe(true);
    list.deleteIncoming(waiting[0] as IncomingInvite);
    come('early');
    expect([list.hasRoomForIncoming(false), list.hasRoomForIncoming(true)]).toEqual([true, true]);
    const { list: full, come: another } = house();
    for (let count = 0; count < 6; count++) another('early');
    expect([full.hasRoomForIncoming(false), full.hasRoomForIncoming(true)]).toEqual([false, true]);
  });
});

describe('memory of calls', () => {
  it('is charged while they live, and given back once', () => {
    const { list, come, budget } = house();
    const one = come('early');
    const ours = { ours: true } as unknown as OutgoingInvite;
    list.addOutgoing(ours);
    expect(budget.used).toBe(CALL_BYTES + OUTGOING_BYTES);
    list.deleteIncoming(one);
    list.deleteIncoming(one);
    expect(budget.used).toBe(OUTGOING_BYTES);
    list.deleteOutgoing(ours);
    list.deleteOutgoing(ours);
    expect([budget.used, [...list]]).toEqual([0, []]);
  });

  it('is there for one more as long as the budget has it', () => {
    expect(house(CALL_BYTES).list.hasMemoryFor(INVITE)).toBe(true);
    expect(house(CALL_BYTES - 1).list.hasMemoryFor(INVITE)).toBe(false);
    expect(house(6000).list.hasMemoryFor({} as SipRequest)).toBe(true);
    expect(house(5999).list.hasMemoryFor({} as SipRequest)).toBe(false);
  });

  it('is made by forgetting what only lingers, and no more of it than is needed', () => {
    const { budget, list } = house(10 * LINGERING_BYTES, 10);
    expect(list.hasMemoryFor(INVITE)).toBe(true);
    expect(budget.used).toBe(7 * LINGERING_BYTES);
  });
});

describe('answers that await their ACK', () => {
  it('give way from the third on, the eldest first', () => {
    const { list, come } = house();
    list.makeRoom();
    const calls = ['192.0.2.1', '192.0.2.2'].map((address) => come('accepted', { address }));
    list.makeRoom();
    expect(calls.map(({ did }) => did)).toEqual([[], []]);
    calls.push(come('accepted', { address: '192.0.2.3' }));
    list.makeRoom();
    expect(calls.map(({ did }) => did)).toEqual([['gives way'], [], []]);
    list.makeRoom();
    expect(calls[1]?.did).toEqual([]);
  });

  it('are those of strangers, and answered: others keep their place', () => {
    const { list, come } = house();
    const calls = [
      come('accepted', { isProved: true }),
      come('early'),
      come('confirmed'),
      come('accepted'),
      come('accepted'),
    ];
    list.makeRoom();
    expect(calls.flatMap(({ did }) => did)).toEqual([]);
    const last = come('accepted');
    list.makeRoom();
    expect([...calls, last].map(({ did }) => did.length)).toEqual([0, 0, 0, 1, 0, 0]);
  });

  it('are remembered, sixteen of them, in case their ACK comes after all', () => {
    const { list, come } = house();
    const calls = Array.from({ length: 20 }, () => {
      const call = come('accepted');
      list.makeRoom();
      return call;
    });
    // Eighteen gave way; the first two are forgotten by now.
    expect(calls.map(({ did }) => did.join())).toEqual([
      ...Array(2).fill('gives way,released'),
      ...Array(16).fill('gives way'),
      ...['', ''],
    ]);
  });

  it('have 200 ms for it: a call that would drive one out comes too soon', () => {
    const { list, come } = house();
    const another = { address: '192.0.2.9', port: 1 };
    const calls = [1, 2, 3].map((host) =>
      come('accepted', { address: `192.0.2.${host}`, forMs: 199 }),
    );
    expect(list.comesTooSoon(another)).toBe(true);
    const eldest = calls[0] as Played;
    eldest.acceptedForMs = 200;
    expect(list.comesTooSoon(another)).toBe(false);
    eldest.acceptedForMs = 0;
    eldest.state = 'confirmed';
    expect(list.comesTooSoon(another)).toBe(false);
  });

  it('of one address are two', () => {
    const { list, come } = house();
    const here = { address: '192.0.2.1', port: 7 };
    expect(list.comesTooSoon(here)).toBe(false);
    come('accepted', { forMs: 0 });
    expect(list.comesTooSoon(here)).toBe(false);
    const second = come('accepted', { forMs: 0 });
    expect(list.comesTooSoon(here)).toBe(true);
    expect(list.comesTooSoon({ ...here, address: '192.0.2.2' })).toBe(false);
    list.deleteIncoming(second);
    come('accepted', { forMs: 0, isProved: true });
    expect(list.comesTooSoon(here)).toBe(false);
  });
});
