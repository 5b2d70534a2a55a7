// Shows RFC 5763, 8122, 8843.

import { describe, expect, it } from 'vitest';
import { Bundle, type LocalMedia, securePeerIn } from '../../src/sdp';
import { answered, refused } from './negotiated';
import { CAMERA, mediaLines } from './samples';

const DIGEST = Array.from({ length: 32 }, (_, index) => index);
const FINGERPRINT = DIGEST.map((octet) => octet.toString(16).padStart(2, '0').toUpperCase()).join(
  ':',
);

const bundle = new Bundle({
  fragment: 'cAm1',
  password: '0123456789abcdefghijklmn',
  fingerprint: { hash: 'sha-256', digest: DIGEST },
});
const LOCAL: LocalMedia = { ...CAMERA, bundle };

const WAY = [
  'a=ice-ufrag:bRoW',
  'a=ice-pwd:nmlkjihgfedcba9876543210',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${FINGERPRINT.toLowerCase()}`,
  'a=setup:actpass',
];
const sound = (...lines: string[]): string[] => [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8 110',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  ...WAY,
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:110 telephone-event/8000',
  ...lines,
];
const picture = (...lines: string[]): string[] => [
  'm=video 9 UDP/TLS/RTP/SAVPF 96 102',
  'c=IN IP4 0.0.0.0',
  ...WAY,
  'a=mid:1',
  'a=recvonly',
  'a=rtcp-mux',
  'a=rtpmap:96 VP8/90000',
  'a=rtpmap:102 H264/90000',
  'a=rtcp-fb:102 goog-remb',
  'a=rtcp-fb:102 transport-cc',
  'a=rtcp-fb:102 nack pli',
  'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  ...lines,
];

/** As Chromium's, shortened. */
function offer(lines: readonly string[], group = 'a=group:BUNDLE 0 1'): string {
  const head = ['v=0', 'o=- 7 2 IN IP4 127.0.0.1', 's=-', 't=0 0', group];
  return `${[...head, ...lines].join('\r\n')}\r\n`;
}

const sectionsOf = (text: string): string[][] =>
  text.split('\r\nm=').map((section) => section.split('\r\n'));

describe('an offer of a browser', () => {
  it('is answered with all lines on one port, and how that is reached and known', () => {
    const { answer, media } = answered(offer([...sound(), ...picture()]), LOCAL);
    const [session, audio, video] = sectionsOf(answer);
    expect(session).toEqual(expect.arrayContaining(['a=ice-lite', 'a=group:BUNDLE 0 1']));
    const both = [
      'a=ice-ufrag:cAm1',
      'a=ice-pwd:0123456789abcdefghijklmn',
      `a=fingerprint:sha-256 ${FINGERPRINT}`,
      'a=setup:active',
      'a=candidate:1 1 udp 2130706431 192.0.2.1 40000 typ host',
      'a=end-of-candidates',
      'a=rtcp-mux',
    ];
    expect(audio).toEqual(
      expect.arrayContaining([...both, 'a=mid:0', 'a=sendrecv', 'a=msid:dashvoip audio']),
    );
    expect(video).toEqual(
      expect.arrayContaining([...both, 'a=mid:1', 'a=sendonly', 'a=rtcp-fb:102 nack pli']),
    );
    expect(answer).not.toMatch(/transport-cc|opus|VP8/);
    expect(media.audio).toMatchObject({
      codec: 'PCMU',
      direction: 'sendrecv',
      telephoneEvent: 110,
    });
    expect(media.video).toMatchObject({ payloadType: 102, direction: 'sendonly' });
    expect(media.audio.srtp).toBeUndefined();
    expect(media.heldByPeer).toBe(false);
  });

  it('is heard and seen by who only watches', () => {
    const watching = sound().map((line) => (line === 'a=sendrecv' ? 'a=recvonly' : line));
    const { media } = answered(offer([...watching, ...picture()]), LOCAL);
    expect(media.audio.direction).toBe('sendonly');
  });

  it('has a picture that is not in the bundle refused, under its name', () => {
    const { answer } = answered(offer([...sound(), ...picture()], 'a=group:BUNDLE 0'), LOCAL);
    expect(mediaLines(answer)[1]).toBe('m=video 0 UDP/TLS/RTP/SAVPF 96 102');
    expect(answer).toContain('a=group:BUNDLE 0\r\n');
    expect(answer.trimEnd().endsWith('a=mid:1')).toBe(true);
  });

  it('says once above all lines what stands for each', () => {
    const without = sound().filter((line) => !/^a=(ice-|fingerprint|setup)/.test(line));
    const { answer } = answered(offer([...WAY, ...without], 'a=group:BUNDLE 0'), LOCAL);
    expect(answer).toContain('a=setup:active');
  });

  it.each([
    ['ICE', /^a=ice-ufrag/],
    ['an ICE password', /^a=ice-pwd/],
    ['a fingerprint', /^a=fingerprint/],
    ['a setup', /^a=setup/],
    ['rtcp-mux', /^a=rtcp-mux/],
    ['a name', /^a=mid/],
  ])('without %s is refused', (_, line) => {
    const lines = sound().filter((text) => !line.test(text));
    expect(refused(offer(lines), LOCAL)).toMatchObject({ status: 488, warning: { code: 302 } });
  });

  it.each([
    'sha-1 AA:BB',
    'sha-256 AA:BB',
    `sha-256 ${FINGERPRINT}:00`,
    `sha-256 GG${FINGERPRINT.slice(2)}`,
  ])('with the fingerprint "%s" has none', (text) => {
    const lines = sound().map((line) => line.replace(/^a=fingerprint:.*/, `a=fingerprint:${text}`));
    expect(refused(offer(lines), LOCAL).status).toBe(488);
  });

  it('that is plain RTP is none', () => {
    const plain = sound().map((line) => line.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP'));
    expect(refused(offer(plain), LOCAL).status).toBe(488);
  });

  it('is refused where telephones call', () => {
    expect(refused(offer(sound())).status).toBe(488);
  });
});

describe('who begins the handshake', () => {
  it.each([
    ['actpass', 'client'],
    ['passive', 'client'],
    ['active', 'server'],
    ['holdconn', undefined],
  ])('of a peer that is %s: %s', (setup, role) => {
    const lines = sound().map((line) => line.replace('actpass', setup));
    expect(securePeerIn(offer(lines))?.role).toBe(role);
  });

  it('is known by the strongest fingerprint that there is', () => {
    const strong = Array<string>(64).fill('5A').join(':');
    const peer = securePeerIn(offer(sound(`a=fingerprint:SHA-512 ${strong}`)));
    expect(peer?.fingerprint.hash).toBe('sha-512');
  });
});
