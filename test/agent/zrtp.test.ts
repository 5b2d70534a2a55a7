// Shows RFC 6189.

import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, silentLogger, systemRandom } from '../../src/platform';
import { openZrtp, type Zrtp } from '../../src/zrtp';
import { VirtualClock } from '../support/virtual-clock';
import { refusalOf } from './calls';
import { type Bench, bench, type FakeMediaSession, phone } from './fakes';

const KEY = Buffer.alloc(30, 9).toString('base64');
const secret = phone('sendrecv', false).replace(
  'm=audio 5004 RTP/AVP 8',
  `m=audio 5004 RTP/SAVP 8\r\na=crypto:4 AES_CM_128_HMAC_SHA1_80 inline:${KEY}`,
);

/** Of both agents: the one clock that each bench has is another. */
const clock = new VirtualClock();
const zrtpOf = (isRequired: boolean, on: Clock = clock): Promise<Zrtp> =>
  openZrtp({
    ...{ isRequired, directory: undefined, clock: on, random: systemRandom, log: silentLogger },
  });

async function started(isRequired: boolean): Promise<Bench> {
  const all = bench(
    {
      media: {
        microphone: 'camera',
        speaker: 'camera',
        picture: false,
        codecs: ['PCMA'],
        encryption: { srtp: 'preferred', sdesWithoutTls: true },
        rtpTimeout: 20,
      },
    },
    undefined,
    { zrtp: await zrtpOf(isRequired) },
  );
  await all.agent.start();
  return all;
}

/** One agent calls, the other answers, each with what the other's description says. */
async function inCall(isRequired: boolean): Promise<[Bench, Bench]> {
  const [caller, called] = [await started(isRequired), await started(isRequired)];
  caller.agent.call('sip:phone@192.0.2.9');
  const out = caller.userAgent.sessions.at(-1);
  const come = called.userAgent.ringUp(out?.offer ?? '');
  await called.agent.answer();
  come.acknowledge();
  expect(come.answer).toContain('a=zrtp-hash:');
  expect(out?.pickUp(come.answer)).toBe(true);
  return [caller, called];
}

const mediaOf = ({ engine }: Bench): FakeMediaSession => {
  const session = engine.sessions.at(-1);
  if (!session) throw new Error('no media');
  return session;
};

/** Carries packets to and fro, and lets time pass. */
async function run(one: Bench, other: Bench, ms: number): Promise<void> {
  const pass = (from: Bench, to: Bench): void => {
    const { datagrams } = mediaOf(from);
    for (const { component, bytes } of datagrams.splice(0)) {
      const sender = { address: '192.0.2.1', port: 40000 };
      to.engine.events.emit('datagram', mediaOf(to).id, component, bytes, sender);
    }
  };
  for (let passed = 0; passed < ms; passed += 10) {
    clock.advance(10);
    for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
    pass(one, other);
    pass(other, one);
  }
}

afterEach(() => clock.advance(60_000));

describe('a call of an agent that speaks ZRTP', () => {
  it('gets keys into its streams, shows the string, and takes word that it was compared', async () => {
    const [caller, called] = await inCall(false);
    expect(mediaOf(caller).flow).toBe('sendrecv none');
    const told: unknown[] = [];
    caller.agent.events.on('call', ({ agreed }) => told.push(agreed?.zrtp?.state));
    await run(caller, called, 500);
    expect(told.at(-1)).toBe('secure');
    const [here] = caller.agent.status().calls;
    const [there] = called.agent.status().calls;
    expect(here?.agreed?.encryption).toEqual({
      suite: 'AES_256_CM_HMAC_SHA1_80',
      keysBy: 'zrtp',
      keysHidden: true,
    });
    expect(here?.agreed?.zrtp?.sas).toBe(there?.agreed?.zrtp?.sas);
    const soundOf = (all: Bench) => mediaOf(all).settings.at(-1)?.audio;
    expect(soundOf(caller)?.srtp?.send).toEqual(soundOf(called)?.srtp?.receive);
    expect(JSON.stringify(mediaOf(caller).settings)).not.toContain('zrtp');
    caller.agent.verify(true);
    expect(caller.agent.status().calls[0]?.agreed?.zrtp?.verified).toBe(true);
    caller.agent.verify(false, 1);
    expect(caller.agent.status().calls[0]?.agreed?.zrtp?.verified).toBe(false);
    caller.agent.hangup();
    expect(caller.agent.history({})[0]?.encryption).toBe('AES_256_CM_HMAC_SHA1_80');
  });

  it('has nothing to compare before, nor without a call', async () => {
    const [caller] = await inCall(false);
    expect(refusalOf(() => caller.agent.verify(true))).toBe('wrong-state');
    caller.agent.hangup();
    expect(refusalOf(() => caller.agent.verify(true))).toBe('wrong-state');
  });

  it('says nothing before it is answered and acknowledged', async () => {
    const all = await started(false);
    all.agent.call('sip:phone@192.0.2.9');
    const come = await started(false);
    come.userAgent.ringUp(phone());
    await come.agent.answer();
    clock.advance(300);
    expect(mediaOf(all).datagrams).toEqual([]);
    expect(mediaOf(come).datagrams).toEqual([]);
    come.userAgent.sessions.at(-1)?.acknowledge();
    expect(mediaOf(come).datagrams).toHaveLength(1);
  });
});

describe('zrtp "required"', () => {
  it('lets nothing be heard before, and ends the call with words when nobody answers', async () => {
    const [caller, called] = await inCall(true);
    expect(mediaOf(caller).flow).toBe('none none');
    await run(caller, called, 500);
    expect(mediaOf(caller).flow).toBe('sendrecv none');
    const alone = await started(true);
    alone.agent.call('sip:phone@192.0.2.9');
    alone.userAgent.sessions.at(-1)?.pickUp(phone());
    clock.advance(10_000);
    expect(alone.told.at(-1)).toContain(
      'failed (zrtp is "required", and the far end does not speak ZRTP)',
    );
  });

  it('takes no keys by SDES, and refuses who wants those before anybody is called', async () => {
    const all = await started(true);
    expect(all.userAgent.ringUp(secret).did[0]).toMatch(/^reject 488 302 /);
    all.agent.call('sip:phone@192.0.2.9');
    expect(all.userAgent.sessions.at(-1)?.offer).not.toContain('a=crypto');
  });

  it('makes and takes no call without OpenSSL', async () => {
    const all = await started(true);
    Object.assign(all.engine, { features: { ...all.engine.features, srtp: false } });
    expect(all.userAgent.ringUp(phone()).did[0]).toMatch(/^reject 488 /);
    all.agent.call('sip:phone@192.0.2.9');
    for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
    expect(all.told.at(-1)).toContain('this node has no OpenSSL');
  });
});
