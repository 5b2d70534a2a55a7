import { describe, expect, it } from 'vitest';
import { activeCall, refusalOf, refusalOfPromise } from './calls';
import { bench, startedBench } from './fakes';

describe('starting', () => {
  it('is ready when SIP port and media plane are up, and says how long it took', async () => {
    const { agent, told, clock } = bench();
    clock.advance(120);
    await agent.start();
    expect(told).toEqual(['ready 120']);
    expect(agent.status()).toMatchObject({ startToReadyMs: 120, version: '1.2.3', pid: 42 });
    expect(agent.status().problems).toEqual([]);
  });

  it('waits for a network that is not there yet', async () => {
    let tries = 0;
    const { agent, clock, told } = bench({}, async (userAgent) => {
      tries += 1;
      return tries < 3 ? { unavailable: 'no address 192.0.2.1 yet' } : userAgent;
    });
    await agent.start();
    expect(agent.status().problems).toEqual(['sip: no address 192.0.2.1 yet']);
    expect(refusalOf(() => agent.call('sip:a@b'))).toBe('not-ready');
    clock.advance(1000);
    await Promise.resolve();
    await Promise.resolve();
    expect(told).toEqual([]);
    clock.advance(2000);
    await Promise.resolve();
    await Promise.resolve();
    expect(told).toEqual(['ready 3000']);
    expect(agent.status().problems).toEqual([]);
  });

  it('fails when the SIP port is taken', async () => {
    const { agent } = bench({}, () => Promise.reject(new Error('port 5060 is taken')));
    await expect(agent.start()).rejects.toThrow('port 5060 is taken');
  });
});

describe('operations without a fitting call', () => {
  it('are refused with words', async () => {
    const { agent } = await startedBench();
    expect(await refusalOfPromise(agent.answer())).toBe('wrong-state');
    expect(refusalOf(() => agent.reject())).toBe('wrong-state');
    expect(refusalOf(() => agent.hangup())).toBe('wrong-state');
    expect(refusalOf(() => agent.hangup(9))).toBe('wrong-state');
    expect(await refusalOfPromise(agent.hold())).toBe('wrong-state');
    expect(await refusalOfPromise(agent.resume())).toBe('wrong-state');
  });

  it('are refused for a call in another state', async () => {
    const all = await startedBench();
    await activeCall(all);
    expect(await refusalOfPromise(all.agent.answer(1))).toBe('wrong-state');
    expect(refusalOf(() => all.agent.reject(1))).toBe('wrong-state');
    expect(await refusalOfPromise(all.agent.resume(1))).toBe('wrong-state');
  });
});

describe('while a call is up', () => {
  it('tells its quality every five seconds and rests afterwards', async () => {
    const all = await startedBench();
    await activeCall(all);
    all.clock.advance(10_000);
    expect(all.told.filter((line) => line === 'quality 1')).toHaveLength(2);
    all.agent.hangup();
    all.clock.advance(2000);
    expect(all.clock.pendingTimers).toBe(0);
  });
});

describe('stopping', () => {
  it('hangs up, closes SIP, then the camera', async () => {
    const all = await startedBench();
    await activeCall(all);
    await Promise.all([all.agent.stop(), all.agent.stop()]);
    expect(all.userAgent.sessions[0]?.did).toEqual(['hangup']);
    expect(all.userAgent.closed).toBe(true);
    expect(all.engine.closed).toBe(true);
    expect(all.told.slice(-2)).toEqual(['stopping', 'call 1 ended hung up here']);
    expect(refusalOf(() => all.agent.call('sip:a@b'))).toBe('not-ready');
  });
});

describe('history', () => {
  it('keeps the last five in the status, newest first', async () => {
    const { agent, userAgent } = await startedBench();
    for (let count = 0; count < 7; count++) {
      userAgent.ringUp().end({ by: 'remote', status: 487, reason: '' });
    }
    expect(agent.status().recent.map(({ call }) => call)).toEqual([7, 6, 5, 4, 3]);
  });
});
