import { describe, expect, it, test } from 'vitest';
import {
  AuthValue,
  formatSipDate,
  NameAddr,
  Params,
  parseUri,
  quote,
  TypedValue,
  unquote,
  Via,
} from '../../../src/sip/message';
import { invite, ok } from './samples';
import { parsed } from './torture';

describe('parameters', () => {
  const params = Params.of({ Tag: 'a', lr: undefined, text: '"x \\"y\\""' });

  it('are found without case, flags told from absent ones', () => {
    expect(params.get('tag')).toBe('a');
    expect([params.has('LR'), params.get('lr')]).toEqual([true, undefined]);
    expect([params.has('no'), params.get('no')]).toEqual([false, undefined]);
    expect(params.get('text')).toBe('x "y"');
    expect(params.raw('text')).toBe('"x \\"y\\""');
  });

  it('change in copies', () => {
    expect(`${params.with('tag', 'b').without('text')}`).toBe(';Tag=b;lr');
    expect(`${params.without('no').withQuoted('q', 'a"b')}`).toBe(
      ';Tag=a;lr;text="x \\"y\\"";q="a\\"b"',
    );
    expect(params.size).toBe(3);
    expect(Params.EMPTY.size).toBe(0);
  });

  it('are numbers where they are plain digits', () => {
    const numbers = Params.of({ a: '60', b: '-1', c: '1e3', d: undefined, e: '9'.repeat(16) });
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => numbers.number(name))).toEqual([
      60,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('addresses', () => {
  test.each([
    ['sip:a@b', undefined, 'sip:a@b', ''],
    ['sip:a@b;tag=1', undefined, 'sip:a@b', ';tag=1'],
    ['<sip:a@b;lr>;tag=1', undefined, 'sip:a@b;lr', ';tag=1'],
    ['A. Bell <sip:a@b>', 'A. Bell', 'sip:a@b', ''],
    ['"Bell, A \\\\ \\"x\\"" <sip:a@b>', 'Bell, A \\ "x"', 'sip:a@b', ''],
    ['""<sip:a@b> ; x = "y;z" ;w', '', 'sip:a@b', ';x="y;z";w'],
    ['tel:+1;tag=2', undefined, 'tel:+1', ';tag=2'],
    ['<sip:a@b>;x=', undefined, 'sip:a@b', ';x='],
  ])('%s is read', (text, displayName, uri, params) => {
    const { from } = parsed(invite().replace(/From: .*/, `From: ${text}`));
    expect([from.displayName, `${from.uri}`, `${from.params}`]).toEqual([displayName, uri, params]);
  });

  test.each([
    'sip:a@b?x=y',
    '<sip:a@b',
    '"a <sip:a@b>',
    '"a"sip:a@b',
    '<>',
    '<sip:a@b>;tag="y',
    '<sip:a@b>;tag=x y',
  ])('%s is malformed', (text) => {
    const message = parsed(invite([`Contact: ${text}`]));
    expect(message.isMalformed('Contact')).toBe(true);
    expect(message.contacts).toEqual([]);
  });

  it('are written so that they are read again', () => {
    const uri = parseUri('sip:a@b');
    const names = ['Bob', 'Bob B.', 'Bob, B', 'a "b" \\c', 'Jürgen', ''];
    expect(names.map((name) => `${new NameAddr(name, uri)}`)).toEqual([
      'Bob <sip:a@b>',
      'Bob B. <sip:a@b>',
      '"Bob, B" <sip:a@b>',
      '"a \\"b\\" \\\\c" <sip:a@b>',
      '"Jürgen" <sip:a@b>',
      '<sip:a@b>',
    ]);
    const tagged = new NameAddr('Bob', uri).withTag('x').withParam('y');
    expect(`${tagged} ${tagged.tag} ${tagged.withoutParams()}`).toBe(
      'Bob <sip:a@b>;tag=x;y x Bob <sip:a@b>',
    );
  });

  it('come in lists, on one line or several', () => {
    const message = parsed(
      invite(['Route: <sip:a;lr>, "x, y" <sip:b;lr>', 'Route: sip:c', 'Record-Route: <sip:d>']),
    );
    expect(message.routes.map(String)).toEqual(['<sip:a;lr>', '"x, y" <sip:b;lr>', '<sip:c>']);
    expect(message.recordRoutes.map(String)).toEqual(['<sip:d>']);
    expect(message.isMalformed('Route')).toBe(false);
  });

  it('may be a star', () => {
    const message = parsed(invite(['m: *']));
    expect([message.isContactStar, message.contacts.length]).toEqual([true, 0]);
    expect(message.isMalformed('Contact')).toBe(false);
  });
});

describe('Via', () => {
  it('tells where a response goes', () => {
    expect(parsed(ok()).topVia).toMatchObject({
      transport: 'UDP',
      host: '192.0.2.101',
      port: 5060,
      sentBy: '192.0.2.101:5060',
      branch: 'z9hG4bK74bf9',
      hasRfc3261Branch: true,
      received: '192.0.2.7',
      wantsRport: true,
      rport: 5062,
    });
    const bare = parsed(invite()).topVia;
    expect([bare.wantsRport, bare.rport, bare.received]).toEqual([true, undefined, undefined]);
  });

  it('reads ttl, maddr and any transport', () => {
    const via = 'Via: sip/2.0/tls [2001:db8::1] : 5061 ;maddr=[2001:db8::2];ttl=16';
    const { topVia } = parsed(invite().replace(/Via: .*/, via));
    expect(topVia).toMatchObject({
      transport: 'TLS',
      host: '2001:db8::1',
      port: 5061,
      maddr: '2001:db8::2',
      ttl: 16,
    });
    expect(topVia.hasRfc3261Branch).toBe(false);
  });

  it('is written as it is read', () => {
    const via = new Via('UDP', '2001:db8::1', 5060, Params.of({ branch: 'z9hG4bKx' }));
    expect(`${via.withParam('rport')}`).toBe(
      'SIP/2.0/UDP [2001:db8::1]:5060;branch=z9hG4bKx;rport',
    );
  });
});

describe('other values', () => {
  it('challenges and credentials', () => {
    const challenge =
      'Digest realm="a, b",nonce="n\\"1" , qop="auth,auth-int",algorithm=SHA-256, stale=TRUE';
    const message = parsed(ok([`WWW-Authenticate: ${challenge}`, 'WWW-Authenticate: Broken']));
    const [value, ...others] = message.wwwAuthenticate;
    expect(others).toEqual([]);
    expect(value?.scheme).toBe('Digest');
    expect(value && [...value.params].map(([name]) => [name, value.params.get(name)])).toEqual([
      ['realm', 'a, b'],
      ['nonce', 'n"1'],
      ['qop', 'auth,auth-int'],
      ['algorithm', 'SHA-256'],
      ['stale', 'TRUE'],
    ]);
    const own = new AuthValue(
      'Digest',
      Params.EMPTY.withQuoted('realm', 'x').with('nc', '00000001'),
    );
    expect(`${own}`).toBe('Digest realm="x", nc=00000001');
    const sent = parsed(invite([`Proxy-Authorization: ${own}`]));
    expect(sent.proxyAuthorization.map(String)).toEqual([`${own}`]);
  });

  it('lists of tokens; empty elements count for nothing', () => {
    const message = parsed(
      invite(['Supported: timer, 100rel', 'k:, replaces,', 'Allow:', 'Require: foo bar']),
    );
    expect(message.supported).toEqual(['timer', '100rel', 'replaces']);
    expect(message.allow).toEqual([]);
    expect(message.require).toEqual(['foo bar']);
    expect(message.unsupported).toEqual([]);
  });

  it('types with parameters', () => {
    const message = parsed(
      invite([
        'Content-Type: Application/SDP ; charset=utf-8',
        'Accept: application/sdp, text / plain;q=0.5',
        'Event: refer;id=7',
        'Reason: SIP;cause=200;text="Call completed elsewhere", Q.850;cause=16',
      ]),
    );
    expect(message.contentType?.is('application/sdp')).toBe(true);
    expect(message.contentType?.params.get('charset')).toBe('utf-8');
    expect(message.accept?.map(String)).toEqual(['application/sdp', 'text/plain;q=0.5']);
    expect([message.event?.type, message.event?.params.get('id')]).toEqual(['refer', '7']);
    expect(message.reasons.map((reason) => reason.params.get('text'))).toEqual([
      'Call completed elsewhere',
      undefined,
    ]);
    expect(`${new TypedValue('refer', Params.of({ id: '7' }))}`).toBe('refer;id=7');
    expect(parsed(invite(['Accept:'])).accept).toEqual([]);
    expect(parsed(invite()).accept).toBeUndefined();
  });

  it('numbers', () => {
    const message = parsed(
      ok(['Expires: 060', 'Min-Expires: x', 'Retry-After: 120 (lunch);duration=3600']),
    );
    expect([message.expires, message.minExpires, message.retryAfter]).toEqual([60, undefined, 120]);
    const odd = parsed(ok(['Expires: 90;x=y', 'Min-Expires: 900 (least)', 'Retry-After: 5.5']));
    expect([odd.expires, odd.minExpires, odd.retryAfter]).toEqual([90, 900, undefined]);
    expect(message.maxForwards).toBeUndefined();
  });

  test.each([
    ['Sat, 13 Nov 2010 23:29:00 GMT', '2010-11-13T23:29:00.000Z'],
    ['Sat, 13 Nov 2010 23:29:00 UTC', undefined],
    ['Sat, 31 Feb 2010 23:29:00 GMT', undefined],
    ['Sat, 13 Nox 2010 23:29:00 GMT', undefined],
    ['tomorrow', undefined],
  ])('Date %s', (text, expected) => {
    expect(parsed(ok([`Date: ${text}`])).date?.toISOString()).toBe(expected);
  });

  const SHA = 'Digest realm="r", nonce="n", algorithm=SHA-256';
  const MD5 = 'Digest realm="r", nonce="m", algorithm=MD5';
  test.each([
    ['two challenges', `${SHA}, ${MD5}`, [SHA, MD5]],
    ['a comma at the end', `${MD5},`, [MD5]],
    ['empty elements', `Digest , realm="r",, nonce="m" ,algorithm=MD5 , ,`, [MD5]],
    ['an empty qop', `${MD5}, qop=""`, [`${MD5}, qop=""`]],
    ['schemes that have no parameters', `Negotiate, ${MD5}, NTLM`, [MD5]],
    ['a scheme with a token of its own', `Negotiate YII==, ${MD5}`, ['Negotiate YII==', MD5]],
    ['a parameter that cannot be read', `Digest realm="r", <>, nonce="m", algorithm=MD5`, [MD5]],
    ['a comma within quotes', 'Digest realm="a, Basic b=c", nonce="n"', undefined],
    [
      'blanks behind an unquoted value',
      'Digest realm=My PBX, nonce="n"',
      ['Digest realm=My, nonce="n"'],
    ],
    ['a quote that never closes', 'Digest nonce="n", realm="r', ['Digest nonce="n"']],
    ['nothing', '', []],
  ])('challenges: %s', (_what, text, expected = [text]) => {
    const message = parsed(ok([`WWW-Authenticate: ${text}`]));
    expect(message.wwwAuthenticate.map(String)).toEqual(expected);
  });

  it('dates are written as they are read', () => {
    const date = new Date(Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(parsed(ok([`Date: ${formatSipDate(date)}`])).date).toEqual(date);
  });

  it('quoted strings', () => {
    expect(unquote(quote('a "b" \\ c'))).toBe('a "b" \\ c');
    expect([unquote('"'), unquote('plain'), unquote('""')]).toEqual(['"', 'plain', '']);
  });

  it('Refer-To, Subject and products', () => {
    const message = parsed(
      invite(['r: <sip:c@d?Replaces=x>', 'Subject: hi', 'User-Agent: a/1', 'Server: b/2']),
    );
    expect(`${message.referTo}`).toBe('<sip:c@d?Replaces=x>');
    expect([message.subject, message.userAgent, message.server]).toEqual(['hi', 'a/1', 'b/2']);
  });
});
