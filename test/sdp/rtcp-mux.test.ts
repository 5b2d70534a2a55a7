// Shows RFC 5761.

import { describe, expect, it } from 'vitest';
import { type NegotiatedMedia, Negotiation } from '../../src/sdp';
import { CAMERA, description } from './samples';

const SOUND = ['m=audio 5004 RTP/AVP 8', 'a=rtcp-mux'];
const PICTURE = ['m=video 5006 RTP/AVP 96', 'a=rtpmap:96 H264/90000'];
const SHARED = { address: '192.0.2.9', rtpPort: 5004, rtcpPort: 5004, rtcpMux: true };
const APART = { address: '192.0.2.9', rtpPort: 5004, rtcpPort: 5005 };

function call(): Negotiation {
  return new Negotiation({ sessionId: 5, local: () => CAMERA });
}

function answer(
  negotiation: Negotiation,
  ...offer: string[]
): { answer: string; media: NegotiatedMedia } {
  const outcome = negotiation.handleOffer(description(...offer), false);
  if (!('answer' in outcome)) throw new Error(`${outcome.status} ${outcome.reason}`);
  return outcome;
}

function shared(text: string): number {
  return text.match(/a=rtcp-mux\r\n/g)?.length ?? 0;
}

describe('RTCP on the port of RTP (RFC 5761)', () => {
  it('is answered, line by line, where it is offered', () => {
    const both = answer(call(), ...SOUND, ...PICTURE, 'a=rtcp-mux');
    expect(shared(both.answer)).toBe(2);
    expect(both.media.audio.remote).toEqual(SHARED);
    expect(both.media.video?.remote).toMatchObject({ rtcpPort: 5006, rtcpMux: true });

    const one = answer(call(), ...SOUND, ...PICTURE);
    expect(one.answer.split('m=video')[0]).toContain('a=rtcp-mux');
    expect(shared(one.answer)).toBe(1);
    expect(one.media.video?.remote).toEqual({ ...APART, rtpPort: 5006, rtcpPort: 5007 });
  });

  it('makes of no account where a=rtcp sends those who do not share (§5.1.1)', () => {
    const { media } = answer(call(), ...SOUND, 'a=rtcp:6001 IN IP4 203.0.113.7');
    expect(media.audio.remote).toEqual(SHARED);
  });

  it('is not taken with payload types that look like RTCP (§4)', () => {
    for (const number of [64, 72, 95]) {
      const offer = [`m=audio 5004 RTP/AVP ${number}`, `a=rtpmap:${number} PCMA/8000`];
      const { answer: text, media } = answer(call(), ...offer, 'a=rtcp-mux');
      expect(shared(text)).toBe(0);
      expect(media.audio.remote).toEqual(APART);
    }
  });

  it('is offered line by line, and done where the answer takes it', () => {
    const ours = call();
    expect(shared(ours.createOffer(false))).toBe(2);
    const { audio, video } = ours.handleAnswer(description(...SOUND, ...PICTURE));
    expect(audio.remote).toEqual(SHARED);
    expect(video?.remote).toEqual({ ...APART, rtpPort: 5006, rtcpPort: 5007 });
    expect(shared(ours.createOffer(false))).toBe(1);
  });

  it('is not insisted on: an answer that does not speak of it has two ports, and is not asked again', () => {
    const ours = call();
    ours.createOffer(false);
    expect(ours.handleAnswer(description('m=audio 5004 RTP/AVP 8')).audio.remote).toEqual(APART);
    expect(shared(ours.createOffer(false))).toBe(0);
  });

  it('stays as agreed in a later offer of ours, until the far end leaves it', () => {
    const theirs = call();
    answer(theirs, ...SOUND, ...PICTURE, 'a=rtcp-mux');
    expect(shared(theirs.createOffer(true))).toBe(2);
    const held = theirs.handleAnswer(description(...SOUND, ...PICTURE));
    expect(held.audio.remote).toEqual(SHARED);
    expect(held.video?.remote).not.toHaveProperty('rtcpMux');
    expect(shared(theirs.createOffer(false))).toBe(1);
    expect(theirs.handleAnswer(description('m=audio 5004 RTP/AVP 8')).audio.remote).toEqual(APART);
    expect(shared(theirs.createOffer(false))).toBe(0);
  });

  it('ends when a later offer of the far end is without it', () => {
    const theirs = call();
    answer(theirs, ...SOUND);
    const again = answer(theirs, 'm=audio 5004 RTP/AVP 8');
    expect(shared(again.answer)).toBe(0);
    expect(again.media.audio.remote).toEqual(APART);
  });
});
