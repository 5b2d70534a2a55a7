import fc from 'fast-check';
import { parse } from 'sdp-transform';
import { describe, expect, it } from 'vitest';
import { Negotiation, parseDescription, SdpException } from '../../src/sdp';
import { CAMERA, description, mediaLines } from './samples';

const fresh = (): Negotiation => new Negotiation({ sessionId: 5, local: () => CAMERA });

const direction = fc.constantFrom('sendrecv', 'sendonly', 'recvonly', 'inactive');
const line = fc
  .record({
    type: fc.constantFrom('audio', 'video', 'application', 'text', 'image'),
    port: fc.integer({ min: 0, max: 65535 }),
    protocol: fc.constantFrom('RTP/AVP', 'RTP/AVPF', 'RTP/SAVP', 'udptl', 'TCP/TLS/BFCP'),
    formats: fc.array(fc.constantFrom('0', '8', '9', '18', '96', '97', '101', '127', '*'), {
      minLength: 1,
      maxLength: 5,
    }),
    direction,
    map: fc.constantFrom('a=rtpmap:96 H264/90000', 'a=rtpmap:97 VP8/90000', 'a=ptime:40', 'a=x:y'),
  })
  .map(({ type, port, protocol, formats, direction: way, map }) =>
    [`m=${type} ${port} ${protocol} ${formats.join(' ')}`, map, `a=${way}`].join('\r\n'),
  );

describe('offer/answer, whatever comes', () => {
  it('reads any text or names what is wrong with it', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc
        .array(fc.string({ maxLength: 60 }))
        .map(
          (lines) => `v=0\r\no=- 1 1 IN IP4 1.1.1.1\r\n${lines.map((l) => `a=${l}`).join('\r\n')}`,
        ),
      fc
        .array(
          fc.tuple(
            fc.constantFrom(
              'm=',
              'c=',
              'a=rtpmap:',
              'a=fmtp:',
              'a=rtcp:',
              'a=rtcp-fb:',
              'o=',
              'b=',
            ),
            fc.string({ maxLength: 30 }),
          ),
        )
        .map((lines) =>
          description(...lines.map(([head, tail]) => head + tail.replace(/[\r\n]/g, ''))),
        ),
    );
    fc.assert(
      fc.property(text, (input) => {
        try {
          parseDescription(input);
        } catch (error) {
          expect(error).toBeInstanceOf(SdpException);
        }
        const outcome = fresh().handleOffer(input, false);
        if (!('answer' in outcome)) expect([400, 488]).toContain(outcome.status);
      }),
      { numRuns: 500 },
    );
  });

  it('answers every line in its place, with the type, the protocol and a format of the offer', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const offer = description(...lines);
        const outcome = fresh().handleOffer(offer, false);
        if (!('answer' in outcome)) return;
        const asked = parse(offer).media;
        const got = parse(outcome.answer).media;
        expect(got.map(({ type, protocol }) => [type, protocol])).toEqual(
          asked.map(({ type, protocol }) => [type, protocol]),
        );
        got.forEach((media, index) => {
          const offered = String(asked[index]?.payloads).split(' ');
          for (const format of String(media.payloads).split(' ')) expect(offered).toContain(format);
          if (asked[index]?.port === 0) expect(media.port).toBe(0);
        });
        expect(got.filter(({ type, port }) => type === 'audio' && port > 0)).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('agrees with itself: one end offers, the other answers, both see the same streams', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (filmed, callerHolds, calleeHolds) => {
        const caller = fresh();
        const callee = new Negotiation({
          sessionId: 6,
          local: () => (filmed ? CAMERA : { address: CAMERA.address, audio: CAMERA.audio }),
        });
        const outcome = callee.handleOffer(caller.createOffer(callerHolds), calleeHolds);
        if (!('answer' in outcome)) throw new Error(outcome.reason);
        const media = caller.handleAnswer(outcome.answer);
        expect(media.audio.codec).toBe(outcome.media.audio.codec);
        const flows = [media.audio.direction, outcome.media.audio.direction].sort().join();
        expect(flows).toBe(
          callerHolds && calleeHolds
            ? 'inactive,inactive'
            : callerHolds || calleeHolds
              ? 'recvonly,sendonly'
              : 'sendrecv,sendrecv',
        );
        // Two cameras without screens: the line lives when both have pictures, and nothing flows.
        expect(media.video?.direction).toBe(filmed ? 'inactive' : undefined);
      }),
    );
  });

  it('keeps lines and payload types through any row of exchanges', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 8 }), (steps) => {
        const us = fresh();
        const them = new Negotiation({ sessionId: 9, local: () => CAMERA });
        us.handleAnswer(answerOf(them, us.createOffer(false), false));
        const shape = mediaLines(us.createOffer(false));
        for (const [ours, hold] of steps) {
          const [from, to] = ours ? [us, them] : [them, us];
          from.handleAnswer(answerOf(to, from.createOffer(hold), false));
        }
        expect(mediaLines(us.createOffer(false))).toEqual(shape);
      }),
    );
  });
});

function answerOf(party: Negotiation, offer: string, onHold: boolean): string {
  const outcome = party.handleOffer(offer, onHold);
  if (!('answer' in outcome)) throw new Error(outcome.reason);
  return outcome.answer;
}
