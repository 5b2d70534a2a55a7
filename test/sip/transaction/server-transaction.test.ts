import { describe, expect, it } from 'vitest';
import { Admission, SOURCE_RATES } from '../../../src/sip/admission';
import {
  createRequest,
  createResponse,
  NameAddr,
  Params,
  parseSipUri,
  type SipRequest,
  Via,
} from '../../../src/sip/message';
import { RFC3261_TIMERS, StateBudget } from '../../../src/sip/transaction';
import { ServerTransaction } from '../../../src/sip/transaction/server-transaction';
import { type Flow, TransportException } from '../../../src/sip/transport';
import { VirtualClock } from '../../support/virtual-clock';

const PEER = { address: '192.0.2.9', port: 5060 };

function request(method: string, octets: number): SipRequest {
  const made = createRequest(method, parseSipUri('sip:car@192.0.2.1'), {
    via: new Via('UDP', PEER.address, PEER.port, Params.of({ branch: 'z9hG4bKx' })),
    from: new NameAddr(undefined, parseSipUri('sip:peer@example.org')).withTag('from'),
    to: new NameAddr(undefined, parseSipUri('sip:car@example.org')),
    callId: 'a-call',
    cseq: 1,
  });
  made.octets = octets;
  made.source = PEER;
  return made;
}

/** A transaction whose flow and tables are the test's. */
function serve(method: string, octets: number, reliable = false) {
  const clock = new VirtualClock();
  const budget = new StateBudget(1_000_000);
  const admission = new Admission(clock, SOURCE_RATES);
  const counters = { retransmissions: 0, forgotten: 0, withheld: 0, undelivered: 0 };
  const sent: string[] = [];
  const events: string[] = [];
  const failing: { now: boolean } = { now: false };
  const flow: Flow = {
    protocol: reliable ? 'TCP' : 'UDP',
    remote: PEER,
    reliable,
    local: { address: '192.0.2.1', port: 5060 },
    isOpen: true,
    send: (bytes, onError) => {
      sent.push(Buffer.from(bytes).toString('latin1'));
      if (failing.now) onError(new TransportException('send-failed', 'no route'));
    },
    onClosed: () => () => undefined,
    abandon: () => undefined,
    keepAlive: () => undefined,
    probe: () => () => undefined,
  };
  const asked = request(method, octets);
  const transaction = new ServerTransaction(
    { clock, timers: RFC3261_TIMERS, counters, budget, admission },
    asked,
    flow,
    {
      onKept: () => events.push('kept'),
      onAnswered: () => events.push('answered'),
      onEnd: () => events.push('end'),
    },
  );
  const respond = (status: number, padding = 0): void =>
    transaction.respond(
      createResponse(asked, status, {
        toTag: 'to',
        headers: padding > 0 ? [['Allow', 'X'.repeat(padding)]] : [],
      }),
    );
  const statuses = (): string[] => sent.map((text) => text.split(' ')[1] ?? '');
  return {
    clock,
    budget,
    admission,
    counters,
    sent,
    events,
    failing,
    asked,
    transaction,
    respond,
    statuses,
  };
}

/** Length of the smallest answer with that status. */
function leastLength(status: number): number {
  const { respond, sent } = serve('OPTIONS', 100_000);
  respond(status);
  return sent[0]?.length ?? 0;
}

describe('an answer without state', () => {
  it('is sent and forgotten, and costs nothing', () => {
    const { respond, statuses, events, budget, transaction, clock } = serve('OPTIONS', 1000);
    respond(200);
    expect(statuses()).toEqual(['200']);
    expect([events, budget.used, clock.pendingTimers]).toEqual([[], 0, 0]);
    expect([transaction.isOver, transaction.finalStatus, transaction.isUnanswered]).toEqual([
      true,
      200,
      false,
    ]);
  });

  it('is no more than twice what was sent: first its optional fields go, then it goes', () => {
    const bare = leastLength(200);
    const half = Math.ceil(bare / 2);
    const roomy = serve('OPTIONS', 1000);
    roomy.respond(200, 300);
    expect(roomy.sent[0]).toContain('\r\nAllow: XXX');
    const tight = serve('OPTIONS', half);
    tight.respond(200, 300);
    // What RFC 3261 §8.2.6.2 asks for, and the length that every message says.
    expect(tight.sent).toHaveLength(1);
    expect(tight.sent[0]).not.toContain('Allow');
    for (const name of ['Via', 'From', 'To', 'Call-ID', 'CSeq']) {
      expect(tight.sent[0]).toContain(`\r\n${name}: `);
    }
    expect(tight.counters.withheld).toBe(0);
    const tiny = serve('OPTIONS', half - 1);
    tiny.respond(200);
    expect([tiny.sent, tiny.counters.withheld, tiny.transaction.isOver]).toEqual([[], 1, true]);
  });

  it('is as long as it likes over a connection', () => {
    const { respond, sent, counters } = serve('OPTIONS', 10, true);
    respond(200, 5000);
    expect(sent[0]?.length).toBeGreaterThan(5000);
    expect(counters.withheld).toBe(0);
  });

  it('has exactly twice as much room', () => {
    const { respond, sent } = serve('OPTIONS', 0);
    respond(200);
    expect(sent).toEqual([]);
    const bare = leastLength(486);
    for (const padding of [0, 1]) {
      const exact = serve('OPTIONS', (bare + padding) / 2);
      exact.respond(486);
      expect(exact.sent).toHaveLength(1);
    }
  });
});

describe('a transaction that is kept', () => {
  it('has its bytes charged and given back', () => {
    const { respond, budget, transaction, events, sent } = serve('INVITE', 1000);
    transaction.keep();
    transaction.keep();
    const fixed = budget.used;
    expect(fixed).toBeGreaterThan(1000);
    respond(180, 50);
    expect(budget.used).toBe(fixed + (sent[0]?.length ?? 0));
    respond(486);
    expect(budget.used).toBe(fixed + (sent[1]?.length ?? 0));
    expect(events).toEqual(['kept', 'answered']);
    transaction.abandon();
    expect([budget.used, events.at(-1), transaction.isOver]).toEqual([0, 'end', true]);
    transaction.abandon();
    expect(events).toEqual(['kept', 'answered', 'end']);
  });

  it('keeps no 2xx to an INVITE, which only its user repeats (RFC 6026 §7.1)', () => {
    const { respond, budget, transaction, counters, asked, statuses, events } = serve(
      'INVITE',
      1000,
    );
    respond(180);
    expect(events).toEqual(['kept']);
    const ringing = budget.used;
    respond(200);
    expect(budget.used).toBeLessThan(ringing);
    transaction.repeated(asked);
    expect(statuses()).toEqual(['180', '200']);
    transaction.repeat(createResponse(asked, 200, { toTag: 'to' }));
    expect(statuses()).toEqual(['180', '200', '200']);
    expect(counters.retransmissions).toBe(1);
  });

  it('of another method keeps its 2xx', () => {
    const { respond, transaction, asked, statuses, counters } = serve('OPTIONS', 1000);
    transaction.keep();
    respond(200);
    transaction.repeated(asked);
    expect(statuses()).toEqual(['200', '200']);
    expect(counters.retransmissions).toBe(1);
  });

  it('repeats no more than twice what came, until the source has proved itself', () => {
    const bare = leastLength(486);
    const { respond, transaction, clock, statuses, counters, admission, asked } = serve(
      'INVITE',
      Math.ceil(bare / 2) + 5,
    );
    transaction.keep();
    respond(486);
    clock.advance(600);
    expect([statuses(), counters.withheld, counters.retransmissions]).toEqual([['486'], 1, 0]);
    // The request once more brings as much room again.
    transaction.repeated(asked);
    expect([statuses().length, counters.retransmissions]).toEqual([2, 1]);
    clock.advance(1000);
    expect([statuses().length, counters.withheld]).toEqual([2, 2]);
    admission.prove(PEER);
    clock.advance(2000);
    expect([statuses().length, counters.withheld]).toEqual([3, 2]);
  });

  it('has nothing to repeat before it is answered', () => {
    const { transaction, asked, sent, counters } = serve('INVITE', 1000);
    transaction.keep();
    transaction.repeated(asked);
    expect([sent, counters.retransmissions, transaction.isUnanswered]).toEqual([[], 0, true]);
  });

  it('counts what could not be delivered, and tells its user until the final response', () => {
    const { respond, transaction, failing, counters } = serve('INVITE', 1000);
    const told: string[] = [];
    transaction.user = { onCancel: () => undefined, onFailure: (detail) => told.push(detail) };
    failing.now = true;
    respond(180);
    expect([told, counters.undelivered]).toEqual([['no route'], 1]);
    respond(486);
    expect([told, counters.undelivered]).toEqual([['no route'], 2]);
  });

  it('counts a refusal that is never acknowledged, and ends', () => {
    const { respond, transaction, clock, counters, events } = serve('INVITE', 1000);
    transaction.keep();
    respond(486);
    clock.advance(32_000);
    expect([counters.undelivered, events, clock.pendingTimers]).toEqual([
      1,
      ['kept', 'answered', 'end'],
      0,
    ]);
  });

  it('is ended by an ACK of its own alone', () => {
    const { respond, transaction, clock, asked } = serve('INVITE', 1000);
    transaction.keep();
    respond(486);
    const ack = (branch: string, tag?: string): SipRequest => {
      const to = tag === undefined ? asked.to : asked.to.withTag(tag);
      return createRequest('ACK', asked.uri, {
        via: new Via('UDP', PEER.address, PEER.port, Params.of({ branch })),
        from: asked.from,
        to,
        callId: asked.callId,
        cseq: 1,
      });
    };
    // RFC 2543 elements have no such branch: the tag of our answer tells (RFC 3261 §17.2.3).
    expect(transaction.acknowledged(ack('1'))).toBe(false);
    expect(transaction.acknowledged(ack('1', 'other'))).toBe(false);
    expect(transaction.state).toBe('completed');
    expect(transaction.acknowledged(ack('1', 'to'))).toBe(true);
    expect(transaction.state).toBe('confirmed');
    expect(transaction.acknowledged(ack('z9hG4bKx', 'whatever'))).toBe(true);
    clock.advance(5000);
    expect(transaction.isOver).toBe(true);
  });
});

describe('a request that is owed nothing', () => {
  it('is forgotten, kept or not', () => {
    const unkept = serve('INVITE', 1000);
    unkept.transaction.ignore();
    expect([unkept.transaction.isOver, unkept.events]).toEqual([true, []]);
    unkept.transaction.keep();
    expect(unkept.events).toEqual([]);
    const kept = serve('INVITE', 1000);
    kept.transaction.keep();
    kept.transaction.ignore();
    expect([kept.transaction.isOver, kept.events, kept.budget.used]).toEqual([
      true,
      ['kept', 'end'],
      0,
    ]);
  });
});

describe('the budget of state', () => {
  it('has room up to its limit and not beyond', () => {
    const budget = new StateBudget(100);
    expect([budget.hasRoomFor(100), budget.hasRoomFor(101)]).toEqual([true, false]);
    budget.charge(60);
    expect([budget.hasRoomFor(40), budget.hasRoomFor(41)]).toEqual([true, false]);
    budget.charge(40);
    expect([budget.used, budget.hasRoomFor(0)]).toEqual([100, true]);
    budget.charge(1);
    expect(budget.hasRoomFor(0)).toBe(false);
    budget.release(51);
    expect([budget.used, budget.hasRoomFor(0)]).toEqual([50, true]);
  });
});
