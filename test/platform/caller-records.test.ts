import { describe, expect, it } from 'vitest';
import { callersRealm, MAX_CALLERS, parseCallers, withCaller } from '../../src/platform';

const MD5 = 'e8fe34efe8e4e2d4a8a5ab0b6f3a6a9b';
const SHA256 = `${MD5}${MD5}`;

describe('the records of callers', () => {
  it('are written for each realm, and read again', () => {
    const text = withCaller('', 'mother', ['example.org', 'example.net'], 'correct horse');
    expect(text.split('\n').map((line) => line.replace(/:[\da-f]{64}:[\da-f]{32}$/, ''))).toEqual([
      ...['mother:example.org', 'mother:example.net', ''],
    ]);
    const { callers, faults } = parseCallers(text);
    expect(faults).toEqual([]);
    // printf 'mother:example.org:correct horse' | sha256sum; md5sum
    expect(callers[0]).toEqual({
      ...{ name: 'mother', realm: 'example.org' },
      sha256: '51e24380e471b1caaddbaed6745864f22324bf8e1735fbc440ac758c0400fab9',
      md5: '957580734817b9b3fb2227b9c1a68345',
    });
    expect(callers[1]).toMatchObject({ realm: 'example.net' });
    expect(text).not.toContain('horse');
  });

  it('of one caller are replaced, those of others stay', () => {
    const first = withCaller('# mine\n', 'mother', ['a'], 'one');
    const both = withCaller(first, 'moth', ['a'], 'two');
    const changed = withCaller(both, 'mother', ['a'], 'three').split('\n');
    expect(changed).toHaveLength(4);
    expect(changed[0]).toBe('# mine');
    expect(changed[1]).toBe(both.split('\n')[2]);
    expect(changed[2]).toMatch(/^mother:a:/);
    expect(changed[2]).not.toBe(first.split('\n')[1]);
  });

  it('know a password however its letters are typed', () => {
    expect(withCaller('', 'a', ['b'], '\u1112\u1161\u11ab')).toBe(
      withCaller('', 'a', ['b'], '\ud55c'),
    );
  });

  it('may be of one hash, as htdigest writes them', () => {
    const { callers, faults } = parseCallers(
      `a:[2001:db8::1]:${SHA256}\r\nb:b:${MD5.toUpperCase()}`,
    );
    expect(faults).toEqual([]);
    expect(callers).toEqual([
      { name: 'a', realm: '[2001:db8::1]', sha256: SHA256 },
      { name: 'b', realm: 'b', md5: MD5 },
    ]);
  });

  it.each([
    'mother',
    `mother:example.org:${MD5}0`,
    `mother::${MD5}`,
    `:example.org:${MD5}`,
    `mo*ther:example.org:${MD5}`,
    `mother@example.org:example.org:${MD5}`,
    `mother:"example.org:${MD5}`,
    `mother:example.org:${MD5}:${MD5}:${MD5}`,
    'mother:example.org:correct horse',
  ])('are none of %s, which is told without its words', (line) => {
    const { callers, faults } = parseCallers(`#\n\n${line}\nb:b:${MD5}\n`);
    expect(faults).toEqual([
      'line 3: expected NAME:REALM:HASH, as "dashvoip config set-caller" writes it',
    ]);
    expect(callers).toHaveLength(1);
  });

  it('are no more than so many', () => {
    const { callers, faults } = parseCallers(`a:b:${MD5}\n`.repeat(MAX_CALLERS + 5));
    expect(callers).toHaveLength(MAX_CALLERS);
    expect(faults).toEqual([
      `line 257: expected ${MAX_CALLERS} callers at most; the rest is not read`,
    ]);
  });

  it.each([
    ['sip:car@example.org:5070;transport=tcp', undefined, 'example.org'],
    ['sip:car@[2001:db8::1]:5070', undefined, '[2001:db8::1]'],
    ['sip:car@example.org', 'the house', 'the house'],
    [undefined, undefined, 'dashvoip'],
  ])('of an account %j and a realm %j are of %s', (uri, realm, expected) => {
    expect(callersRealm(uri, realm)).toBe(expected);
  });
});
