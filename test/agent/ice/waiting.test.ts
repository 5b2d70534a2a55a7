import { describe, expect, it } from 'vitest';
import { startedBench } from '../fakes';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const MEDIA = {
  microphone: 'camera',
  speaker: 'camera',
  picture: false,
  codecs: ['PCMA', 'PCMU'],
  encryption: { srtp: 'off', sdesWithoutTls: false },
  rtpTimeout: 20,
  ice: { servers: [{ uri: 'stun:203.0.113.1' }] },
} as const;
const ICE_OFFER = [
  ...['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0'],
  ...['m=audio 4000 RTP/AVP 8 0', 'a=ice-ufrag:abcd', 'a=ice-pwd:0123456789012345678901'],
  'a=candidate:1 1 udp 2130706431 192.0.2.9 4000 typ host',
].join('\r\n');

describe('a call that comes with ICE', () => {
  it('rings when we know where we are, half a second later at most, and is answered with it', async () => {
    const all = await startedBench({ media: MEDIA, policy: { autoAnswer: false } });
    const session = all.userAgent.ringUp(ICE_OFFER);
    expect(session.did).toEqual([]);
    expect(all.engine.sessions).toHaveLength(1);
    all.clock.advance(500);
    await settle();
    expect(session.did).toEqual(['ring']);
    await all.agent.answer();
    expect(session.did).toEqual(['ring', 'accept']);
    expect(all.engine.sessions).toHaveLength(1);
    all.agent.hangup();
    expect(all.engine.sessions[0]?.closed).toBe(true);
  });

  it('is over when the caller gives up meanwhile, and its ports are free', async () => {
    const all = await startedBench({ media: MEDIA, policy: { autoAnswer: true } });
    const session = all.userAgent.ringUp(ICE_OFFER);
    session.end({ by: 'remote', status: 487, reason: 'cancelled' });
    all.clock.advance(1000);
    await settle();
    expect(session.did).toEqual([]);
    expect(all.engine.sessions[0]?.closed).toBe(true);
  });

  it('rings at once where the caller has none', async () => {
    const all = await startedBench({ media: MEDIA, policy: { autoAnswer: false } });
    const session = all.userAgent.ringUp();
    expect(session.did).toEqual(['ring']);
    expect(all.engine.sessions).toHaveLength(0);
  });
});

describe('a call that is dialled with ICE', () => {
  it('tells its SIP session when an offer can be made', async () => {
    const all = await startedBench({ media: MEDIA });
    all.agent.call('sip:phone@192.0.2.9');
    const offers = all.userAgent.sessions[0]?.offers;
    let isReady = false;
    void offers?.ready?.then(() => {
      isReady = true;
    });
    all.clock.advance(499);
    await settle();
    expect(isReady).toBe(false);
    all.clock.advance(1);
    await settle();
    expect(isReady).toBe(true);
    expect(offers?.ready).toBeUndefined();
  });
});
