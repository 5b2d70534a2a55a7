import { describe, expect, it } from 'vitest';
import { type LocalMedia, type NegotiatedMedia, Negotiation } from '../../src/sdp';
import { CAMERA, DEAF_CAMERA, description, mediaLines } from './samples';

function answered(offer: string, local = DEAF_CAMERA): { answer: string; media: NegotiatedMedia } {
  const outcome = new Negotiation({ sessionId: 5, local: () => local }).handleOffer(offer, false);
  if (!('answer' in outcome)) throw new Error(`${outcome.status} ${outcome.reason}`);
  return outcome;
}

const SOUND = 'm=audio 5004 RTP/AVP 8';
const HEARD = {
  codec: 'PCMA',
  payloadType: 8,
  remote: { address: '192.0.2.9', rtpPort: 5004, rtcpPort: 5005 },
  direction: 'sendrecv',
};

describe('what nobody needs of a description costs nothing', () => {
  const whole = description(SOUND);
  it.each<[string, string]>([
    ['o= without a user', whole.replace('o=- 7', 'o= 7')],
    ['o= without an address', whole.replace('IP4 192.0.2.9\r\ns', 'IP4\r\ns')],
    ['o= with one number', whole.replace('o=- 7 1', 'o=user 7')],
    ['o= with a blank in the user', whole.replace('o=-', 'o=Front Door')],
    ['no o=, no s=, no t=', whole.replace(/[ost]=.*\r\n/g, '')],
    ['no v=', whole.replace('v=0\r\n', '')],
    ['two of everything', whole.replace(/([vost]=.*\r\n)/g, '$1$1')],
    ['an empty s=', whole.replace('s=-', 's=')],
    ['lines that no one knows', whole.replace('t=', 'y=0100\r\nx=1\r\nk=prompt\r\nfoo\r\n=\r\nt=')],
    ['attributes that no one knows', `${whole}a=\r\na=:\r\na=silenceSupp:off - - -\r\na=x\r\n`],
    ['lines that end in LF', whole.replace(/\r\n/g, '\n')],
    ['lines that end in CR', whole.replace(/\r\n/g, '\r')],
    ['no end of the last line', whole.trimEnd()],
    ['blank lines', `\r\n${whole.replace(/\r\n/g, '\r\n\r\n')}`],
    ['blanks at both ends', whole.replace(/(.*)\r\n/g, ' $1 \t\r\n')],
    [
      'a tab and two blanks for one',
      whole.replace('audio 5004', 'audio\t5004').replace('AVP 8', 'AVP  8'),
    ],
    ['RTP in small letters', whole.replace('RTP/AVP', 'rtp/avp')],
    ['number of ports', whole.replace('5004', '5004/2')],
    ['a time to live', whole.replace('c=IN IP4 192.0.2.9', 'c=IN IP4 192.0.2.9/127')],
    ['c= of the line alone', `${whole.replace(/c=.*\r\n/, '')}c=IN IP4 192.0.2.9\r\n`],
    [
      'c= of the line before that of the session',
      `${whole.replace('c=IN IP4 192.0.2.9', 'c=IN IP4 203.0.113.1')}c=IN IP4 192.0.2.9\r\n`,
    ],
    ['a group of bundled lines', `${whole.replace('t=', 'a=group:BUNDLE a v\r\nt=')}a=mid:a\r\n`],
    ['c= in small letters', whole.replace('IN IP4 192.0.2.9\r\nt', 'in ip4 192.0.2.9\r\nt')],
    ['m= in capitals', whole.replace('m=audio', 'm=AUDIO')],
    ['names of attributes in capitals', `${whole}a=RTPMAP:8 pcma/8000\r\na=SendRecv\r\n`],
  ])('%s', (_case, offer) => {
    const { answer, media } = answered(offer);
    expect(media.audio).toMatchObject(HEARD);
    expect(mediaLines(answer)[0]?.toUpperCase()).toBe('M=AUDIO 40000 RTP/AVP 8');
    expect(mediaLines(answer)).toHaveLength(1);
  });
});

describe('a line that cannot be served is answered by port 0 and costs no other', () => {
  it.each([
    ['m=video 0 RTP/AVP', 'm=video 0 RTP/AVP 0'],
    ['m=video 0 RTP/AVP 255', 'm=video 0 RTP/AVP 255'],
    ['m=video 5006 RTP/AVP', 'm=video 0 RTP/AVP 0'],
    ['m=video 0 RTP/AVPF 96\r\na=inactive', 'm=video 0 RTP/AVPF 96'],
    ['m=application 9 TCP/MRCPv2', 'm=application 0 TCP/MRCPv2 0'],
    ['m=application 9 TCP/MRCPv2 1', 'm=application 0 TCP/MRCPv2 1'],
    [
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      'm=application 0 UDP/DTLS/SCTP webrtc-datachannel',
    ],
    ['m=application 0 UDP/BFCP *', 'm=application 0 UDP/BFCP *'],
    ['m=image 5010 udptl t38', 'm=image 0 udptl t38'],
    ['m=message 2855 TCP/MSRP *', 'm=message 0 TCP/MSRP *'],
    ['m=audio 9 UDP/TLS/RTP/SAVPF 8', 'm=audio 0 UDP/TLS/RTP/SAVPF 8'],
    ['m=audio 5010 RTP/SAVP 8\r\na=crypto:1 X inline:y', 'm=audio 0 RTP/SAVP 8'],
    ['m=audio 99999 RTP/AVP 8', 'm=audio 0 RTP/AVP 8'],
    ['m=audio 0 RTP/AVP 8\r\nc=IN IP4 203.0.113.9', 'm=audio 0 RTP/AVP 8'],
    ['m=audio', 'm=audio 0 RTP/AVP 0'],
    ['m=', 'm=unknown 0 RTP/AVP 0'],
    ['m=audio $ RTP/AVP 8', 'm=audio 0 RTP/AVP 8'],
  ])('%s', (line, refusal) => {
    const before = answered(description(line, 'm=audio 5004 RTP/AVP 8'));
    expect(mediaLines(before.answer)).toEqual([refusal, 'm=audio 40000 RTP/AVP 8']);
    const behind = answered(description(SOUND, line));
    expect(mediaLines(behind.answer)).toEqual(['m=audio 40000 RTP/AVP 8', refusal]);
    for (const { media } of [before, behind]) expect(media.audio).toMatchObject(HEARD);
  });

  it('needs no address behind port 0', () => {
    const offer = description(SOUND, 'c=IN IP4 192.0.2.9', 'm=video 0 RTP/AVP 96');
    const { answer } = answered(offer.replace(/c=.*\r\n/, ''));
    expect(mediaLines(answer)).toEqual(['m=audio 40000 RTP/AVP 8', 'm=video 0 RTP/AVP 96']);
  });

  it('serves the first of several lines of sound', () => {
    const { answer, media } = answered(
      description('m=audio 5010 RTP/AVP 18', SOUND, 'm=audio 5014 RTP/AVP 0'),
    );
    expect(media.audio.remote.rtpPort).toBe(5004);
    expect(mediaLines(answer)).toEqual([
      'm=audio 0 RTP/AVP 18',
      'm=audio 40000 RTP/AVP 8',
      'm=audio 0 RTP/AVP 0',
    ]);
  });
});

describe('formats of sound, as the field writes them', () => {
  const sound = (formats: string, ...lines: string[]): NegotiatedMedia['audio'] =>
    answered(description(`m=audio 5004 RTP/AVP ${formats}`, ...lines)).media.audio;

  it.each<[string, string, string[], object]>([
    ['static numbers need no a=rtpmap', '9 0 3', [], { codec: 'PCMU', payloadType: 0 }],
    ['names in any case', '0', ['a=rtpmap:0 pCmU/8000'], { codec: 'PCMU', payloadType: 0 }],
    ['one channel, said or not', '8', ['a=rtpmap:8 PCMA/8000/1'], { codec: 'PCMA' }],
    ['a forgotten clock rate', '97', ['a=rtpmap:97 PCMA'], { codec: 'PCMA', payloadType: 97 }],
    [
      'a static number that means something else',
      '8 0',
      ['a=rtpmap:8 iLBC/8000'],
      { payloadType: 0 },
    ],
    ['a number listed twice', '8 8 8', [], { receive: [{ codec: 'PCMA', payloadType: 8 }] }],
    [
      'a number mapped twice: the first stands',
      '97',
      ['a=rtpmap:97 PCMU/8000', 'a=rtpmap:97 PCMA/8000'],
      { codec: 'PCMU' },
    ],
    [
      'a map of a number that is not listed',
      '8',
      ['a=rtpmap:101 telephone-event/8000'],
      { codec: 'PCMA' },
    ],
    ['blanks behind the colon', '97', ['a=rtpmap: 97 PCMA/8000'], { payloadType: 97 }],
    ['nonsense in the list', '8x -1 128 999 8', [], { payloadType: 8 }],
  ])('%s', (_case, formats, lines, expected) => {
    expect(sound(formats, ...lines)).toMatchObject(expected);
  });

  it('receives every format that it answered, at any time (RFC 3264 §6.1)', () => {
    const offer = description(
      'm=audio 5004 RTP/AVP 107 97 101 0 13 8',
      'a=rtpmap:107 opus/48000/2',
      'a=rtpmap:97 PCMA/8000',
      'a=rtpmap:101 telephone-event/8000',
    );
    const { answer, media } = answered(offer);
    expect(mediaLines(answer)).toEqual(['m=audio 40000 RTP/AVP 97 0 8 13 101']);
    expect(media.audio).toMatchObject({
      codec: 'PCMA',
      payloadType: 97,
      receive: [
        { codec: 'PCMA', payloadType: 97 },
        { codec: 'PCMU', payloadType: 0 },
        { codec: 'PCMA', payloadType: 8 },
      ],
      alsoMarks: [{ kind: 'noise', payloadType: 13, clockRate: 8000 }],
      telephoneEvent: 101,
    });
  });

  it('answers telephone-event under the number of the offer, at the clock rate of the sound', () => {
    const lines = ['a=rtpmap:102 telephone-event/48000', 'a=rtpmap:126 TELEPHONE-EVENT/8000'];
    const { answer, media } = answered(description('m=audio 5004 RTP/AVP 102 126 8', ...lines));
    expect(media.audio.telephoneEvent).toBe(126);
    expect(answer).toContain('a=rtpmap:126 telephone-event/8000\r\na=fmtp:126 0-15\r\n');
    expect(answer).not.toContain('102');
    expect(sound('8 102', 'a=rtpmap:102 telephone-event/48000').telephoneEvent).toBeUndefined();
  });
});

describe('the answer to our offer, as the field writes it', () => {
  const asked = (answer: string, local: LocalMedia = CAMERA): NegotiatedMedia => {
    const call = new Negotiation({ sessionId: 5, local: () => local });
    call.createOffer(false);
    return call.handleAnswer(answer);
  };
  const PICTURE = 'm=video 5006 RTP/AVP 96';

  it.each([
    ['fewer lines', description(SOUND)],
    ['a picture refused without a format', description(SOUND, 'm=video 0 RTP/AVP')],
    [
      'a picture of a codec that we did not offer',
      description(SOUND, PICTURE, 'a=rtpmap:96 VP8/90000'),
    ],
    ['a picture over SRTP', description(SOUND, 'm=video 5006 RTP/SAVP 96')],
    ['another kind in its place', description(SOUND, 'm=image 5006 udptl t38')],
    ['a line that cannot be read', description(SOUND, 'm=video')],
  ])('loses the picture alone: %s', (_case, answer) => {
    const media = asked(answer);
    expect(media.audio).toMatchObject(HEARD);
    expect(media.video).toBeUndefined();
  });

  it.each([
    ['a refused line more', description(SOUND, PICTURE, 'm=text 0 RTP/AVP 98')],
    ['two lines more', description(SOUND, PICTURE, 'm=video 5010 RTP/AVP 97', 'm=x 1 y z')],
    ['the lines in another order', description(PICTURE, SOUND)],
    ['no word of what the number means', description(SOUND, PICTURE)],
  ])('loses nothing: %s', (_case, answer) => {
    const media = asked(answer);
    expect(media.audio).toMatchObject(HEARD);
    expect(media.video).toMatchObject({ payloadType: 96, packetizationMode: 1 });
  });

  it('passes over formats that we did not offer', () => {
    const lines = ['a=rtpmap:18 G729/8000', 'a=rtpmap:99 opus/48000/2'];
    const media = asked(description('m=audio 5004 RTP/AVP 18 99 0', ...lines), DEAF_CAMERA);
    expect(media.audio).toMatchObject({ codec: 'PCMU', payloadType: 0 });
  });

  it('hears what it offered under its own numbers and under those of the answer', () => {
    const media = asked(description('m=audio 5004 RTP/AVP 100', 'a=rtpmap:100 PCMU/8000'));
    expect(media.audio).toMatchObject({
      codec: 'PCMU',
      payloadType: 100,
      receive: [
        { codec: 'PCMU', payloadType: 100 },
        { codec: 'PCMA', payloadType: 8 },
        { codec: 'PCMU', payloadType: 0 },
      ],
    });
  });

  it('sends events when the answer has them, under its number', () => {
    expect(asked(description('m=audio 5004 RTP/AVP 8 101')).audio.telephoneEvent).toBe(101);
    const other = description('m=audio 5004 RTP/AVP 8 96', 'a=rtpmap:96 telephone-event/8000');
    expect(asked(other).audio.telephoneEvent).toBe(96);
    expect(asked(description(SOUND)).audio.telephoneEvent).toBeUndefined();
  });
});

describe('sound that is laid aside in mid-call by port 0', () => {
  const inCall = (): Negotiation => {
    const call = new Negotiation({ sessionId: 5, local: () => DEAF_CAMERA });
    call.handleOffer(description(SOUND), false);
    return call;
  };

  it('is answered so, counts as held, and comes back with the next offer of either side', () => {
    const call = inCall();
    const outcome = call.handleOffer(description('m=audio 0 RTP/AVP 8'), false);
    expect(outcome).toMatchObject({
      media: { heldByPeer: true, audio: { ...HEARD, direction: 'inactive' } },
    });
    expect('answer' in outcome && mediaLines(outcome.answer)).toEqual(['m=audio 0 RTP/AVP 8']);
    expect(mediaLines(call.createOffer(false))).toEqual(['m=audio 40000 RTP/AVP 8 0 101']);
    expect(call.handleOffer(description(SOUND), false)).toMatchObject({
      media: { heldByPeer: false, audio: HEARD },
    });
  });

  it('takes the picture with it, and both come back', () => {
    const call = new Negotiation({ sessionId: 5, local: () => CAMERA });
    call.createOffer(false);
    call.handleAnswer(description(SOUND, 'm=video 5006 RTP/AVP 96'));
    call.createOffer(true);
    const held = call.handleAnswer(description('m=audio 0 RTP/AVP 8', 'm=video 0 RTP/AVP 96'));
    expect(held).toMatchObject({ heldByPeer: false, audio: { direction: 'inactive' } });
    expect(held.video).toBeUndefined();
    expect(mediaLines(call.createOffer(false)).map((line) => line.split(' ')[1])).toEqual([
      '40000',
      '40002',
    ]);
  });

  it('is no answer to a first offer', () => {
    const call = new Negotiation({ sessionId: 5, local: () => DEAF_CAMERA });
    call.createOffer(false);
    expect(() => call.handleAnswer(description('m=audio 0 RTP/AVP 8'))).toThrow('no usable audio');
  });

  it('is offered on one line, whatever was refused before it', () => {
    const call = new Negotiation({ sessionId: 5, local: () => DEAF_CAMERA });
    call.handleOffer(description('m=audio 0 RTP/AVP 8', SOUND), false);
    expect(mediaLines(call.createOffer(true))).toEqual([
      'm=audio 0 RTP/AVP 8',
      'm=audio 40000 RTP/AVP 8 0 101',
    ]);
  });
});

describe('where the peer receives', () => {
  const remote = (...lines: string[]): NegotiatedMedia['audio']['remote'] =>
    answered(description(SOUND, ...lines)).media.audio.remote;
  const there = HEARD.remote;

  it('takes RTCP where RFC 3605 says: another port, another address', () => {
    expect(remote('a=rtcp:6001')).toEqual({ ...there, rtcpPort: 6001 });
    expect(remote('a=rtcp:6001 IN IP4 192.0.2.9')).toEqual({ ...there, rtcpPort: 6001 });
    expect(remote('a=rtcp:6001 IN IP4 203.0.113.7')).toEqual({
      ...there,
      rtcpPort: 6001,
      rtcpAddress: '203.0.113.7',
    });
    expect(remote('a=rtcp:6001 IN IP4 relay.example.org').rtcpAddress).toBe('relay.example.org');
    for (const odd of ['a=rtcp:', 'a=rtcp:0', 'a=rtcp:99999', 'a=rtcp:x', 'a=rtcp:5005 IN IP4']) {
      expect(remote(odd)).toEqual(there);
    }
  });

  it('leaves host names to be looked up', () => {
    expect(remote('c=IN IP4 phone-1.example.org').address).toBe('phone-1.example.org');
    expect(remote('c=IN IP4 localhost').address).toBe('localhost');
  });

  it('knows the old-style hold in either family of addresses', () => {
    for (const zeros of ['c=IN IP4 0.0.0.0', 'c=IN IP6 ::']) {
      const { media } = answered(description(SOUND, zeros));
      expect(media).toMatchObject({ heldByPeer: true, audio: { direction: 'recvonly' } });
    }
  });
});
