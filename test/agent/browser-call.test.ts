import { describe, expect, it } from 'vitest';
import type { BrowserCaller } from '../../src/agent';
import { activeCall } from './calls';
import { type Bench, startedBench } from './fakes';

const FINGERPRINT = Array<string>(32).fill('7F').join(':');
const WAY = [
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:bRoW',
  'a=ice-pwd:nmlkjihgfedcba9876543210',
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  'a=setup:actpass',
  'a=rtcp-mux',
];
const OFFER = [
  ...['v=0', 'o=- 7 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1'],
  ...['m=audio 9 UDP/TLS/RTP/SAVPF 0 110', 'a=mid:0', 'a=rtpmap:110 telephone-event/8000', ...WAY],
  ...['m=video 9 UDP/TLS/RTP/SAVPF 102', 'a=mid:1', 'a=recvonly', 'a=rtpmap:102 H264/90000'],
  ...['a=fmtp:102 packetization-mode=1;profile-level-id=42e01f', ...WAY],
  '',
].join('\r\n');

const CALLER: BrowserCaller = {
  offer: OFFER,
  localAddress: '192.0.2.1',
  source: { address: '192.0.2.7', port: 50_000 },
  identity: {
    certificate: Uint8Array.of(1, 2, 3),
    key: Uint8Array.of(4, 5),
    fingerprint: new Uint8Array(32).fill(6),
  },
};

const mediaOf = ({ engine }: Bench) => {
  const session = engine.sessions.at(-1);
  if (!session) throw new Error('no media were opened');
  return session;
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** ICE and DTLS are done. */
function secure(all: Bench): void {
  const farEnd = { address: '192.0.2.7', port: 60000 };
  all.engine.events.emit('secured', mediaOf(all).id, farEnd, 'AEAD_AES_128_GCM');
}

describe('a call of a browser', () => {
  it('is answered at once, and up when ICE and DTLS are done', async () => {
    const all = await startedBench();
    const { call, answer } = await all.agent.callFromBrowser(CALLER);
    expect(answer).toContain('a=ice-lite');
    expect(answer).toContain(`a=fingerprint:sha-256 ${Array(32).fill('06').join(':')}`);
    const media = mediaOf(all);
    expect(media.secure).toMatchObject({
      dtls: {
        role: 'client',
        certificate: [1, 2, 3],
        key: [4, 5],
        fingerprint: { hash: 'sha-256', digest: Array(32).fill(0x7f) },
      },
    });
    expect(answer).toContain(`a=ice-ufrag:${media.secure?.ice.fragment}\r\n`);
    expect(answer).toContain(`a=ice-pwd:${media.secure?.ice.password}\r\n`);
    expect(media.secure?.ice.password).toMatch(/^[\w+/]{24}$/);
    expect(media.flow).toBe('none none');
    secure(all);
    expect(media.flow).toBe('sendrecv sendonly');
    expect(media.settings.at(-1)?.video?.remote).toEqual({
      address: '192.0.2.7',
      rtpPort: 60_000,
      rtcpPort: 60_000,
      rtcpMux: true,
    });
    expect(all.agent.status().calls).toMatchObject([
      {
        call,
        state: 'active',
        direction: 'incoming',
        remote: 'sip:browser@192.0.2.7',
        displayName: 'Browser',
        agreed: {
          encryption: { suite: 'AEAD_AES_128_GCM', keysBy: 'dtls', keysHidden: true },
        },
      },
    ]);
    all.agent.hangup();
    expect(media.closed).toBe(true);
    expect(all.agent.history({})[0]).toMatchObject({
      call,
      ended: 'hung up here',
      encryption: 'AEAD_AES_128_GCM',
    });
  });

  it('ends with the reason when they are not', async () => {
    const all = await startedBench();
    await all.agent.callFromBrowser(CALLER);
    const reason = 'ICE: the far end does not reach us by UDP';
    all.engine.events.emit('insecure', mediaOf(all).id, reason);
    expect(all.agent.status().calls).toEqual([]);
    expect(all.agent.history({})[0]?.ended).toBe(`failed (${reason})`);
    expect(all.agent.status().sip.refusedCalls.insecure).toBe(1);
  });

  it('is held, taken up again, and sent keys', async () => {
    const all = await startedBench();
    await all.agent.callFromBrowser(CALLER);
    secure(all);
    await all.agent.hold();
    expect(mediaOf(all).flow).toBe('inactive inactive');
    await all.agent.resume();
    expect(mediaOf(all).flow).toBe('sendrecv sendonly');
    expect(await all.agent.sendKeys('5')).toBe('rtp');
    await expect(all.agent.transfer('sip:home@example.org')).rejects.toThrow();
  });

  it('puts whoever talks on hold', async () => {
    const all = await startedBench();
    await activeCall(all);
    await all.agent.callFromBrowser(CALLER);
    secure(all);
    expect(all.agent.status().calls.map(({ state }) => state)).toEqual(['held', 'active']);
    for (let line = 3; line <= 4; line += 1) {
      await all.agent.callFromBrowser(CALLER);
      secure(all);
    }
    await expect(all.agent.callFromBrowser(CALLER)).rejects.toThrow('all lines are taken');
    expect(all.agent.status().sip.refusedCalls.busy).toBe(1);
  });

  it.each([
    [
      'ICE or DTLS fails',
      (all: Bench) => all.engine.events.emit('insecure', mediaOf(all).id, 'ICE'),
    ],
    ['it is hung up', (all: Bench) => all.agent.hangup(2)],
  ])('gives whoever was held for it back when it never comes about: %s', async (_, end) => {
    const all = await startedBench();
    await activeCall(all);
    await all.agent.callFromBrowser(CALLER);
    expect(all.agent.status().calls).toMatchObject([{ state: 'held' }, {}]);
    end(all);
    await settled();
    expect(all.agent.status().calls).toMatchObject([{ call: 1, state: 'active' }]);
  });

  it('gives nobody back who was on hold before it, or after it was up', async () => {
    const all = await startedBench();
    await activeCall(all);
    await all.agent.callFromBrowser(CALLER);
    secure(all);
    all.agent.hangup(2);
    await settled();
    expect(all.agent.status().calls).toMatchObject([{ state: 'held' }]);
    await all.agent.callFromBrowser(CALLER);
    all.agent.hangup(3);
    await settled();
    expect(all.agent.status().calls).toMatchObject([{ state: 'held' }]);
  });

  it('gives nobody back while another one may come about, and does when neither did', async () => {
    const all = await startedBench();
    await activeCall(all);
    await all.agent.callFromBrowser(CALLER);
    await all.agent.callFromBrowser(CALLER);
    all.agent.hangup(2);
    await settled();
    expect(all.agent.status().calls).toMatchObject([{ state: 'held' }, { call: 3 }]);
    all.agent.hangup(3);
    await settled();
    expect(all.agent.status().calls).toMatchObject([{ call: 1, state: 'active' }]);
  });

  it('gives nobody back while somebody else talks', async () => {
    const all = await startedBench();
    await activeCall(all);
    await all.agent.callFromBrowser(CALLER);
    await all.agent.callFromBrowser(CALLER);
    // The first one is given up: only one talks.
    secure(all);
    await settled();
    expect(all.agent.status().calls).toMatchObject([
      { call: 1, state: 'held' },
      { call: 3, state: 'active' },
    ]);
  });

  it('is given up when nothing comes any more', async () => {
    const all = await startedBench();
    await all.agent.callFromBrowser(CALLER);
    secure(all);
    mediaOf(all).report = { silentMs: 60_000 };
    await all.clock.advance(25_000);
    expect(all.agent.status().calls).toEqual([]);
    expect(all.agent.history({})[0]?.ended).toMatch(/nothing comes from the browser|timed out|408/);
  });

  it('is not given up on hold while it is heard, and is when it is not', async () => {
    const all = await startedBench();
    await all.agent.callFromBrowser(CALLER);
    secure(all);
    await all.agent.hold();
    mediaOf(all).report = { silentMs: 4000 };
    all.clock.advance(10_000);
    all.agent.networkChanged();
    await settled();
    expect(all.agent.status().calls).toMatchObject([{ state: 'held' }]);
    mediaOf(all).report = { silentMs: 60_000 };
    all.clock.advance(6000);
    all.agent.networkChanged();
    await settled();
    expect(all.agent.status().calls).toEqual([]);
  });

  it('does not disturb a call that is being dialled, or one for help', async () => {
    const emergency = { calls: ['112'], ringSeconds: 30, confirmSeconds: 20, rounds: 1 };
    const all = await startedBench({ emergency: { ...emergency, callBackMinutes: 60 } });
    all.agent.call('sip:phone@192.0.2.9');
    await expect(all.agent.callFromBrowser(CALLER)).rejects.toThrow('call 1 is being dialled');
    all.agent.hangup();
    all.agent.startEmergency();
    all.userAgent.sessions.at(-1)?.pickUp();
    await expect(all.agent.callFromBrowser(CALLER)).rejects.toThrow('emergency');
    expect(all.agent.status().calls).toMatchObject([{ state: 'active' }]);
    all.agent.cancelEmergency();
    all.agent.call('urn:service:sos');
    all.userAgent.sessions.at(-1)?.pickUp();
    await expect(all.agent.callFromBrowser(CALLER)).rejects.toThrow('emergency');
    expect(all.agent.status().calls).toMatchObject([{ state: 'active' }]);
  });

  it('takes the places that there are, however many begin and never come', async () => {
    const all = await startedBench();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 1000 }, () => all.agent.callFromBrowser(CALLER)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect(all.engine.sessions).toHaveLength(4);
    for (const { id } of all.engine.sessions) all.engine.events.emit('insecure', id, 'too late');
    expect(all.agent.status().calls).toEqual([]);
    await all.agent.callFromBrowser(CALLER);
  });

  it('is refused while nobody is to disturb', async () => {
    const all = await startedBench({ policy: { autoAnswer: false, doNotDisturb: true } });
    await expect(all.agent.callFromBrowser(CALLER)).rejects.toMatchObject({ refusal: 'busy' });
  });

  it.each([
    ['that is none', 'hello'],
    ['of a telephone', OFFER.replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP')],
    ['without a codec of ours', OFFER.replace('SAVPF 0 110', 'SAVPF 3 110')],
  ])('with an offer %s is refused, and leaves nothing behind', async (_, offer) => {
    const all = await startedBench();
    const call = all.agent.callFromBrowser({ ...CALLER, offer });
    await expect(call).rejects.toMatchObject({ refusal: 'no-resource' });
    expect(all.agent.status().calls).toEqual([]);
    expect(all.engine.sessions.every(({ closed }) => closed)).toBe(true);
  });
});
