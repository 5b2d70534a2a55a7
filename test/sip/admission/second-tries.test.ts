import { describe, expect, it } from 'vitest';
import {
  isInvite,
  KnownCalls,
  peekCallId,
  SOURCE_RATES,
  Sources,
} from '../../../src/sip/admission';
import { SecondTries } from '../../../src/sip/admission/second-tries';

const SOURCE = { address: '192.0.2.1', port: 5060 };
const bytes = (text: string) => Buffer.from(text);
/** Time that has gone by before the first try, so that zero is no time of its own. */
const T0 = 1_000_000;

/** Whether the second of two tries is let in. */
function second(
  laterMs: number,
  other: { bytes?: Uint8Array; address?: string; port?: number } = {},
) {
  const tries = new SecondTries();
  expect(tries.admit(bytes('INVITE a'), SOURCE, T0)).toBe(false);
  return tries.admit(other.bytes ?? bytes('INVITE a'), { ...SOURCE, ...other }, T0 + laterMs);
}

describe('a second try', () => {
  it('comes as a phone repeats itself: after T1, and until ten seconds later', () => {
    for (const ms of [500, 1000, 1500, 3500, 7500, 10_000]) expect(second(ms), `${ms}`).toBe(true);
    for (const ms of [0, 100, 190, 10_400, 16_000, 60_000]) {
      expect(second(ms), `${ms}`).toBe(false);
    }
  });

  it('is of the same bytes and the same socket', () => {
    expect(second(500, { bytes: bytes('INVITE b') })).toBe(false);
    expect(second(500, { bytes: bytes('INVITE a ') })).toBe(false);
    expect(second(500, { address: '192.0.2.2' })).toBe(false);
    expect(second(500, { port: 5061 })).toBe(false);
  });

  it('is told by the first 512 bytes', () => {
    const long = (tail: string) => bytes('x'.repeat(511) + tail);
    for (const [one, other, isSame] of [
      ['ab', 'ac', true],
      ['ab', 'bb', false],
    ] as const) {
      const tries = new SecondTries();
      tries.admit(long(one), SOURCE, T0);
      expect(tries.admit(long(other), SOURCE, T0 + 500)).toBe(isSame);
    }
  });

  it('is not spoilt by a copy that came at once', () => {
    const tries = new SecondTries();
    for (const ms of [0, 64, 128]) expect(tries.admit(bytes('a'), SOURCE, T0 + ms)).toBe(false);
    expect(tries.admit(bytes('a'), SOURCE, T0 + 256)).toBe(true);
  });

  it('has its time renewed, and goes on as the phone does', () => {
    const tries = new SecondTries();
    const at = [0, 500, 1500, 3500, 7500, 15_500];
    const admitted = at.map((ms) => tries.admit(bytes('a'), SOURCE, T0 + ms));
    expect(admitted).toEqual([false, true, true, true, true, true]);
  });

  it('is known across the turn of its clock, which comes every four minutes', () => {
    const turn = 4096 * 64;
    const tries = new SecondTries();
    tries.admit(bytes('a'), SOURCE, 4 * turn - 300);
    expect(tries.admit(bytes('a'), SOURCE, 4 * turn + 300)).toBe(true);
  });

  it('is one of twenty a second', () => {
    const tries = new SecondTries();
    const round = (ms: number) =>
      Array.from({ length: 60 }, (_, index) => tries.admit(bytes(`${index}`), SOURCE, T0 + ms));
    expect(round(0).filter(Boolean)).toHaveLength(0);
    expect(round(1000).filter(Boolean)).toHaveLength(20);
    expect(round(2000).filter(Boolean)).toHaveLength(20);
    expect(round(2500).filter(Boolean)).toHaveLength(10);
  });
});

describe('a call that is known', () => {
  it('is known for as long as somebody has a use for it', () => {
    const calls = new KnownCalls();
    calls.release('never');
    calls.add('a');
    calls.add('a');
    calls.add('b');
    expect([calls.size, calls.has('a'), calls.has('c')]).toEqual([2, true, false]);
    calls.release('a');
    expect([calls.has('a'), calls.admit('a', 0)]).toEqual([true, true]);
    calls.release('a');
    expect([calls.size, calls.has('a'), calls.admit('a', 0)]).toEqual([1, false, false]);
  });

  it('may bring a hundred messages at once and fifty a second, each for itself', () => {
    const calls = new KnownCalls();
    calls.add('a');
    calls.add('b');
    const admitted = (callId: string, ms: number) =>
      Array.from({ length: 200 }, () => calls.admit(callId, ms)).filter(Boolean).length;
    expect([admitted('a', 0), admitted('b', 0)]).toEqual([100, 100]);
    expect([admitted('a', 1000), admitted('b', 500)]).toEqual([50, 25]);
  });
});

describe('what is seen of a datagram before it is read', () => {
  it('is that it begins as an INVITE does', () => {
    expect(isInvite(bytes('INVITE sip:a SIP/2.0'))).toBe(true);
    for (const text of ['INVITE', 'invite sip:a', 'INVITES a', ' INVITE a', 'ACK INVITE ', '']) {
      expect(isInvite(bytes(text)), text).toBe(false);
    }
    // A view into a larger buffer, as sockets give it.
    expect(isInvite(bytes('xxINVITE sip:a').subarray(2))).toBe(true);
    expect(isInvite(bytes('INVITE sip:a').subarray(2))).toBe(false);
  });

  it('is a Call-ID within the first 4096 bytes', () => {
    const at = (offset: number) => bytes(`${'x'.repeat(offset - 9)}\nCall-ID:abc\r\n`);
    expect(peekCallId(at(4093))).toBe('abc');
    expect(peekCallId(at(4094))).toBe('ab');
    expect(peekCallId(at(4096))).toBeUndefined();
    expect(peekCallId(bytes('a\nCall-ID: \u00e4 b'))).toBe(bytes('\u00e4').toString('latin1'));
  });
});

describe('INVITEs of strangers', () => {
  const socket = (port: number) => ({ address: '192.0.2.1', port });
  const invited = (sources: Sources, count: number, ms: number, port: (index: number) => number) =>
    Array.from({ length: count }, (_, index) =>
      sources.admitInvite(socket(port(index)), ms),
    ).filter(Boolean).length;

  it('have a rate for each socket and one for all', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    expect(invited(sources, 200, 0, () => 5060)).toBe(SOURCE_RATES.socketInvites.burst);
    expect(invited(sources, 200, 1000, () => 5060)).toBe(SOURCE_RATES.socketInvites.perSecond);
    const rest = SOURCE_RATES.invites.burst - SOURCE_RATES.socketInvites.burst;
    const granted = invited(sources, 500, 1000, (index) => 6000 + index);
    expect(granted).toBe(
      rest + SOURCE_RATES.invites.perSecond - SOURCE_RATES.socketInvites.perSecond,
    );
    expect(invited(sources, 500, 2000, (index) => 7000 + index)).toBe(
      SOURCE_RATES.invites.perSecond,
    );
  });

  it('of those who are known have none', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    sources.prove(socket(5060), 0);
    sources.trust(socket(5061), 0);
    invited(sources, 500, 0, (index) => 6000 + index);
    expect(invited(sources, 500, 0, () => 5060)).toBe(500);
    expect(invited(sources, 500, 0, () => 5061)).toBe(500);
    expect(sources.admitInvite(socket(5062), 0)).toBe(false);
  });
});

describe('who is known', () => {
  const socket = (port: number) => ({ address: '192.0.2.1', port });

  it('stays so, though many others become it, if we turned to him', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    sources.trust(socket(1), 0);
    sources.prove(socket(2), 0);
    for (let port = 1000; port < 2000; port++) sources.prove(socket(port), 0);
    expect([sources.isProved(socket(1)), sources.isProved(socket(2))]).toEqual([true, false]);
    // 256 are kept, those who proved themselves last.
    expect([sources.isProved(socket(1744)), sources.isProved(socket(1743))]).toEqual([true, false]);
    for (let port = 3000; port < 3032; port++) sources.trust(socket(port), 0);
    expect([sources.isProved(socket(1)), sources.isProved(socket(3000))]).toEqual([false, true]);
  });

  it('has what he spent, however often he proves himself, or we turn to him', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    for (const [port, make] of [
      [1, () => sources.prove(socket(1), 0)],
      [2, () => sources.trust(socket(2), 0)],
    ] as const) {
      make();
      expect(sources.admit(socket(port), 0)).toBe(true);
      sources.charge(10_000);
      make();
      expect(sources.admit(socket(port), 0)).toBe(false);
      // What is not admitted costs nobody anything.
      sources.charge(10_000);
    }
    expect(sources.admit(socket(2), 40_000)).toBe(true);
  });

  it('and trusted is not only proved: a flood of the proved takes nothing from him', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    sources.trust(socket(1), 0);
    sources.prove(socket(1), 0);
    sources.prove(socket(2), 0);
    expect(sources.admit(socket(2), 0)).toBe(true);
    sources.charge(10_000);
    expect(sources.admit(socket(1), 0)).toBe(true);
  });

  it('a stranger is charged no time', () => {
    const sources = new Sources(SOURCE_RATES, 0);
    expect(sources.admit(socket(5), 0)).toBe(true);
    sources.charge(10_000);
    expect(sources.admit(socket(5), 0)).toBe(true);
  });
});
