import { describe, expect, it } from 'vitest';
import { type LocalMedia, Negotiation } from '../../src/sdp';
import { answered, negotiation, refused } from './negotiated';
import { CAMERA, DEAF_CAMERA, description, mediaLines } from './samples';

const WIDE_CAMERA: LocalMedia = {
  ...DEAF_CAMERA,
  audio: { ...DEAF_CAMERA.audio, codecs: ['G722', 'PCMA'] },
};

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
      'a=rtcp-mux',
      'a=rtcp-xr:rcvr-rtt=all:12 voip-metrics',
      'm=video 40002 RTP/AVP 96 97',
      'a=rtpmap:96 H264/90000',
      'a=rtpmap:97 H264/90000',
      'a=fmtp:96 profile-level-id=42c01f;level-asymmetry-allowed=1;packetization-mode=1;sprop-parameter-sets=Z0LA,aM4=',
      'a=fmtp:97 profile-level-id=42c01f;level-asymmetry-allowed=1;packetization-mode=0;sprop-parameter-sets=Z0LA,aM4=',
      'a=rtcp-fb:* nack',
      'a=rtcp-fb:* nack pli',
      'a=rtcp-fb:* ccm fir',
      'a=rtcp-fb:* ccm tmmbr',
      'a=rtcp-fb:* goog-remb',
      'a=sendonly',
      'a=rtcp-mux',
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
