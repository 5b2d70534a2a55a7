import { describe, expect, it } from 'vitest';
import {
  examineOffer,
  type LocalMedia,
  type NegotiatedMedia,
  Negotiation,
  type Refusal,
  SdpException,
} from '../../src/sdp';
import { CAMERA, DEAF_CAMERA, description, mediaLines, versionOf } from './samples';

const WIDE_CAMERA: LocalMedia = {
  ...DEAF_CAMERA,
  audio: { ...DEAF_CAMERA.audio, codecs: ['G722', 'PCMA'] },
};

const negotiation = (local: LocalMedia = CAMERA): Negotiation =>
  new Negotiation({ sessionId: 5, local: () => local });

function answered(
  offer: string,
  local: LocalMedia = CAMERA,
): { answer: string; media: NegotiatedMedia } {
  const outcome = negotiation(local).handleOffer(offer, false);
  if (!('answer' in outcome)) throw new Error(`refused: ${outcome.status} ${outcome.reason}`);
  return outcome;
}

function refused(offer: string, local: LocalMedia = CAMERA): Refusal {
  const outcome = negotiation(local).handleOffer(offer, false);
  if ('answer' in outcome) throw new Error('expected a refusal');
  return outcome;
}

describe('wideband', () => {
  const wide = description('m=audio 5000 RTP/AVP 8 9 101', 'a=rtpmap:101 telephone-event/8000');

  it('is taken by name or by number where it is configured, in the order of the peer', () => {
    const { media } = answered(wide, WIDE_CAMERA);
    expect(media.audio).toMatchObject({ codec: 'PCMA', payloadType: 8, telephoneEvent: 101 });
    expect(media.audio.receive).toEqual([
      { codec: 'PCMA', payloadType: 8 },
      { codec: 'G722', payloadType: 9 },
    ]);
    const named = description('m=audio 5000 RTP/AVP 99', 'a=rtpmap:99 g722/8000');
    expect(answered(named, WIDE_CAMERA).media.audio.codec).toBe('G722');
  });

  it('is refused where it is not, and at a clock that it does not have', () => {
    expect(answered(wide).media.audio.receive).toEqual([{ codec: 'PCMA', payloadType: 8 }]);
    const fast = description('m=audio 5000 RTP/AVP 99', 'a=rtpmap:99 G722/16000');
    expect(refused(fast, WIDE_CAMERA).reason).toContain('G722 or PCMA');
  });
});

describe('our offer', () => {
  it('offers sound both ways and the picture one way, in both packetization modes', () => {
    expect(negotiation().createOffer(false).split('\r\n')).toEqual([
      'v=0',
      'o=- 5 1 IN IP4 192.0.2.1',
      's=dashvoip',
      'c=IN IP4 192.0.2.1',
      't=0 0',
      'm=audio 40000 RTP/AVP 8 0 101',
      'a=rtpmap:8 PCMA/8000',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=ptime:20',
      'a=sendrecv',
      'm=video 40002 RTP/AVP 96 97',
      'a=rtpmap:96 H264/90000',
      'a=rtpmap:97 H264/90000',
      'a=fmtp:96 profile-level-id=42c01f;level-asymmetry-allowed=1;packetization-mode=1;sprop-parameter-sets=Z0LA,aM4=',
      'a=fmtp:97 profile-level-id=42c01f;level-asymmetry-allowed=1;packetization-mode=0;sprop-parameter-sets=Z0LA,aM4=',
      'a=sendonly',
      '',
    ]);
  });

  it('offers wideband by its static number, with the clock that RFC 3551 §4.5.2 gives it', () => {
    const lines = negotiation(WIDE_CAMERA).createOffer(false).split('\r\n');
    expect(lines).toContain('m=audio 40000 RTP/AVP 9 8 101');
    expect(lines).toContain('a=rtpmap:9 G722/8000');
  });

  it('leaves video out when there is no picture', () => {
    expect(mediaLines(negotiation(DEAF_CAMERA).createOffer(false))).toEqual([
      'm=audio 40000 RTP/AVP 8 0 101',
    ]);
  });

  it('follows the configured order of codecs', () => {
    const local: LocalMedia = { ...DEAF_CAMERA, audio: { ...CAMERA.audio, codecs: ['PCMU'] } };
    expect(mediaLines(negotiation(local).createOffer(false))).toEqual([
      'm=audio 40000 RTP/AVP 0 101',
    ]);
  });

  it('puts a call on hold with sendonly sound and no picture', () => {
    const text = negotiation().createOffer(true);
    expect(text.match(/a=(sendrecv|sendonly|recvonly|inactive)/g)).toEqual([
      'a=sendonly',
      'a=inactive',
    ]);
  });

  it('writes IPv6 addresses as such', () => {
    const text = negotiation({ ...DEAF_CAMERA, address: '2001:db8::1' }).createOffer(false);
    expect(text).toContain('c=IN IP6 2001:db8::1\r\n');
    expect(text).toContain('o=- 5 1 IN IP6 2001:db8::1\r\n');
  });
});

describe('our answer', () => {
  const both = description(
    'm=audio 5004 RTP/AVP 111 0 8',
    'a=rtpmap:111 opus/48000/2',
    'm=video 5006 RTP/AVP 100',
    'a=rtpmap:100 H264/90000',
    'a=fmtp:100 packetization-mode=1;profile-level-id=42e01f',
  );

  it('takes every codec of the offer that we speak, in its order, and sends the first', () => {
    const { answer, media } = answered(both);
    expect(mediaLines(answer)).toEqual(['m=audio 40000 RTP/AVP 0 8', 'm=video 40002 RTP/AVP 100']);
    expect(media).toEqual({
      audio: {
        codec: 'PCMU',
        payloadType: 0,
        receive: [
          { codec: 'PCMU', payloadType: 0 },
          { codec: 'PCMA', payloadType: 8 },
        ],
        remote: { address: '192.0.2.9', rtpPort: 5004, rtcpPort: 5005 },
        direction: 'sendrecv',
        ptimeMs: 20,
      },
      video: {
        codec: 'H264',
        payloadType: 100,
        remote: { address: '192.0.2.9', rtpPort: 5006, rtcpPort: 5007 },
        direction: 'sendonly',
        packetizationMode: 1,
        modeAssumed: false,
        profileLevelId: '42e01f',
      },
      heldByPeer: false,
    });
  });

  it('refuses what it cannot serve in its place and lets the rest live', () => {
    const { answer, media } = answered(
      description(
        'm=application 9 UDP/BFCP *',
        'm=video 5006 RTP/AVP 31',
        'm=audio 5010 RTP/SAVP 8',
        'm=audio 5004 RTP/AVP 8',
        'm=text 5012 RTP/AVP 98',
        'm=audio 5014 RTP/AVP 0',
      ),
    );
    expect(mediaLines(answer)).toEqual([
      'm=application 0 UDP/BFCP *',
      'm=video 0 RTP/AVP 31',
      'm=audio 0 RTP/SAVP 8',
      'm=audio 40000 RTP/AVP 8',
      'm=text 0 RTP/AVP 98',
      'm=audio 0 RTP/AVP 0',
    ]);
    expect(media.audio.remote.rtpPort).toBe(5004);
    expect(media.video).toBeUndefined();
  });

  it('refuses video while there is no picture', () => {
    expect(mediaLines(answered(both, DEAF_CAMERA).answer)[1]).toBe('m=video 0 RTP/AVP 100');
  });

  it('owes 488 to an offer without usable sound, and a Warning that says why', () => {
    const owed: [code: number, words: string, lines: string[]][] = [
      [305, 'found G729/8000', ['m=audio 5004 RTP/AVP 18', 'a=rtpmap:18 G729/8000']],
      [305, 'found G729/8000', ['m=audio 5004 RTP/AVP 18']],
      [305, 'found PCMA/16000', ['m=audio 5004 RTP/AVP 8', 'a=rtpmap:8 PCMA/16000']],
      [305, 'found 96', ['m=audio 5004 RTP/AVP 96']],
      [304, 'found audio 0 RTP/AVP', ['m=audio 0 RTP/AVP 8']],
      [304, 'found video 5004', ['m=video 5004 RTP/AVP 96', 'a=rtpmap:96 H264/90000']],
      [304, 'found no media line', []],
      [302, 'found audio 5004 RTP/SAVP', ['m=audio 5004 RTP/SAVP 8']],
      [302, 'found audio 9 UDP/TLS/RTP/SAVPF', ['m=audio 9 UDP/TLS/RTP/SAVPF 8']],
      [301, 'the address 2001:db8::9', ['m=audio 5004 RTP/AVP 8', 'c=IN IP6 2001:db8::9']],
      [301, 'none that can be used', ['m=audio 5004 RTP/AVP 8', 'c=IN IP4 999.1.1.1']],
    ];
    for (const [code, words, lines] of owed) {
      const { status, reason, warning } = refused(description(...lines));
      expect([status, warning]).toEqual([488, { code, text: reason }]);
      expect(reason).toMatch(/^no usable audio: expected plain RTP with PCMA or PCMU, found /);
      expect(reason).toContain(words);
      expect(examineOffer(description(...lines), CAMERA)).toMatchObject({
        refusal: { status, reason },
      });
    }
  });

  it('owes 400 to what is no description', () => {
    for (const offer of [
      '',
      'hello',
      'v=1\r\no=- 1 1 IN IP4 192.0.2.9\r\nm=audio 4 RTP/AVP 8\r\n',
      'v=1',
      description(...Array.from({ length: 33 }, () => 'm=audio 5004 RTP/AVP 8')),
    ]) {
      expect(refused(offer)).toMatchObject({ status: 400, warning: { code: 399 } });
    }
  });

  it('sends packets as long as the peer asks for', () => {
    const ptime = (...lines: string[]): number =>
      answered(description('m=audio 5004 RTP/AVP 8', ...lines)).media.audio.ptimeMs;
    expect(ptime()).toBe(20);
    expect(ptime('a=ptime:30')).toBe(30);
    expect(ptime('a=ptime:25')).toBe(20);
    expect(ptime('a=ptime:200')).toBe(60);
    expect(ptime('a=ptime:5')).toBe(10);
    expect(ptime('a=ptime:40', 'a=maxptime:30')).toBe(30);
    expect(ptime('a=maxptime:10')).toBe(10);
    expect(ptime('a=ptime:x')).toBe(20);
  });

  it('sends RTCP where RFC 3605 says', () => {
    const { media } = answered(description('m=audio 5004 RTP/AVP 8', 'a=rtcp:6001'));
    expect(media.audio.remote).toEqual({ address: '192.0.2.9', rtpPort: 5004, rtcpPort: 6001 });
  });

  it('reads address and direction of the line before those of the session', () => {
    const { media } = answered(
      `${description('a=recvonly', 'm=audio 5004 RTP/AVP 8', 'c=IN IP4 192.0.2.77/127', 'a=sendrecv')}`,
    );
    expect(media.audio.remote.address).toBe('192.0.2.77');
    expect(media.audio.direction).toBe('sendrecv');
  });

  it('accepts G.711 under a dynamic payload type', () => {
    const { media } = answered(description('m=audio 5004 RTP/AVP 100', 'a=rtpmap:100 pcma/8000/1'));
    expect(media.audio).toMatchObject({ codec: 'PCMA', payloadType: 100 });
  });

  it('answers feedback of RTP/AVPF in kind and knows key-frame requests only', () => {
    const { answer } = answered(
      description(
        'm=audio 5004 RTP/AVPF 8',
        'm=video 5006 RTP/AVPF 96',
        'a=rtpmap:96 H264/90000',
        'a=rtcp-fb:96 nack pli',
        'a=rtcp-fb:96 nack',
        'a=rtcp-fb:* ccm fir',
        'a=rtcp-fb:96 ccm tmmbr',
      ),
    );
    expect(answer.match(/a=rtcp-fb.*/g)).toEqual(['a=rtcp-fb:96 nack pli', 'a=rtcp-fb:96 ccm fir']);
  });
});

describe('H.264 formats (RFC 6184 §8)', () => {
  const video = (...lines: string[]): NegotiatedMedia['video'] =>
    answered(description('m=audio 5004 RTP/AVP 8', ...lines)).media.video;

  it('prefers packetization mode 1', () => {
    expect(
      video(
        'm=video 5006 RTP/AVP 96 97',
        'a=rtpmap:96 H264/90000',
        'a=fmtp:96 profile-level-id=42e01f',
        'a=rtpmap:97 H264/90000',
        'a=fmtp:97 profile-level-id=42e01f; packetization-mode=1',
      ),
    ).toMatchObject({ payloadType: 97, packetizationMode: 1 });
  });

  it('fragments for those who name no mode, and says that it was assumed', () => {
    const line = ['m=video 5006 RTP/AVP 96', 'a=rtpmap:96 h264/90000'];
    const assumed = { payloadType: 96, packetizationMode: 1, modeAssumed: true };
    expect(video(...line)).toMatchObject(assumed);
    expect(video(...line, 'a=fmtp:96 profile-level-id=42e01f')).toMatchObject(assumed);
    expect(video(...line, 'a=fmtp:96 packetization-mode=0')).toMatchObject({
      packetizationMode: 0,
      modeAssumed: false,
    });
  });

  describe('of a camera whose profile telephones do not list', () => {
    const HIGH: LocalMedia = {
      ...CAMERA,
      video: { rtpPort: 40002, profileLevelId: '640028', spropParameterSets: 'Z2QA,aO4=' },
    };
    const offered = (...answer: string[]): NegotiatedMedia['video'] => {
      const call = negotiation(HIGH);
      call.createOffer(false);
      return call.handleAnswer(description('m=audio 5004 RTP/AVP 8', ...answer)).video;
    };

    it('offers Constrained Baseline beside it, with parameter sets for its own alone', () => {
      const offer = negotiation(HIGH).createOffer(false);
      expect(mediaLines(offer)[1]).toBe('m=video 40002 RTP/AVP 96 97 98 99');
      expect(offer.match(/a=fmtp:9.*/g)).toEqual([
        'a=fmtp:96 profile-level-id=640028;level-asymmetry-allowed=1;packetization-mode=1;sprop-parameter-sets=Z2QA,aO4=',
        'a=fmtp:97 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1',
        'a=fmtp:98 profile-level-id=640028;level-asymmetry-allowed=1;packetization-mode=0;sprop-parameter-sets=Z2QA,aO4=',
        'a=fmtp:99 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=0',
      ]);
    });

    it.each<[string, string[], object]>([
      [
        'takes the one that the answer names',
        ['m=video 5006 RTP/AVP 97', 'a=rtpmap:97 H264/90000', 'a=fmtp:97 profile-level-id=42E01F'],
        { payloadType: 97, profileLevelId: '42e01f', packetizationMode: 1, modeAssumed: true },
      ],
      [
        'fragments for an answer to mode 1 that names no mode',
        ['m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000'],
        { payloadType: 96, profileLevelId: '640028', packetizationMode: 1, modeAssumed: true },
      ],
      [
        'obeys an answer that says mode 0',
        ['m=video 5006 RTP/AVP 97', 'a=rtpmap:97 H264/90000', 'a=fmtp:97 packetization-mode=0'],
        { payloadType: 97, packetizationMode: 0, modeAssumed: false },
      ],
      [
        'knows what it offered as mode 0',
        ['m=video 5006 RTP/AVP 99', 'a=rtpmap:99 H264/90000'],
        { payloadType: 99, profileLevelId: '42e01f', packetizationMode: 0 },
      ],
      [
        'prefers its own profile where the answer takes several',
        ['m=video 5006 RTP/AVP 97 96', 'a=rtpmap:97 H264/90000', 'a=rtpmap:96 H264/90000'],
        { payloadType: 96, profileLevelId: '640028' },
      ],
      [
        'takes another number and another level for what they are',
        [
          'm=video 5006 RTP/AVP 120',
          'a=rtpmap:120 H264/90000',
          'a=fmtp:120 profile-level-id=42e00d;packetization-mode=1',
        ],
        { payloadType: 120, profileLevelId: '42e028', packetizationMode: 1 },
      ],
    ])('%s', (_case, answer, expected) => {
      expect(offered(...answer)).toMatchObject(expected);
    });

    it.each([
      ['424028', 2],
      ['428028', 4],
      ['4d0028', 4],
    ])(
      'needs none beside %s that is Constrained Baseline already: %i formats',
      (profile, count) => {
        const local = {
          ...CAMERA,
          video: { ...HIGH.video, profileLevelId: profile },
        } as LocalMedia;
        expect(
          negotiation(local)
            .createOffer(false)
            .match(/a=fmtp:9/g),
        ).toHaveLength(count);
      },
    );

    it('answers under the profile of the offer, at its own level', () => {
      const { answer } = answered(
        description(
          'm=audio 5004 RTP/AVP 8',
          'm=video 5006 RTP/AVP 100',
          'a=rtpmap:100 H264/90000',
          'a=fmtp:100 profile-level-id=42801F;packetization-mode=1;level-asymmetry-allowed=1',
        ),
        HIGH,
      );
      expect(answer).toContain(
        'a=fmtp:100 profile-level-id=428028;level-asymmetry-allowed=1;packetization-mode=1\r\n',
      );
    });
  });

  it('cannot interleave (mode 2)', () => {
    expect(
      video('m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=fmtp:96 packetization-mode=2'),
    ).toBeUndefined();
  });

  it('ignores the level and constraints', () => {
    expect(
      video(
        'm=video 5006 RTP/AVP 96 97',
        'a=rtpmap:96 H264/90000',
        'a=fmtp:96 packetization-mode=1;profile-level-id=f4001f',
        'a=rtpmap:97 H264/90000',
        'a=fmtp:97 packetization-mode=1;profile-level-id=428014',
      ),
    ).toMatchObject({ payloadType: 97 });
  });

  it('has no screen: a peer that would only send gets an inactive line', () => {
    expect(video('m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000', 'a=sendonly')).toMatchObject({
      direction: 'inactive',
    });
  });
});

describe('hold and resume', () => {
  const phone = (direction: string, version = 1): string =>
    description('m=audio 5004 RTP/AVP 8', `a=${direction}`).replace('7 1', `7 ${version}`);

  it.each([
    ['sendrecv', 'sendrecv', false],
    ['sendonly', 'recvonly', true],
    ['recvonly', 'sendonly', false],
    ['inactive', 'inactive', true],
  ])('answers %s with %s', (theirs, ours, held) => {
    const { answer, media } = answered(phone(theirs));
    expect(answer).toContain(`a=${ours}\r\n`);
    expect(media.audio.direction).toBe(ours);
    expect(media.heldByPeer).toBe(held);
  });

  it('knows the old-style hold by an address of zeros', () => {
    const { media } = answered(
      description('m=audio 5004 RTP/AVP 8', 'c=IN IP4 0.0.0.0', 'a=sendrecv'),
    );
    expect(media).toMatchObject({ heldByPeer: true, audio: { direction: 'recvonly' } });
  });

  it('keeps its own hold when the peer refreshes the session', () => {
    const call = negotiation();
    const outcome = call.handleOffer(phone('sendrecv'), true);
    expect(outcome).toMatchObject({ media: { audio: { direction: 'sendonly' } } });
  });

  it('is held and holds at once: nothing flows', () => {
    const call = negotiation(DEAF_CAMERA);
    call.createOffer(true);
    const media = call.handleAnswer(phone('inactive'));
    expect(media).toMatchObject({ audio: { direction: 'inactive' }, heldByPeer: true });
  });

  it('raises the version in o= when, and only when, the description changes', () => {
    const call = negotiation();
    expect(versionOf(call.createOffer(false))).toBe(1);
    call.handleAnswer(phone('sendrecv'));
    const hold = call.createOffer(true);
    expect(versionOf(hold)).toBe(2);
    call.handleAnswer(phone('recvonly'));
    expect(versionOf(call.createOffer(true))).toBe(2);
    call.handleAnswer(phone('recvonly'));
    expect(versionOf(call.createOffer(false))).toBe(3);
  });
});

describe('the answer to our offer', () => {
  it('settles codec and packetization mode', () => {
    const call = negotiation();
    call.createOffer(false);
    const media = call.handleAnswer(
      description(
        'm=audio 5004 RTP/AVP 0 8',
        'm=video 5006 RTP/AVP 97',
        'a=rtpmap:97 H264/90000',
        'a=fmtp:97 packetization-mode=0',
        'a=recvonly',
      ),
    );
    expect(media).toMatchObject({
      audio: { codec: 'PCMU', payloadType: 0 },
      video: { payloadType: 97, packetizationMode: 0, direction: 'sendonly' },
    });
  });

  it('keeps payload types and places in later offers, and offers the rest again (RFC 6337 §5.1)', () => {
    const call = negotiation();
    call.createOffer(false);
    call.handleAnswer(
      description('m=audio 5004 RTP/AVP 8', 'm=video 5006 RTP/AVP 97', 'a=rtpmap:97 H264/90000'),
    );
    expect(mediaLines(call.createOffer(true))).toEqual([
      'm=audio 40000 RTP/AVP 8 0 101',
      'm=video 40002 RTP/AVP 97 96',
    ]);
  });

  it('keeps a video line that the peer refused refused', () => {
    const call = negotiation();
    call.createOffer(false);
    const media = call.handleAnswer(description('m=audio 5004 RTP/AVP 8', 'm=video 0 RTP/AVP 96'));
    expect(media.video).toBeUndefined();
    expect(call.videoSettled).toBe(true);
    expect(mediaLines(call.createOffer(false))).toEqual([
      'm=audio 40000 RTP/AVP 8 0 101',
      'm=video 0 RTP/AVP 96 97',
    ]);
  });

  it('takes lines left out at the end as refused', () => {
    const call = negotiation();
    call.createOffer(false);
    expect(call.handleAnswer(description('m=audio 5004 RTP/AVP 8')).video).toBeUndefined();
  });

  it.each([
    ['no line we offered', description('m=image 5006 udptl t38', 'm=text 5004 RTP/AVP 98')],
    ['refused sound', description('m=audio 0 RTP/AVP 8', 'm=video 0 RTP/AVP 96')],
    ['codec not offered', description('m=audio 5004 RTP/AVP 18', 'm=video 0 RTP/AVP 96')],
    ['no description', 'nonsense'],
  ])('is unusable: %s', (_case, answer) => {
    const call = negotiation();
    call.createOffer(false);
    expect(() => call.handleAnswer(answer)).toThrow(SdpException);
  });

  it('of a provisional response leaves the offer open for the answers of other forks', () => {
    const call = negotiation();
    call.createOffer(false);
    const early = call.handleAnswer(description('m=audio 5004 RTP/AVP 0', 'm=video 0 RTP/AVP 96'), {
      isEarly: true,
    });
    expect(early.audio.codec).toBe('PCMU');
    expect(early.video).toBeUndefined();
    const final = call.handleAnswer(
      description('m=audio 5006 RTP/AVP 8', 'm=video 5008 RTP/AVP 96', 'a=rtpmap:96 H264/90000'),
    );
    expect(final.audio.remote.rtpPort).toBe(5006);
    expect(final.video?.remote.rtpPort).toBe(5008);
  });

  it('needs an offer', () => {
    expect(() => negotiation().handleAnswer(description('m=audio 5004 RTP/AVP 8'))).toThrow(
      'no offer is waiting',
    );
  });
});

describe('a camera that comes in mid-call', () => {
  it('is offered on a new line after a call without video', () => {
    let local = DEAF_CAMERA;
    const call = new Negotiation({ sessionId: 5, local: () => local });
    call.createOffer(false);
    call.handleAnswer(description('m=audio 5004 RTP/AVP 8'));
    expect(call.videoSettled).toBe(false);
    local = CAMERA;
    expect(mediaLines(call.createOffer(false))).toEqual([
      'm=audio 40000 RTP/AVP 8 0 101',
      'm=video 40002 RTP/AVP 96 97',
    ]);
  });

  it('reopens the line it had to refuse, with payload types that meant nothing else', () => {
    let local = DEAF_CAMERA;
    const call = new Negotiation({ sessionId: 5, local: () => local });
    call.handleOffer(
      description('m=video 5006 RTP/AVP 96', 'a=rtpmap:96 VP8/90000', 'm=audio 5004 RTP/AVP 8'),
      false,
    );
    local = CAMERA;
    expect(mediaLines(call.createOffer(false))).toEqual([
      'm=video 40002 RTP/AVP 97 98',
      'm=audio 40000 RTP/AVP 8 0 101',
    ]);
  });
});

describe('a phone that calls without a picture', () => {
  it('is never asked to take one', () => {
    const call = negotiation();
    call.handleOffer(description('m=audio 5004 RTP/AVP 8'), false);
    expect(call.videoSettled).toBe(true);
    expect(mediaLines(call.createOffer(true))).toEqual(['m=audio 40000 RTP/AVP 8 0 101']);
  });
});

describe('a failed exchange', () => {
  it('leaves the former description in force', () => {
    const call = negotiation(DEAF_CAMERA);
    call.handleOffer(description('m=audio 5004 RTP/AVP 0'), false);
    expect(call.handleOffer('broken', false)).toMatchObject({ status: 400 });
    expect(mediaLines(call.createOffer(false))).toEqual(['m=audio 40000 RTP/AVP 0 8 101']);
  });
});
