import { describe, expect, it } from 'vitest';
import { libertyNames } from '../../../src/sip/message/leniency';
import { findTag, readLooseNameAddr } from '../../../src/sip/message/loose-name-addr';
import { readUri } from '../../../src/sip/message/uri-parser';
import { ValueReader } from '../../../src/sip/message/value-reader';

const QUOTES = 'quotes inferred in a display name';
const UNESCAPED = 'blanks or unescaped characters in a URI';
const BAD_PARAM = 'a parameter that cannot be read';
const EMPTY_PARAM = 'an empty parameter';
const NO_PORT = 'a colon without a port';

/** What is read of `text` between two characters that are not its own. */
function within<Value>(text: string, read: (reader: ValueReader) => Value) {
  const reader = new ValueReader(`<${text}>`, 1, text.length + 1);
  const value = read(reader);
  return { value, rest: reader.text.slice(reader.position, reader.end), reader };
}

describe('a URI, up to what none contains', () => {
  /** Scheme, user, password, host, port, parameters, headers; what is left; liberties taken. */
  const parts = (text: string) => {
    const { value, rest, reader } = within(text, readUri);
    if (!value) return undefined;
    const liberties = libertyNames(reader.liberties);
    if (value.kind === 'other') return [value.scheme, value.opaque, rest];
    const { scheme, user, password, host, port, params, headers } = value;
    const read = [scheme, user, password, host, port, `${params}`, headers.format('&')];
    return [...read, rest, ...liberties];
  };
  const none = undefined;

  it.each<[string, unknown[] | undefined]>([
    ['sip:h', ['sip', none, none, 'h', none, '', '', '']],
    ['SIP:h', ['sip', none, none, 'h', none, '', '', '']],
    ['sips:h', ['sips', none, none, 'h', none, '', '', '']],
    ['SiPs:u@h', ['sips', 'u', none, 'h', none, '', '', '']],
    ['sip:u:p@h:1', ['sip', 'u', 'p', 'h', 1, '', '', '']],
    ['sip:u:@h', ['sip', 'u', '', 'h', none, '', '', '']],
    ['sip:u:p:q@h', ['sip', 'u', 'p:q', 'h', none, '', '', '']],
    ['sip:u;a=b?c/d@h', ['sip', 'u;a=b?c/d', none, 'h', none, '', '', '']],
    ['sip:\u00e4#@h', ['sip', '\u00e4#', none, 'h', none, '', '', '']],
    ['sip:@h', ['sip', none, none, 'h', none, '', '', '', UNESCAPED]],
    ['sip::p@h', none],
    ['sip::@h', none],
    ['sip:u@', none],
    ['sip:', none],
    ['sip:u v@h', ['sip', none, none, 'u', none, '', '', ' v@h']],
    ['sip:u"@h', ['sip', none, none, 'u', none, '', '', '"@h']],
    ['sip:h:0', ['sip', none, none, 'h', 0, '', '', '']],
    ['sip:h:65535', ['sip', none, none, 'h', 65535, '', '', '']],
    ['sip:h:00080', ['sip', none, none, 'h', 80, '', '', '']],
    ['sip:h:65536', none],
    ['sip:h:000080', none],
    ['sip:h:', ['sip', none, none, 'h', none, '', '', '', NO_PORT]],
    ['sip:h:;lr', ['sip', none, none, 'h', none, ';lr', '', '', NO_PORT]],
    ['sip:h:x', ['sip', none, none, 'h', none, '', '', 'x', NO_PORT]],
    ['sip:h;a;b=1;c=', ['sip', none, none, 'h', none, ';a;b=1;c=', '', '']],
    ['sip:h;a=b=c', ['sip', none, none, 'h', none, ';a=b=c', '', '']],
    ['sip:h;;a;', ['sip', none, none, 'h', none, ';a', '', '', EMPTY_PARAM]],
    ['sip:h;=a', none],
    ['sip:h;a=1 ;b', ['sip', none, none, 'h', none, ';a=1', '', ' ;b']],
    ['sip:h?a=1&b=2', ['sip', none, none, 'h', none, '', '&a=1&b=2', '']],
    ['sip:h;p?a=1;q', ['sip', none, none, 'h', none, ';p', '&a=1;q', '']],
    ['sip:h?a=&b=', ['sip', none, none, 'h', none, '', '&a=&b=', '']],
    ['sip:h?a=b=c?d', ['sip', none, none, 'h', none, '', '&a=b=c?d', '']],
    ['sip:h?a', none],
    ['sip:h?=a', none],
    ['sip:h?', none],
    ['sip:h?a=1&', none],
    ['sip:h?a&b=1', none],
    ['sip:[::1]', ['sip', none, none, '::1', none, '', '', '']],
    ['sip:u@[2001:DB8::1]:5;lr', ['sip', 'u', none, '2001:DB8::1', 5, ';lr', '', '']],
    ['sip:[2001:db8:::192.0.2.1]', ['sip', none, none, '2001:db8::192.0.2.1', none, '', '', '']],
    ['sip:[1:2:3:4:5:6:192.0.2.1]', ['sip', none, none, '1:2:3:4:5:6:192.0.2.1', none, '', '', '']],
    ['sip:[::1', none],
    ['sip:[::1)', none],
    ['sip:[]', none],
    ['sip:[::g]', none],
    ['sip:[::ffffff]', none],
    [`sip:[${'0'.repeat(40)}::1]`, none],
    ['tel:+1', ['tel', '+1', '']],
    ['TEL:+1 x', ['TEL', '+1', ' x']],
    ['tel:', none],
    ['tel', none],
    [':x', none],
    ['', none],
    ['si:p', ['si', 'p', '']],
    ['sipx:h', ['sipx', 'h', '']],
  ])('%s', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });
});

describe('an address that the grammar does not have', () => {
  /** Name, URI and parameters; what is left; liberties taken. */
  const loose = (text: string) => {
    const { value, rest, reader } = within(text, readLooseNameAddr);
    if (!value) return undefined;
    const { displayName, uri, params } = value;
    return [displayName, `${uri}`, `${params}`, rest, ...libertyNames(reader.liberties)];
  };
  const none = undefined;

  it.each<[string, unknown[] | undefined]>([
    ['<sip:a@b>', [none, 'sip:a@b', '', '']],
    ['Bob <sip:a@b>;tag=1', ['Bob', 'sip:a@b', ';tag=1', '']],
    ['Bob  B.\t<sip:a@b>', ['Bob  B.', 'sip:a@b', '', '']],
    ['Bob, B <sip:a@b>', ['Bob, B', 'sip:a@b', '', '', QUOTES]],
    ['B\u00f6b <sip:a@b>', ['B\u00f6b', 'sip:a@b', '', '', QUOTES]],
    ['"Bob" <sip:a@b>', ['Bob', 'sip:a@b', '', '']],
    ['"B\\"o\\\\b" <sip:a@b>', ['B"o\\b', 'sip:a@b', '', '']],
    ['"" <sip:a@b>', [none, 'sip:a@b', '', '']],
    ['"Bob" B <sip:a@b>', ['"Bob" B', 'sip:a@b', '', '', QUOTES]],
    // The last quote is escaped by mistake.
    ['"Bob\\" <sip:a@b>', ['Bob\\', 'sip:a@b', '', '', QUOTES]],
    ['"\\" <sip:a@b>', ['\\', 'sip:a@b', '', '', QUOTES]],
    ['"Bob <sip:a@b>', none],
    ['" <sip:a@b>', none],
    // Brackets in the name.
    ['a < b <sip:a@b>', ['a < b', 'sip:a@b', '', '', QUOTES]],
    ['<<<<<<<<sip:a@b>', ['<<<<<<<', 'sip:a@b', '', '', QUOTES]],
    ['<<<<<<<<<sip:a@b>', none],
    ['sip:a@b', none],
    ['<sip:a@b', none],
    ['<tel:+1>', [none, 'tel:+1', '', '']],
    ['<tel: +1>', none],
    ['<>', none],
    // Blanks, quotes and a second @.
    ['< sip:a@b\t>', [none, 'sip:a@b', '', '', UNESCAPED]],
    ['<sip:a b@c>', [none, 'sip:a%20b@c', '', '', UNESCAPED]],
    ['<sip:a\tb"@c;lr>', [none, 'sip:a%09b%22@c;lr', '', '', UNESCAPED]],
    ['<sip:a@b@c>', [none, 'sip:a%40b@c', '', '', UNESCAPED]],
    ['<sip:a b@c;x=@d>', [none, 'sip:a%20b@c;x=@d', '', '', UNESCAPED]],
    ['<sip:a@b;x="y">', [none, 'sip:a@b;x=%22y%22', '', '', UNESCAPED]],
    ['<sip:h;x="y">', [none, 'sip:h;x=%22y%22', '', '', UNESCAPED]],
    ['<sip:a@b c>', none],
    ['<a b@c>', none],
    // Parameters that cannot be read go, the others stay.
    ['<sip:a@b>;x=1;y', [none, 'sip:a@b', ';x=1;y', '']],
    ['<sip:a@b> ; x = "1;2" ; y', [none, 'sip:a@b', ';x="1;2";y', '']],
    ['<sip:a@b>;x="1;tag=2', [none, 'sip:a@b', ';tag=2', '', BAD_PARAM]],
    ['<sip:a@b>;x y;tag=2', [none, 'sip:a@b', ';tag=2', '', BAD_PARAM]],
    ['<sip:a@b>junk;tag=2', [none, 'sip:a@b', ';tag=2', '', BAD_PARAM]],
    ['<sip:a@b>;;tag=2', [none, 'sip:a@b', ';tag=2', '', BAD_PARAM]],
    ['<sip:a@b>;=1;tag=2', [none, 'sip:a@b', ';tag=2', '', BAD_PARAM]],
    ['<sip:a@b>;x=', [none, 'sip:a@b', ';x=', '']],
    ['<sip:a@b>;tag=2 3', none],
    ['<sip:a@b>;TAG="2', none],
    ['<sip:a@b>;x=1, <sip:c@d>', [none, 'sip:a@b', ';x=1', ', <sip:c@d>']],
    ['<sip:a@b>;x y, z', [none, 'sip:a@b', '', ', z', BAD_PARAM]],
  ])('%s', (text, expected) => {
    expect(loose(text)).toEqual(expected);
  });
});

describe('the tag of an address of which nothing else can be read', () => {
  it.each([
    ['x;tag=1', '1'],
    ['x;TAG = 1 ;y', '1'],
    ['x ; tag=1', '1'],
    ['<sip:a@b>;x;tag=1;tag=2', '1'],
    // What stands within the brackets is the URI's.
    ['<sip:a@b;tag=1>', undefined],
    ['<sip:a@b;tag=1>;tag=2', '2'],
    ['<x;tag=1> <y;tag=3>;tag=2', '2'],
    ['x;tag;tag=2', '2'],
    ['x;tag x=1;tag=2', '2'],
    ['x;tagged=1', undefined],
    ['x;tag=', undefined],
    ['x;tag="1"', undefined],
    ['tag=1', undefined],
    ['', undefined],
  ])('%s: %s', (text, tag) => {
    const framed = `;tag=0>${text}`;
    expect(findTag(framed, framed.length - text.length, framed.length)).toBe(tag);
    // What follows is another's.
    const followed = `${text};tag=9`;
    expect(findTag(followed, 0, text.length)).toBe(tag);
  });
});
