import { describe, expect, it } from 'vitest';
import {
  createRequest,
  createResponse,
  NameAddr,
  Params,
  parseMessage,
  parseSipUri,
  type SipResponse,
  serializeMessage,
  Via,
} from '../../../src/sip/message';
import { TargetSet } from '../../../src/sip/request';

const invite = createRequest('INVITE', parseSipUri('sip:bob@example.org'), {
  via: new Via('UDP', '10.0.0.1', 5060, Params.of({ branch: 'z9hG4bK1' })),
  from: new NameAddr(undefined, parseSipUri('sip:car@example.org')).withTag('a'),
  to: new NameAddr(undefined, parseSipUri('sip:bob@example.org')),
  callId: 'c',
  cseq: 1,
});

const redirection = (contact: string, status = 302, source = '10.0.0.2'): SipResponse => {
  const made = createResponse(invite, status, { headers: [['Contact', contact]] });
  const parsed = parseMessage(serializeMessage(made));
  if (parsed.kind !== 'response') throw new Error('no response');
  parsed.source = source;
  return parsed;
};

const follow = (contact: string, status?: number, source?: string) => {
  const targets = new TargetSet(parseSipUri('sip:bob@example.org'), () => undefined);
  const objections = targets.add(redirection(contact, status, source));
  const list: string[] = [];
  for (let next = targets.next(); next; next = targets.next()) list.push(String(next));
  return { list, objections };
};

describe('targets of a redirection', () => {
  it.each([
    ['<sip:a@h>', ['sip:a@h']],
    [
      'sip:a@h;q=0.2, <sip:b@h>;q=0.7;expires=60, <sip:c@h>;expires=0',
      ['sip:c@h', 'sip:b@h', 'sip:a@h'],
    ],
    ['<sip:a@h>;q=0.5, <sip:b@h>;q=0.5, <sip:c@h>;q=.5', ['sip:c@h', 'sip:a@h', 'sip:b@h']],
    ['<sip:a@h;method=INVITE?Subject=x>', ['sip:a@h']],
    ['"x, y" <sip:a@h;transport=udp>', ['sip:a@h;transport=udp']],
    ['<sip:a@h>, <sip:A@H>, <sip:a@H>', ['sip:a@h', 'sip:A@H']],
  ])('by preference, each once: %s', (contact, expected) => {
    expect(follow(contact).list).toEqual(expected);
  });

  it.each([
    ['<tel:+49301234>', 'tel:+49301234: only sip: addresses are called'],
    ['<sips:a@h>', 'sips:a@h: only sip: addresses are called'],
    ['<mailto:a@h>', 'mailto:a@h: only sip: addresses are called'],
    ['<sip:a@h;method=REFER>', 'sip:a@h;method=REFER: that is no call'],
    ['<sip:bob@EXAMPLE.org>', 'sip:bob@EXAMPLE.org: has been called already'],
    ['<sip:a@127.0.0.1:8778>', 'sip:a@127.0.0.1:8778: that is this machine'],
    ['<sip:a@localhost>', 'sip:a@localhost: that is this machine'],
    ['<sip:a@h;maddr=127.3.3.3>', 'sip:a@h;maddr=127.3.3.3: that is this machine'],
    ['<sip:a@[::1]>', 'sip:a@[::1]: that is this machine'],
  ])('leave out %s', (contact, words) => {
    expect(follow(contact)).toEqual({ list: [], objections: [words] });
    // What stands beside it is called.
    expect(follow(`${contact}, <sip:next@h>`).list).toEqual(['sip:next@h']);
  });

  it.each([
    ...['127.0.0.1', '127.255.255.254', '0.0.0.0', 'LocalHost.', 'phone.localhost'],
    ...['[::1]', '[0:0:0:0:0:0:0:1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
  ])('are not this machine, however it is spelled: %s', (host) => {
    expect(follow(`<sip:a@${host}>`).list).toEqual([]);
    expect(follow(`<sip:a@${host}>`, 302, '127.0.0.1').list).toHaveLength(1);
  });

  it.each([
    ...['128.0.0.1', '126.127.0.1', 'localhost.example', 'xlocalhost', '127.example'],
    ...[
      '[2001:db8::1]',
      '[::2]',
      '[::ffff:128.0.0.1]',
      '[fe80::1]',
      '[1::]',
      '[::1:1]',
      '[::7f00:1]',
    ],
  ])('are others: %s', (host) => {
    expect(follow(`<sip:a@${host}>`).list).toHaveLength(1);
  });

  it.each([
    ['0.5', '0.4'],
    ['0.12', '0.11'],
    ['0.123', '0.122'],
    ['1', '0.999'],
    ['1.', '0.9'],
    ['0.1', '0.'],
    // What is odd counts as 1.
    ['', '0.9'],
    ['x', '0.9'],
    ['0.1234', '0.9'],
    ['.1', '0.9'],
    ['2', '0.9'],
    ['-0.1', '0.9'],
    ['x0.1', '0.9'],
    ['0.1x', '0.9'],
  ])('with q=%s go before those with q=%s', (more, less) => {
    expect(follow(`<sip:a@h>;q=${less}, <sip:b@h>;q=${more}`).list).toEqual(['sip:b@h', 'sip:a@h']);
  });

  it('have no better preference than 1', () => {
    expect(follow('<sip:a@h>, <sip:b@h>;q=1.5').list).toEqual(['sip:a@h', 'sip:b@h']);
  });

  it('are looked for among twenty Contacts, and may be objected to', () => {
    const objected = (target: unknown) => (String(target) === 'sip:z@h' ? undefined : 'no way');
    const targets = new TargetSet(parseSipUri('sip:bob@example.org'), objected);
    const list = Array.from({ length: 20 }, (_, index) => `<sip:a${index}@h>`);
    const objections = targets.add(redirection([...list, '<sip:z@h>'].join(', ')));
    expect(objections).toHaveLength(20);
    expect(objections[0]).toBe('sip:a0@h: no way');
    expect(targets.next()).toBeUndefined();
    targets.add(redirection('<sip:z@h>'));
    expect(String(targets.next())).toBe('sip:z@h');
  });

  it('may be this machine where the redirecting one is', () => {
    expect(follow('<sip:a@127.0.0.1:5090>', 302, 'fe80::1%eth0').list).toEqual([]);
    expect(follow('<sip:a@127.0.0.1:5090>', 302, '::1').list).toHaveLength(1);
    expect(follow('<sip:a@127.0.0.1:5090>', 302, '127.0.0.1').list).toEqual([
      'sip:a@127.0.0.1:5090',
    ]);
  });

  it.each([
    [300, 1],
    [301, 1],
    [302, 1],
    [305, 0],
    [380, 0],
    [404, 0],
    [200, 0],
  ])('of a %d: %d', (status, count) => {
    expect(follow('<sip:a@h>', status).list).toHaveLength(count);
  });

  it('are five in all, however long the list is and however often it is renewed', () => {
    const targets = new TargetSet(parseSipUri('sip:bob@example.org'), () => undefined);
    let followed = 0;
    for (let i = 0; i < 30; i++) {
      targets.add(redirection(`<sip:a${i}@h>, <sip:b${i}@h>`));
      if (targets.next()) followed++;
    }
    expect(followed).toBe(5);
    expect(
      follow(Array.from({ length: 100 }, (_, i) => `<sip:a${i}@h>`).join(', ')).list,
    ).toHaveLength(5);
  });

  it('are renewed by the one that redirects again, and ordered with those that still wait', () => {
    const targets = new TargetSet(parseSipUri('sip:bob@example.org'), () => undefined);
    targets.add(redirection('<sip:a@h>, <sip:b@h>;q=0.4'));
    expect(String(targets.next())).toBe('sip:a@h');
    targets.add(redirection('<sip:c@h>;q=0.5, <sip:a@h>, <sip:d@h>;q=0.3'));
    expect([targets.next(), targets.next(), targets.next(), targets.next()].map(String)).toEqual([
      'sip:c@h',
      'sip:b@h',
      'sip:d@h',
      'undefined',
    ]);
  });
});
