import { describe, expect, it } from 'vitest';
import { type OpenedUserAgent, SipPort } from '../../src/agent/sip-port';
import { type LogFields, type Logger, silentLogger } from '../../src/platform';
import { VirtualClock } from '../support/virtual-clock';
import { FakeUserAgent } from './fakes';

/** A port whose opening answers what the test says. */
function port() {
  const clock = new VirtualClock();
  const tries: number[] = [];
  const logged: string[] = [];
  const log: Logger = {
    ...silentLogger,
    warn: (message: string, _fields?: LogFields) => logged.push(`warn ${message}`),
    error: (message: string, _fields?: LogFields) => logged.push(`error ${message}`),
    area: () => log,
  };
  const state: { next: () => Promise<OpenedUserAgent> } = {
    next: async () => ({ unavailable: 'no address yet' }),
  };
  const sip = new SipPort(
    () => {
      tries.push(clock.now());
      return state.next();
    },
    clock,
    log,
  );
  const opened: unknown[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  const advance = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1000);
      await settle();
    }
  };
  return {
    sip,
    clock,
    tries,
    logged,
    opened,
    state,
    settle,
    advance,
    start: () => sip.start((userAgent) => opened.push(userAgent)),
  };
}

describe('the SIP port', () => {
  it('is open at the first try where it can be', async () => {
    const { sip, opened, state, start, clock } = port();
    const userAgent = new FakeUserAgent();
    state.next = async () => userAgent;
    expect([sip.userAgent, sip.detail]).toEqual([undefined, 'not open yet']);
    await start();
    expect(sip.userAgent).toBe(userAgent);
    expect([sip.detail, opened, clock.pendingTimers]).toEqual(['', [userAgent], 0]);
    await sip.stop();
    expect(userAgent.closed).toBe(true);
  });

  it('is tried again after 1, 2, 4, 8 and then every 15 seconds, and says why once', async () => {
    const { sip, tries, logged, start, advance } = port();
    await start();
    expect(sip.detail).toBe('no address yet');
    await advance(62);
    expect(tries.map((ms) => ms / 1000)).toEqual([0, 1, 3, 7, 15, 30, 45, 60]);
    expect(logged).toEqual(['warn no address yet']);
  });

  it('is tried at once when the network has changed, and not twice', async () => {
    const { sip, tries, opened, state, start, advance, settle } = port();
    sip.retryNow();
    await start();
    await advance(7);
    expect(tries).toHaveLength(4);
    state.next = async () => new FakeUserAgent();
    sip.retryNow();
    await settle();
    sip.retryNow();
    await advance(60);
    expect(tries.map((ms) => ms / 1000)).toEqual([0, 1, 3, 7, 7]);
    expect(opened).toHaveLength(1);
  });

  it('that fails for good at the first try fails the start', async () => {
    const { state, start, clock } = port();
    state.next = async () => Promise.reject(new Error('port 5060 is taken'));
    await expect(start()).rejects.toThrow('port 5060 is taken');
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    [new Error('port 5060 is taken'), 'port 5060 is taken'],
    ['taken', 'taken'],
  ])('that fails later says so and is tried every 15 seconds', async (error, words) => {
    const { sip, tries, logged, state, start, advance } = port();
    await start();
    state.next = async () => Promise.reject(error);
    await advance(32);
    expect(sip.detail).toBe(words);
    expect(tries.map((ms) => ms / 1000)).toEqual([0, 1, 16, 31]);
    expect(logged.slice(1)).toEqual(Array(3).fill(`error ${words}`));
  });

  it('is not opened any more once it was told to stop', async () => {
    const { sip, tries, start, advance, settle } = port();
    await start();
    await sip.stop();
    await advance(60);
    expect(tries).toEqual([0]);
    const late = port();
    const userAgent = new FakeUserAgent();
    let open: (userAgent: FakeUserAgent) => void = () => undefined;
    late.state.next = () =>
      new Promise((resolve) => {
        open = resolve;
      });
    const started = late.start();
    await late.sip.stop();
    open(userAgent);
    await started;
    await settle();
    expect([late.opened, userAgent.closed, late.sip.userAgent]).toEqual([[], true, undefined]);
    // Nor where it cannot be opened just then, or fails.
    for (const outcome of ['unavailable', 'failed'] as const) {
      const stopped = port();
      await stopped.start();
      let end: () => void = () => undefined;
      stopped.state.next = () =>
        new Promise((resolve, reject) => {
          end = () =>
            outcome === 'failed' ? reject(new Error('no')) : resolve({ unavailable: 'no' });
        });
      stopped.clock.advance(1000);
      await stopped.sip.stop();
      end();
      await settle();
      await stopped.advance(60);
      expect(stopped.tries).toHaveLength(2);
      expect(stopped.clock.pendingTimers).toBe(0);
    }
  });
});
