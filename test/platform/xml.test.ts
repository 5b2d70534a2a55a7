// Shows RFC 3863, 4235, 3680.

import { describe, expect, it } from 'vitest';
import { readRoot, readXml } from '../../src/platform';
import { expectLinear } from '../support/linear';
import { seededRandom } from '../support/seeded-random';

const faultOf = (text: string): string => {
  const read = readXml(text);
  return 'fault' in read ? read.fault : `read as <${read.name}>`;
};

const BOMB = `<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
]>
<a>&lol3;</a>`;

describe('a document of a server', () => {
  it('is elements by their namespaces, whichever prefixes it has', () => {
    const text =
      '<?xml version="1.0"?><!-- c --><x:a xmlns:x="urn:one" xmlns="urn:two" id="7" x:id="8"> t &amp; <b><![CDATA[<c>]]></b>u&#x41; </x:a>\n';
    expect(readXml(text)).toEqual({
      ...{ space: 'urn:one', name: 'a', text: 't & uA' },
      attributes: new Map([['id', '7']]),
      children: [{ space: 'urn:two', name: 'b', text: '<c>', attributes: new Map(), children: [] }],
    });
  });

  it('has the root that is expected, and no other', () => {
    expect(readRoot('<a xmlns="urn:one"/>', 'urn:one', 'a')).toMatchObject({ name: 'a' });
    for (const text of ['<b xmlns="urn:one"/>', '<a xmlns="urn:two"/>', '<a/>'])
      expect(readRoot(text, 'urn:one', 'a')).toHaveProperty('fault');
  });

  it.each([
    ['torn', '<a><b>'],
    ['torn in a tag', '<a><b'],
    ['empty', ''],
    ['no element', 'Messages-Waiting: yes'],
    ['two roots', '<a/><b/>'],
    ['crossed tags', '<a><b></a></b>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['a prefix of no namespace', '<x:a/>'],
    ['an unknown entity', '<a>&lol;</a>'],
    ['a character that is none', '<a>&#0;</a>'],
    ['a byte of zero', '<a>\u0000</a>'],
    ['a document type', '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd"><a/>'],
    ['a bomb of entities', BOMB],
    ['more than 64 KB', `<a>${'x'.repeat(65_536)}</a>`],
    ['levels without end', '<a>'.repeat(10_000)],
    ['33 levels', `${'<a>'.repeat(33)}${'</a>'.repeat(33)}`],
  ])('with %s is refused in words', (_, text) => {
    expect(faultOf(text)).not.toMatch(/^read as/);
    expect(faultOf(text)).not.toBe('');
  });

  it('is told why it is refused', () => {
    expect(faultOf(BOMB)).toBe('expected no document type, found <!DOCTYPE');
    expect(faultOf('<a>'.repeat(40))).toBe('expected at most 32 levels');
    expect(faultOf('x'.repeat(70_000))).toBe('expected at most 65536 characters, found 70000');
  });

  it('may have 32 levels, and 64 KB', () => {
    expect(faultOf(`${'<a>'.repeat(32)}${'</a>'.repeat(32)}`)).toBe('read as <a>');
    expect(faultOf(`<a>${'x'.repeat(65_529)}</a>`)).toBe('read as <a>');
  });

  it.each<[string, (length: number) => string]>([
    ['text', (length) => `<a>${'x'.repeat(length)}</a>`],
    ['elements', (length) => `<a>${'<b/>'.repeat(length / 4)}</a>`],
    [
      'attributes',
      (length) =>
        `<a ${Array.from({ length: length / 10 }, (_, i) => `a${String(i).padStart(5, '0')}=""`).join(' ')}/>`,
    ],
    ['references', (length) => `<a>${'&lt;'.repeat(length / 4)}</a>`],
    [
      'namespaces',
      (length) =>
        `<a ${Array.from({ length: length / 16 }, (_, i) => `xmlns:a${String(i).padStart(5, '0')}="u"`).join(' ')}/>`,
    ],
    ['an open comment', (length) => `<a><!--${'-'.repeat(length)}`],
    ['an open attribute', (length) => `<a b="${'x'.repeat(length)}`],
  ])('of many %s takes a time that grows with its length alone', (_, make) => {
    expectLinear(make, readXml);
  });

  it('that is random never throws', () => {
    const random = seededRandom();
    const pieces = [
      '<a',
      '>',
      '</a>',
      '<b xmlns="u"',
      '/>',
      '&amp;',
      '&x;',
      '"',
      "'",
      '<!--',
      '-->',
    ];
    pieces.push(
      '<![CDATA[',
      ']]>',
      '<?x',
      '?>',
      '<!DOCTYPE a [',
      ']>',
      'x',
      ' ',
      '=',
      ':',
      '\u{1f600}',
      '\ud800',
    );
    for (let round = 0; round < 3000; round += 1) {
      const bytes = random.bytes(1 + (round % 40));
      const text = [...bytes].map((byte) => pieces[byte % pieces.length] ?? '').join('');
      expect(() => readXml(text)).not.toThrow();
    }
  });
});
