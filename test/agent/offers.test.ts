import { describe, expect, it } from 'vitest';
import { type Bench, phone, startedBench } from './fakes';

const ringing = phone();
const named = (host = 'phone.example.org'): string =>
  phone().replace('c=IN IP4 192.0.2.9', `c=IN IP4 ${host}`);
const NEVER = new Promise<never>(() => undefined);

/** Lets promises and the clock go on. */
async function pass({ clock }: Bench, ms: number): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await Promise.resolve();
  clock.advance(ms);
}

/** Where sound is sent to, as last set. */
const soundTo = ({ engine }: Bench): string | undefined =>
  engine.sessions[0]?.settings.at(-1)?.audio?.remote.address;

describe('an offer that cannot be served', () => {
  it.each([
    [488, 302, phone('sendrecv', false).replace('RTP/AVP', 'UDP/TLS/RTP/SAVPF')],
    [488, 302, phone('sendrecv', false).replace('RTP/AVP', 'RTP/SAVP')],
    [488, 305, phone('sendrecv', false).replace('RTP/AVP 8', 'RTP/AVP 9')],
    [488, 304, phone().replace('audio 5004', 'audio 0')],
    [488, 301, phone('sendrecv', false).replace('IP4 192.0.2.9\r\nt', 'IP6 2001:db8::1\r\nt')],
    [400, 399, 'hello'],
  ])('is refused with %i and Warning %i before anybody is called', async (status, code, offer) => {
    for (const autoAnswer of [false, true]) {
      const all = await startedBench({ policy: { autoAnswer } });
      const { did } = all.userAgent.ringUp(offer);
      expect(did).toHaveLength(1);
      expect(did[0]).toMatch(new RegExp(`^reject ${status} ${code} (no usable|session desc)`));
      expect(all.told).toEqual([]);
      expect(all.engine.sessions).toHaveLength(0);
      expect(all.agent.status().sip.refusedCalls.noCommonMedia).toBe(1);
    }
  });

  it('rings for one that wants our offer', async () => {
    const all = await startedBench();
    expect(all.userAgent.ringUp('').did).toEqual(['ring']);
  });

  it('is no news when the line is taken: busy comes first', async () => {
    const all = await startedBench();
    all.agent.call('sip:phone@192.0.2.9');
    expect(all.userAgent.ringUp('hello').did).toEqual(['reject 486']);
  });
});

describe('a caller whose description names a host', () => {
  it('rings once the name is found, and gets sound there', async () => {
    const all = await startedBench();
    all.hosts.set('phone.example.org', Promise.resolve(['192.0.2.77']));
    const session = all.userAgent.ringUp(named());
    expect(session.did).toEqual([]);
    await pass(all, 1);
    expect(session.did).toEqual(['ring']);
    await all.agent.answer();
    session.acknowledge();
    expect(soundTo(all)).toBe('192.0.2.77');
  });

  it('is refused when there is no such name', async () => {
    const all = await startedBench();
    const session = all.userAgent.ringUp(named());
    await pass(all, 1);
    expect(session.did).toEqual(['reject 488 301 no address for phone.example.org: ENOTFOUND']);
  });

  it('is refused when the look-up hangs, after three seconds', async () => {
    const all = await startedBench();
    all.hosts.set('phone.example.org', NEVER);
    const session = all.userAgent.ringUp(named());
    await pass(all, 2999);
    expect(session.did).toEqual([]);
    await pass(all, 1);
    expect(session.did).toEqual(['reject 488 301 no address for phone.example.org within 3 s']);
  });

  it('may give up meanwhile', async () => {
    const all = await startedBench();
    all.hosts.set('phone.example.org', Promise.resolve(['192.0.2.77']));
    const session = all.userAgent.ringUp(named());
    session.end({ by: 'remote', status: 487, reason: '' });
    await pass(all, 1);
    expect(session.did).toEqual([]);
    expect(all.told).toEqual([]);
  });

  it('finds the line taken by who came meanwhile', async () => {
    const all = await startedBench();
    all.hosts.set('phone.example.org', Promise.resolve(['192.0.2.77']));
    const session = all.userAgent.ringUp(named());
    all.agent.call('sip:other@192.0.2.9');
    await pass(all, 1);
    expect(session.did).toEqual(['reject 486']);
  });
});

describe('a phone that is called and names a host in its answer', () => {
  async function answered(all: Bench, answer: string): Promise<void> {
    all.agent.call('sip:phone@192.0.2.9');
    expect(all.userAgent.sessions[0]?.pickUp(answer)).toBe(true);
  }

  it('gets nothing until the name is found', async () => {
    const all = await startedBench();
    all.hosts.set('phone.example.org', Promise.resolve(['192.0.2.77']));
    await answered(all, named());
    expect(soundTo(all)).toBeUndefined();
    await pass(all, 1);
    expect(soundTo(all)).toBe('192.0.2.77');
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv sendonly');
  });

  it('is hung up on, with words, when the name is not found', async () => {
    const all = await startedBench();
    await answered(all, named());
    await pass(all, 1);
    expect(all.told.at(-1)).toBe(
      'call 1 ended failed (no address for phone.example.org: ENOTFOUND)',
    );
  });

  it('may ring from a place that is not found, and answer from one that is', async () => {
    const all = await startedBench();
    all.hosts.set('phone.example.org', Promise.resolve(['192.0.2.77']));
    all.agent.call('sip:phone@192.0.2.9');
    const [session] = all.userAgent.sessions;
    session?.offers?.handleEarlyAnswer(named('bell.example.org'));
    await pass(all, 1);
    expect(all.agent.status().problems).toContain(
      'call 1: no address for bell.example.org: ENOTFOUND',
    );
    session?.pickUp(named());
    await pass(all, 1);
    expect(soundTo(all)).toBe('192.0.2.77');
    expect(all.told.at(-1)).toBe('call 1 active');
  });

  it('loses the picture alone when only that has no address', async () => {
    const all = await startedBench();
    const line = 'm=video 5006 RTP/AVP 96\r\n';
    await answered(all, ringing.replace(line, `${line}c=IN IP4 screen.example.org\r\n`));
    await pass(all, 1);
    expect(all.engine.sessions[0]?.flow).toBe('sendrecv none');
    expect(all.agent.status().problems).toContain(
      'call 1: no address for screen.example.org: ENOTFOUND',
    );
  });

  it('keeps the call when it names a host in mid-call that is not found, and says so', async () => {
    const all = await startedBench();
    await answered(all, ringing);
    expect(all.userAgent.sessions[0]?.reinvite(named())).toHaveProperty('answer');
    expect(soundTo(all)).toBeUndefined();
    await pass(all, 1);
    expect(all.agent.status().problems).toContain(
      'call 1: no address for phone.example.org: ENOTFOUND',
    );
    all.userAgent.sessions[0]?.reinvite(ringing);
    expect(soundTo(all)).toBe('192.0.2.9');
    expect(all.agent.status().calls[0]?.problems).toBeUndefined();
  });

  it('has RTCP at another host: that is looked up too', async () => {
    const all = await startedBench();
    all.hosts.set('relay.example.org', Promise.resolve(['192.0.2.78']));
    await answered(all, ringing.replace('a=sendrecv', 'a=rtcp:7001 IN IP4 relay.example.org'));
    const remote = (): unknown => all.engine.sessions[0]?.settings.at(-1)?.audio?.remote;
    expect(remote()).toEqual({ address: '192.0.2.9', rtpPort: 5004, rtcpPort: 7001 });
    await pass(all, 1);
    expect(remote()).toMatchObject({ address: '192.0.2.9', rtcpAddress: '192.0.2.78' });
  });

  it('has RTCP on the port of RTP: the media plane is told', async () => {
    const all = await startedBench();
    await answered(all, ringing);
    all.userAgent.sessions[0]?.reinvite(ringing.replace('a=sendrecv', 'a=rtcp-mux'));
    const remote = { address: '192.0.2.9', rtpPort: 5004, rtcpPort: 5004, rtcpMux: true };
    expect(all.engine.sessions[0]?.settings.at(-1)?.audio?.remote).toEqual(remote);
  });

  it('is over before the name is found', async () => {
    const all = await startedBench();
    await answered(all, named());
    all.agent.hangup();
    await pass(all, 5000);
    expect(all.told.at(-1)).toBe('call 1 ended hung up here');
  });
});

describe('what was agreed on', () => {
  it('is told: the format of the picture, the way of keys, the limit', async () => {
    const all = await startedBench();
    all.engine.picture = {
      codec: 'H264',
      profileLevelId: '640028',
      spropParameterSets: '',
      width: 1,
      height: 1,
    };
    all.engine.setCamera('streaming');
    all.agent.call('sip:phone@192.0.2.9');
    all.userAgent.sessions[0]?.pickUp(
      phone()
        .replace('RTP/AVP 96', 'RTP/AVP 97')
        .replace(/a=(rtpmap|fmtp):96.*\r\n/g, '')
        .replace('a=recvonly', 'a=rtpmap:97 H264/90000\r\nb=AS:1000'),
    );
    expect(all.agent.status().calls[0]?.agreed).toEqual({
      keys: 'info',
      picture: {
        payloadType: 97,
        profileLevelId: '42e01f',
        cameraProfileLevelId: '640028',
        packetizationMode: 1,
        modeAssumed: true,
        maxBitrate: 960_000,
      },
    });
    expect(all.engine.sessions[0]?.settings.at(-1)?.video).toEqual({
      codec: 'H264',
      payloadType: 97,
      packetizationMode: 1,
      maxBitrate: 960_000,
      remote: { address: '192.0.2.9', rtpPort: 5006, rtcpPort: 5007 },
      direction: 'sendonly',
    });
  });
});
