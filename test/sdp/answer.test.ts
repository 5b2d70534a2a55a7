// Shows RFC 3264, 4585.

import { describe, expect, it } from 'vitest';
import { examineOffer } from '../../src/sdp';
import { answered, refused } from './negotiated';
import { CAMERA, DEAF_CAMERA, description, mediaLines } from './samples';

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

  it('answers feedback of RTP/AVPF in kind: packets once more and key frames', () => {
    const { answer } = answered(
      description(
        'm=audio 5004 RTP/AVPF 8',
        'm=video 5006 RTP/AVPF 96',
        'a=rtpmap:96 H264/90000',
        'a=rtcp-fb:96 nack pli',
        'a=rtcp-fb:96 nack',
        'a=rtcp-fb:* ccm fir',
        'a=rtcp-fb:96 ccm tmmbr',
        'a=rtcp-fb:96 ccm vbcm',
      ),
    );
    expect(answer.match(/a=rtcp-fb.*/g)).toEqual([
      'a=rtcp-fb:96 nack',
      'a=rtcp-fb:96 nack pli',
      'a=rtcp-fb:96 ccm fir',
      'a=rtcp-fb:96 ccm tmmbr',
    ]);
  });
});
