import { describe, expect, it } from 'vitest';
import type { AgentOptions } from '../../src/agent';
import { STATUS_EXAMPLE } from '../../src/control';
import type { SrtpSettings } from '../../src/media';
import { activeCall } from './calls';
import { type Bench, bench, phone, startedBench } from './fakes';

const KEY = Buffer.alloc(30, 9).toString('base64');
const secret = (protocol = 'RTP/SAVP', tag = 4): string =>
  phone('sendrecv', false).replace(
    'm=audio 5004 RTP/AVP 8',
    `m=audio 5004 ${protocol} 8\r\na=crypto:${tag} AES_CM_128_HMAC_SHA1_80 inline:${KEY}`,
  );

function media(
  srtp: 'required' | 'preferred' | 'off',
  sdesWithoutTls: boolean,
): Partial<AgentOptions> {
  const encryption = { srtp, sdesWithoutTls };
  return {
    media: {
      microphone: 'camera',
      speaker: 'camera',
      picture: false,
      codecs: ['PCMA'],
      encryption,
      rtpTimeout: 20,
    },
  };
}

const soundOf = ({ engine }: Bench): SrtpSettings | undefined =>
  engine.sessions.at(-1)?.settings.at(-1)?.audio?.srtp;

/** Calls the name of the account. */
const CAR = { calledUser: 'car' };

/** How a call out ends that cannot be made. */
async function failure(all: Bench): Promise<string | undefined> {
  all.agent.call('sip:phone@192.0.2.9');
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  return all.told.at(-1);
}

describe('a call that is encrypted', () => {
  it('gets the keys of both ends into its streams, and says so in status and history', async () => {
    const all = await startedBench(media('required', true));
    all.agent.call('sip:phone@192.0.2.9');
    const session = all.userAgent.sessions.at(-1);
    expect(session?.offer).toBeDefined();
    expect(session?.pickUp(secret())).toBe(true);
    expect(soundOf(all)).toMatchObject({
      suite: 'AES_CM_128_HMAC_SHA1_80',
      receive: { master: Array(30).fill(9) },
    });
    expect(soundOf(all)?.send.master).toHaveLength(30);
    const [call] = all.agent.status().calls;
    expect(call?.agreed?.encryption).toEqual({
      suite: 'AES_CM_128_HMAC_SHA1_80',
      keysBy: 'sdes',
      keysHidden: false,
    });
    all.agent.hangup();
    expect(all.agent.history({})[0]?.encryption).toBe('AES_CM_128_HMAC_SHA1_80');
    expect(JSON.stringify(all.agent.status())).not.toContain(KEY.slice(0, 8));
  });

  it('is not where nobody offered it, which is said, too', async () => {
    const all = await startedBench(media('preferred', true));
    await activeCall(all);
    expect(soundOf(all)).toBeUndefined();
    const [call] = all.agent.status().calls;
    expect(call?.agreed).not.toHaveProperty('encryption');
  });

  it('is a problem when only packets of another key come', async () => {
    const all = await startedBench(media('preferred', true));
    all.userAgent.ringUp(secret());
    await all.agent.answer();
    all.userAgent.sessions.at(-1)?.acknowledge();
    const session = all.engine.sessions.at(-1);
    const { audio } = STATUS_EXAMPLE.calls[0]?.media ?? {};
    if (!session || !audio) throw new Error('no sound');
    const received = { ...audio.received, packets: 0 };
    const srtp = { suite: 'AES_CM_128_HMAC_SHA1_80', forged: 30, replayed: 0 } as const;
    session.report = { audio: { ...audio, received, srtp } };
    expect(all.agent.status().problems).toContainEqual(
      expect.stringContaining('30 packets came that were encrypted with another key'),
    );
  });
});

describe('srtp "required"', () => {
  it('makes no call whose keys anybody could read, and says what to do', async () => {
    const all = await startedBench(media('required', false));
    expect(await failure(all)).toContain(
      'keys do not go by SIP over UDP: use TLS, or set sdesWithoutTls',
    );
  });

  it('refuses callers who do not encrypt, or whose keys anybody could read', async () => {
    const open = await startedBench(media('required', true));
    expect(open.userAgent.ringUp(phone()).did[0]).toMatch(/^reject 488 302 /);
    expect(open.userAgent.ringUp(secret()).did).toEqual(['ring']);
    const hidden = await startedBench(media('required', false));
    expect(hidden.userAgent.ringUp(secret()).did[0]).toMatch(/^reject 488 302 .* SIP over TLS/);
  });

  it('makes and takes no call without OpenSSL', async () => {
    const all = bench(media('required', true));
    Object.assign(all.engine, { features: { ...all.engine.features, srtp: false } });
    await all.agent.start();
    expect(all.userAgent.ringUp(secret()).did[0]).toMatch(/^reject 488 302 /);
    expect(await failure(all)).toContain('this node has no OpenSSL');
  });

  it('of the account wins over that of all calls', async () => {
    const account = { uri: 'sip:car@192.0.2.1', srtp: 'required', sdesWithoutTls: true } as const;
    const all = await startedBench({ ...media('off', false), account });
    expect(all.userAgent.ringUp(phone(), CAR).did[0]).toMatch(/^reject 488 302 /);
    all.agent.reconfigure({ accounts: [{ uri: 'sip:car@192.0.2.1' }] });
    expect(all.userAgent.ringUp(phone(), CAR).did).toEqual(['ring']);
  });
});

describe('srtp "preferred"', () => {
  it('is plain where OpenSSL is missing: nothing encrypted is taken or offered', async () => {
    const all = bench(media('preferred', true));
    Object.assign(all.engine, { features: { ...all.engine.features, srtp: false } });
    await all.agent.start();
    expect(all.userAgent.ringUp(secret()).did[0]).toMatch(/^reject 488 302 /);
    expect(all.userAgent.ringUp(secret('RTP/AVP')).did).toEqual(['ring']);
    await all.agent.answer();
    expect(soundOf(all)).toBeUndefined();
  });
});
