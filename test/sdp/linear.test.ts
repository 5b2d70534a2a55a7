import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { Negotiation } from '../../src/sdp';
import { expectLinear } from '../support/linear';
import { CAMERA, description } from './samples';

interface Rule {
  readonly reg?: RegExp;
}
const grammar: Readonly<Record<string, readonly Rule[]>> = createRequire(import.meta.url)(
  'sdp-transform/lib/grammar',
);

/** What an attacker would repeat: each is the weak spot of some expression. */
const FILLERS = [
  ' ',
  '\t',
  '0',
  '9',
  'a',
  ';',
  '=',
  '; a=',
  '/',
  '.',
  ':',
  ',',
  '[',
  '] [',
  '-',
  '+',
  '%',
];
const REPEATED_LINES = ['a=x', 'm=x 0 y 0', 'c=IN IP4 1.1.1.1', 'b=AS:1', 'x', '=', ' ', ''];

/** Every field of a description that is read, with the place where it grows. */
const FIELDS = [
  'v=0$',
  'o=$',
  'o=- 1 1 IN IP4 $',
  's=$',
  't=$',
  'c=$',
  'c=IN IP4 $',
  'c=IN IP6 ::$x',
  'b=$',
  'b=AS:$',
  'a=$',
  'a=$:',
  'a=group:BUNDLE $',
  'm=$',
  'm=audio$5004 RTP/AVP 8',
  'm=audio $',
  'm=audio 5004 $',
  'm=audio 5004 RTP/AVP $',
  'm=audio 5004 RTP/AVP 8$x',
  ...['i', 'u', 'e', 'p', 'k', 'r', 'z'].map((type) => `${type}=$`),
  'a=rtpmap:$',
  'a=rtpmap:8 $',
  'a=rtpmap:8 PCMA/8000$',
  'a=fmtp:$',
  'a=fmtp:96 $x',
  'a=ptime:$x',
  'a=maxptime:1$x',
  'a=rtcp:$x',
  'a=rtcp:1 IN IP4 $',
  'a=rtcp-fb:* $',
  'a=sendrecv$',
  'a=candidate:$ 1 UDP',
  'a=crypto:1 $',
  'a=simulcast:send $!',
  'a=simulcast: $',
  'a=imageattr:* send $',
  'a=extmap:1 $',
  'a=ssrc-group:$',
  'a=source-filter:$',
  'a=mediaclk:$',
  'a=floorid:$',
  'a=fingerprint:$',
  '$',
];

/** Whatever else the parser has an expression for, read or not. */
const ATTRIBUTES = Object.values(grammar)
  .flat()
  .map(({ reg }) => /^\^\(?([a-z-]+):/.exec(reg?.source ?? '')?.[1])
  .filter((name) => name !== undefined);

const run = (offer: string): void => {
  const call = new Negotiation({ sessionId: 5, local: () => CAMERA });
  call.handleOffer(offer, false);
  call.createOffer(false);
  try {
    call.handleAnswer(offer);
  } catch {
    // Most are no answers; only the time counts.
  }
};

describe('the time that a description takes grows with its length and no faster', () => {
  it('in every attribute that the parser knows', () => {
    expect(ATTRIBUTES.length).toBeGreaterThan(35);
  });

  it.each([
    ...FIELDS,
    ...[...new Set(ATTRIBUTES)].flatMap((name) => [`a=${name}:$`, `a=${name}:1 a $ !`]),
  ])('in %j', (field) => {
    for (const filler of FILLERS) {
      expectLinear((length) => {
        const line = field.replace('$', () => filler.repeat(length / filler.length));
        return description(
          'm=audio 5004 RTP/AVP 8',
          'm=video 5006 RTP/AVP 96',
          'a=rtpmap:96 H264/90000',
          line,
        );
      }, run);
    }
  });

  it.each(REPEATED_LINES)('in the number of lines %j', (line) => {
    expectLinear(
      (length) => description(...Array<string>(length / 8).fill(line.padEnd(8, ' '))),
      run,
    );
  });
});
