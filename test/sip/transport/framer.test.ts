import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Framer } from '../../../src/sip/transport/framer';
import { expectLinear } from '../../support/linear';

const message = (body = '', length: string | number = body.length, name = 'Content-Length') =>
  `OPTIONS sip:car@example.org SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n${name}: ${length}\r\n\r\n${body}`;

/** What the pieces are cut into, in words. */
const cut = (pieces: readonly string[], limit = 1000): string[] => {
  const framer = new Framer(limit);
  return pieces.flatMap((piece) =>
    framer
      .push(Buffer.from(piece, 'latin1'))
      .map((frame) =>
        frame.kind === 'message'
          ? Buffer.from(frame.bytes).toString('latin1')
          : frame.kind === 'broken'
            ? frame.problem
            : 'ping',
      ),
  );
};

describe('a stream of SIP messages', () => {
  it('is cut by Content-Length, whatever stands in the bodies', () => {
    const tricky = message('OPTIONS sip:x SIP/2.0\r\n\r\n');
    expect(cut([message('hello') + tricky + message()])).toEqual([
      message('hello'),
      tricky,
      message(),
    ]);
  });

  test.each(['Content-Length', 'content-LENGTH', 'l', 'L', 'Content-Length '])(
    'knows the field as %s',
    (name) => {
      expect(cut([message('12345', 5, name) + message()])).toEqual([
        message('12345', 5, name),
        message(),
      ]);
    },
  );

  it('knows a length on a continued line, and heads whose lines end in LF alone', () => {
    const folded = message('12345', '\r\n 5');
    const bare = 'BYE sip:x SIP/2.0\nContent-Length: 2\n\nab';
    expect(cut([folded + bare + message()])).toEqual([folded, bare, message()]);
  });

  it('takes a message without a length for one without a body', () => {
    const plain = 'OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n\r\n';
    expect(cut([plain + message('a')])).toEqual([plain, message('a')]);
  });

  it('is the same in whatever pieces it comes', () => {
    const stream = `\r\n\r\n${message('hello')}\r\n${message()}\r\n\r\n${message('\n\n\r\n')}`;
    const whole = cut([stream]);
    expect(whole).toEqual(['ping', message('hello'), message(), 'ping', message('\n\n\r\n')]);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 30 }), (places) => {
        const cuts = [0, ...places.sort((a, b) => a - b), stream.length];
        expect(cut(cuts.map((place, i) => stream.slice(place, cuts[i + 1])))).toEqual(whole);
      }),
    );
    expect(cut([...stream])).toEqual(whole);
  });

  it('keeps nothing of the octets it was given', () => {
    const framer = new Framer(1000);
    const chunk = Buffer.from(message('hello'));
    const [frame] = framer.push(chunk);
    chunk.fill(0);
    expect(frame).toMatchObject({ kind: 'message', bytes: Buffer.from(message('hello')) });
  });

  it.each([
    ['two lengths', message('ab', '2\r\nContent-Length: 3')],
    ['no number', message('ab', 'x')],
    ['a negative number', message('ab', '-1')],
    ['an empty one', message('ab', '')],
  ])('ends where a length cannot be read, with what is owed a 400: %s', (_, text) => {
    const head = text.slice(0, text.indexOf('\r\n\r\n') + 4);
    expect(cut([text, message()])).toEqual([
      head,
      'expected SIP messages, found a Content-Length that cannot be read',
    ]);
  });

  it('may say its length twice', () => {
    const twice = message('ab', '2\r\nl: 2');
    expect(cut([twice + message()])).toEqual([twice, message()]);
  });

  it.each([
    ['a length beyond the bound', [message('', 1000)]],
    ['a length beyond all bounds', [message('', '9'.repeat(400))]],
    ['a head without end', Array<string>(20).fill(`X: ${'x'.repeat(60)}\r\n`)],
    ['a line without end', ['y'.repeat(2000)]],
  ])('ends at %s, and holds nothing of it', (_, pieces) => {
    const framer = new Framer(1000);
    const frames = pieces.flatMap((piece) => framer.push(Buffer.from(piece)));
    expect(frames).toEqual([
      { kind: 'broken', problem: 'expected SIP messages, found a message that is too long' },
    ]);
    expect(framer.isWithinMessage).toBe(false);
  });

  it('takes a message as long as the bound, and not one octet more', () => {
    const room = 1000 - message('', 100).length;
    expect(cut([message('x'.repeat(room)).replace(/: \d+\r/, `: ${room}\r`)])).toHaveLength(1);
    expect(cut([message('x'.repeat(room), room)])).toEqual([message('x'.repeat(room), room)]);
    expect(cut([message('x'.repeat(room + 1), room + 1)])).toEqual([
      expect.stringContaining('too long'),
    ]);
  });

  it('takes time in proportion to its length, octet by octet too', () => {
    const octet = Buffer.from('x');
    expectLinear(
      (length) => 'x'.repeat(3 * length),
      ({ length }) => {
        const framer = new Framer(1_000_000);
        for (let i = 0; i < length; i++) framer.push(octet);
      },
    );
  });
});
