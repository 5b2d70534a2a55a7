// Shows RFC 3264, 4585.

import { describe, expect, it } from 'vitest';
import { type LocalMedia, type NegotiatedMedia, Negotiation } from '../../src/sdp';
import { type AudioFormats, commonAudio, offeredAudio } from '../../src/sdp/audio';
import { CAMERA, DEAF_CAMERA, description, mediaLines } from './samples';

/** A party whose picture can come and go. */
function party(first: LocalMedia): { negotiation: Negotiation; become(local: LocalMedia): void } {
  let local = first;
  const negotiation = new Negotiation({ sessionId: 5, local: () => local });
  return {
    negotiation,
    become: (next) => {
      local = next;
    },
  };
}

function accepted(
  negotiation: Negotiation,
  offer: string,
): { answer: string; media: NegotiatedMedia } {
  const outcome = negotiation.handleOffer(offer, false);
  if (!('answer' in outcome)) throw new Error(outcome.reason);
  return outcome;
}

const SOUND = 'm=audio 5004 RTP/AVP 8';
const PICTURE = ['m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000'];
const ports = (text: string) =>
  mediaLines(text).map((line) => line.split(' ').slice(0, 2).join(' '));

describe('our answer, word for word', () => {
  it('to sound with keys and comfort noise, a picture, and lines that we do not serve', () => {
    const { negotiation } = party(CAMERA);
    const { answer, media } = accepted(
      negotiation,
      description(
        'm=audio 5004 RTP/AVPF 0 97 13 101',
        'a=rtpmap:97 PCMA/8000',
        'a=rtpmap:101 telephone-event/8000',
        'm=text 5010 RTP/AVP',
        'm=video 5006 RTP/AVPF 96',
        'a=rtpmap:96 H264/90000',
        'a=fmtp:96 packetization-mode=1;level-asymmetry-allowed=1',
        'a=rtcp-fb:96 nack pli',
        'a=rtcp-fb:* nack pli',
      ),
    );
    expect(answer.split('\r\n')).toEqual([
      'v=0',
      'o=- 5 1 IN IP4 192.0.2.1',
      's=dashvoip',
      'c=IN IP4 192.0.2.1',
      't=0 0',
      'm=audio 40000 RTP/AVPF 0 97 13 101',
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:97 PCMA/8000',
      'a=rtpmap:13 CN/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15',
      'a=ptime:20',
      'a=sendrecv',
      'm=text 0 RTP/AVP 0',
      'm=video 40002 RTP/AVPF 96',
      'a=rtpmap:96 H264/90000',
      'a=fmtp:96 profile-level-id=42c01f;level-asymmetry-allowed=1;packetization-mode=1;sprop-parameter-sets=Z0LA,aM4=',
      'a=rtcp-fb:96 nack pli',
      'a=sendonly',
      '',
    ]);
    const remote = { address: '192.0.2.9', rtpPort: 5004, rtcpPort: 5005 };
    expect(media).toStrictEqual({
      audio: {
        codec: 'PCMU',
        payloadType: 0,
        receive: [
          { codec: 'PCMU', payloadType: 0 },
          { codec: 'PCMA', payloadType: 97 },
        ],
        telephoneEvent: 101,
        alsoMarks: [{ kind: 'noise', payloadType: 13, clockRate: 8000 }],
        remote,
        direction: 'sendrecv',
        ptimeMs: 20,
      },
      video: {
        codec: 'H264',
        payloadType: 96,
        packetizationMode: 1,
        profileLevelId: '42c01f',
        modeAssumed: false,
        remote: { ...remote, rtpPort: 5006, rtcpPort: 5007 },
        direction: 'sendonly',
      },
      heldByPeer: false,
    });
  });

  it('to sound alone, which says nothing that was not offered', () => {
    const { answer, media } = accepted(party(CAMERA).negotiation, description(SOUND));
    expect(answer.split('\r\n').slice(5)).toEqual([
      'm=audio 40000 RTP/AVP 8',
      'a=rtpmap:8 PCMA/8000',
      'a=ptime:20',
      'a=sendrecv',
      '',
    ]);
    expect(media).toStrictEqual({
      audio: {
        codec: 'PCMA',
        payloadType: 8,
        receive: [{ codec: 'PCMA', payloadType: 8 }],
        remote: { address: '192.0.2.9', rtpPort: 5004, rtcpPort: 5005 },
        direction: 'sendrecv',
        ptimeMs: 20,
      },
      heldByPeer: false,
    });
  });

  it('answers feedback in a line of plain RTP/AVP, as telephones name it, and adds none', () => {
    const offer = description(SOUND, ...PICTURE, 'a=rtcp-fb:* nack pli');
    const { answer } = accepted(party(CAMERA).negotiation, offer);
    expect(answer.match(/a=rtcp-fb.*/g)).toEqual(['a=rtcp-fb:96 nack pli']);
    const silent = accepted(party(CAMERA).negotiation, description(SOUND, ...PICTURE));
    expect(silent.answer).not.toContain('rtcp-fb');
  });

  it('offers what it does for a receiver, for all formats at once', () => {
    const offer = party(CAMERA).negotiation.createOffer(false);
    expect(offer.match(/a=rtcp-fb.*/g)).toEqual([
      'a=rtcp-fb:* nack',
      'a=rtcp-fb:* nack pli',
      'a=rtcp-fb:* ccm fir',
      'a=rtcp-fb:* ccm tmmbr',
      'a=rtcp-fb:* goog-remb',
    ]);
  });

  it('takes no stereo, under whatever name', () => {
    const stereo = description('m=audio 5004 RTP/AVP 97 8', 'a=rtpmap:97 PCMA/8000/2');
    expect(accepted(party(CAMERA).negotiation, stereo).media.audio.receive).toEqual([
      { codec: 'PCMA', payloadType: 8 },
    ]);
  });

  it('shares no port where one of its payload types looks like RTCP, sound or picture', () => {
    const mixed = description('m=audio 5004 RTP/AVP 8 72', 'a=rtpmap:72 PCMU/8000', 'a=rtcp-mux');
    expect(accepted(party(CAMERA).negotiation, mixed).answer).not.toContain('rtcp-mux');
    const picture = ['m=video 5006 RTP/AVP 80', 'a=rtpmap:80 H264/90000', 'a=rtcp-mux'];
    const { answer } = accepted(party(CAMERA).negotiation, description(SOUND, ...picture));
    expect(answer).not.toContain('rtcp-mux');
    for (const [number, shared] of [
      [63, true],
      [64, false],
      [95, false],
      [96, true],
    ] as const) {
      const edge = description(`m=audio 5004 RTP/AVP ${number}`, `a=rtpmap:${number} PCMA/8000`);
      const { media } = accepted(party(CAMERA).negotiation, `${edge}a=rtcp-mux\r\n`);
      expect(media.audio.remote.rtcpMux === true).toBe(shared);
    }
  });
});

describe('formats of sound that we offer', () => {
  it('keep the numbers of the peer, and take others for what those mean something else', () => {
    const { negotiation } = party(DEAF_CAMERA);
    accepted(negotiation, description('m=audio 5004 RTP/AVP 8', 'a=rtpmap:8 PCMU/8000'));
    expect(mediaLines(negotiation.createOffer(false))).toEqual(['m=audio 40000 RTP/AVP 8 96 101']);
    expect(negotiation.createOffer(false)).toContain('a=rtpmap:96 PCMA/8000\r\n');
  });

  it('end where there is no number left', () => {
    const agreed: AudioFormats = {
      formats: [8, ...Array.from({ length: 32 }, (_, index) => 96 + index)].map((payloadType) => ({
        codec: 'PCMU' as const,
        payloadType,
      })),
      marks: [],
    };
    expect(offeredAudio(DEAF_CAMERA, agreed)).toStrictEqual(agreed);
  });

  it('are known by number in an answer that names none of them', () => {
    const { negotiation } = party(DEAF_CAMERA);
    accepted(
      negotiation,
      description(
        'm=audio 5004 RTP/AVP 97 105 106',
        'a=rtpmap:97 PCMA/8000',
        'a=rtpmap:105 CN/8000',
        'a=rtpmap:106 telephone-event/8000',
      ),
    );
    negotiation.createOffer(true);
    const bare = description('m=audio 5004 RTP/AVP 105 106 97');
    expect(negotiation.handleAnswer(bare).audio).toMatchObject({
      codec: 'PCMA',
      payloadType: 97,
      alsoMarks: [{ kind: 'noise', payloadType: 105, clockRate: 8000 }],
      telephoneEvent: 106,
      receive: [
        { codec: 'PCMA', payloadType: 97 },
        { codec: 'PCMU', payloadType: 0 },
      ],
    });
  });

  it('come once each, whatever of them the answer took', () => {
    const { negotiation } = party(DEAF_CAMERA);
    negotiation.createOffer(false);
    const answer = description('m=audio 5004 RTP/AVP 0 8');
    expect(negotiation.handleAnswer(answer).audio.receive).toEqual([
      { codec: 'PCMU', payloadType: 0 },
      { codec: 'PCMA', payloadType: 8 },
    ]);
  });

  it('have nothing in common with a line of none', () => {
    const line = { formats: [] } as unknown as Parameters<typeof commonAudio>[0];
    expect(commonAudio(line, DEAF_CAMERA)).toBeUndefined();
  });
});

describe('lines of a picture in later offers', () => {
  it('are closed while the camera is away, and opened when it is back', () => {
    const { negotiation, become } = party(CAMERA);
    accepted(negotiation, description(SOUND, ...PICTURE));
    become(DEAF_CAMERA);
    expect(mediaLines(negotiation.createOffer(false))[1]).toBe('m=video 0 RTP/AVP 96');
    negotiation.handleAnswer(description(SOUND, 'm=video 0 RTP/AVP 96'));
    expect(negotiation.videoSettled).toBe(false);
    become(CAMERA);
    expect(mediaLines(negotiation.createOffer(false))[1]).toBe('m=video 40002 RTP/AVP 97 98');
  });

  it('that were refused for want of a camera are opened; those that cannot be served are not', () => {
    const { negotiation, become } = party(DEAF_CAMERA);
    const offer = description(
      'm=video 5010 RTP/SAVP 96',
      'm=image 5012 udptl t38',
      'm=video 0 RTP/AVP 96',
      ...PICTURE,
      'm=audio 5014 RTP/SAVP 8',
      SOUND,
    );
    const { answer } = accepted(negotiation, offer);
    const before = ['m=video 0', 'm=image 0', 'm=video 0', 'm=video 0', 'm=audio 0'];
    expect(ports(answer)).toEqual([...before, 'm=audio 40000']);
    become(CAMERA);
    expect(ports(negotiation.createOffer(false))).toEqual([
      ...['m=video 0', 'm=image 0', 'm=video 0', 'm=video 40002'],
      ...['m=audio 0', 'm=audio 40000'],
    ]);
  });

  it('stay closed where the peer offered what we cannot send though a camera was there', () => {
    const { negotiation } = party(CAMERA);
    const offer = description(SOUND, 'm=video 5006 RTP/AVP 99', 'a=rtpmap:99 VP8/90000');
    accepted(negotiation, offer);
    expect(negotiation.videoSettled).toBe(true);
    expect(ports(negotiation.createOffer(false))).toEqual(['m=audio 40000', 'm=video 0']);
  });

  it('are ours to open after a re-INVITE that leaves them out', () => {
    const { negotiation } = party(CAMERA);
    negotiation.createOffer(false);
    negotiation.handleAnswer(description(SOUND, ...PICTURE));
    expect(negotiation.videoSettled).toBe(true);
    accepted(negotiation, description(SOUND));
    expect(ports(negotiation.createOffer(false))).toEqual(['m=audio 40000', 'm=video 40002']);
  });

  it('are settled by the answer, and not by any line of another kind', () => {
    const { negotiation } = party(DEAF_CAMERA);
    accepted(negotiation, description(SOUND, 'm=text 5010 RTP/AVP 98', ...PICTURE));
    expect(negotiation.videoSettled).toBe(false);
  });
});

describe('lines of an answer', () => {
  it('count in their places before those that went astray', () => {
    const { negotiation } = party(CAMERA);
    negotiation.createOffer(false);
    const media = negotiation.handleAnswer(
      description('m=video 5020 RTP/AVP 97', ...PICTURE, SOUND),
    );
    expect(media.video?.remote.rtpPort).toBe(5006);
    expect(media.audio.remote.rtpPort).toBe(5004);
  });

  it('of the kind alone do not make up for one that is missing', () => {
    const { negotiation } = party(CAMERA);
    negotiation.createOffer(false);
    const media = negotiation.handleAnswer(description(SOUND, 'm=audio 5020 RTP/AVP 0'));
    expect(media.video).toBeUndefined();
    expect(media.audio.remote.rtpPort).toBe(5004);
  });
});

describe('sound that is laid aside', () => {
  const inCall = () => {
    const { negotiation } = party(DEAF_CAMERA);
    accepted(negotiation, description(SOUND));
    return negotiation;
  };

  it('in the answer to a re-INVITE that holds nobody is a hold, and is asked for again', () => {
    const negotiation = inCall();
    negotiation.createOffer(false);
    const media = negotiation.handleAnswer(description('m=audio 0 RTP/AVP 8'));
    expect(media).toMatchObject({ heldByPeer: true, audio: { direction: 'inactive' } });
    expect(mediaLines(negotiation.createOffer(false))).toEqual(['m=audio 40000 RTP/AVP 8 0 101']);
  });

  it.each<[string, string[]]>([
    ['no line of sound at all', PICTURE],
    ['no line', []],
    ['one of several lines alone', ['m=audio 0 RTP/AVP 8', 'm=audio 5004 RTP/SAVP 8']],
    ['sound that we do not speak', ['m=audio 5004 RTP/AVP 18']],
  ])('is not meant by %s', (_case, lines) => {
    const negotiation = inCall();
    expect(negotiation.handleOffer(description(...lines), false)).toMatchObject({ status: 488 });
    expect(mediaLines(negotiation.createOffer(false))).toEqual(['m=audio 40000 RTP/AVP 8 0 101']);
  });
});

describe('a limit of bandwidth that makes no sense', () => {
  it.each([['b=AS:x'], ['b=AS:-5'], ['b=TIAS:-1'], ['b=AS']])(
    '%s leaves the others in force',
    (nonsense) => {
      const limit = (...lines: string[]) =>
        accepted(party(CAMERA).negotiation, description(SOUND, ...PICTURE, ...lines)).media.video
          ?.maxBitrate;
      expect(limit(nonsense, 'b=TIAS:500000')).toBe(500_000);
      expect(limit(nonsense)).toBeUndefined();
    },
  );
});
