import { describe, expect, it, test } from 'vitest';
import { libertyNames, type SipRequest, validateRequest } from '../../../src/sip/message';
import { invite, ok } from './samples';
import { parsed, SERVES } from './torture';

/** As an INVITE has it and as an OPTIONS has it: what the validator owes to each. */
function statusOf(text: string): number | 'accept' {
  const message = parsed(text);
  if (message.kind !== 'request') throw new Error('expected a request');
  const verdict = validateRequest(message, SERVES);
  return verdict.kind === 'reject' ? verdict.status : 'accept';
}

function request(text: string): SipRequest {
  const message = parsed(text);
  if (message.kind !== 'request') throw new Error('expected a request');
  return message;
}

const from = (value: string) => invite().replace(/From: .*/, `From: ${value}`);

describe('a display name without its quotes', () => {
  test.each([
    ['Jürgen Müller <sip:a@b>;tag=1', 'Jürgen Müller'],
    ['Bond, James <sip:a@b>;tag=1', 'Bond, James'],
    ['Front Door (Main) <sip:a@b>;tag=1', 'Front Door (Main)'],
    ['张伟<sip:a@b>;tag=1', '张伟'],
    ['Car: 17 <sip:a@b>;tag=1', 'Car: 17'],
    ['A&B [x] {y} <sip:a@b>;tag=1', 'A&B [x] {y}'],
    ['O"Neil <sip:a@b>;tag=1', 'O"Neil'],
    ['<Main> door <sip:a@b>;tag=1', '<Main> door'],
    ['"Ann" of "B" <sip:a@b>;tag=1', '"Ann" of "B"'],
    ['bob@example.org <sip:a@b>;tag=1', 'bob@example.org'],
    ['sip:bob <sip:a@b>;tag=1', 'sip:bob'],
    ['"Sami\\" <sip:a@b>;tag=1', 'Sami\\'],
    ['"a \\"b\\" <sip:a@b>;tag=1', 'a "b\\'],
  ])('%s', (text, name) => {
    const { from: address, liberties } = request(from(text));
    expect([address.displayName, `${address.uri}`, address.tag]).toEqual([name, 'sip:a@b', '1']);
    expect(libertyNames(liberties)).toEqual(['quotes inferred in a display name']);
    expect(statusOf(from(text))).toBe('accept');
  });

  it('costs a question 400 and nobody a call', () => {
    const text = from('Bond, James <sip:a@b>;tag=1');
    expect(statusOf(text.replaceAll('INVITE', 'OPTIONS'))).toBe(400);
    const within = text.replaceAll('INVITE', 'OPTIONS').replace(/To: .*/, 'To: <sip:c@d>;tag=x');
    expect(statusOf(within)).toBe('accept');
  });

  it('survives the way through our own pen', () => {
    const { from: address } = request(from('Bond, "J" <sip:a@b>;tag=1'));
    expect(`${address}`).toBe('"Bond, \\"J\\"" <sip:a@b>;tag=1');
  });
});

describe('a URI with characters that should have been escaped', () => {
  test.each([
    ['< sip:a@b >;tag=1', 'sip:a@b'],
    ['<sip:John Doe@b>;tag=1', 'sip:John%20Doe@b'],
    ['<sip:a"b"@c>;tag=1', 'sip:a%22b%22@c'],
    ['<sip:1000@example.com@b>;tag=1', 'sip:1000%40example.com@b'],
    ['<sip:@b>;tag=1', 'sip:b'],
    ['<sip:a@b;thinfo="x";y>;tag=1', 'sip:a@b;thinfo=%22x%22;y'],
    ['<sip:jürgen@b>;tag=1', 'sip:jürgen@b'],
    ['<sip:a b@c;x=d@e>;tag=1', 'sip:a%20b@c;x=d@e'],
  ])('%s', (text, uri) => {
    expect(`${request(from(text)).from.uri}`).toBe(uri);
    expect(statusOf(from(text))).toBe('accept');
  });

  test.each(['<sip:a b>;tag=1', '<sip:a@b c>;tag=1', '<http://a b@c>;tag=1'])(
    '%s leaves a doubt',
    (text) => {
      expect(request(from(text)).from.isUnreadable).toBe(true);
      expect(statusOf(from(text))).toBe(400);
    },
  );
});

describe('who does not say who he is', () => {
  test.each([
    ['<>;tag=1', undefined, 'sip:anonymous@anonymous.invalid'],
    ['"Anonymous" <>;tag=1', 'Anonymous', 'sip:anonymous@anonymous.invalid'],
    ['Front door < >;tag=1', 'Front door', 'sip:anonymous@anonymous.invalid'],
    ['anonymous;tag=1', undefined, 'sip:anonymous@anonymous.invalid'],
    ['<anonymous>;tag=1', undefined, 'sip:anonymous@anonymous.invalid'],
    ['"Door" <1001>;x;tag=1', 'Door', 'sip:1001@anonymous.invalid'],
    ['bob@example.org;tag=1', undefined, 'sip:bob@example.org'],
    ['"Bob" <bob@192.0.2.7> ; tag=1', 'Bob', 'sip:bob@192.0.2.7'],
  ])('is heard all the same: %s', (text, name, uri) => {
    const { from: address, liberties } = request(from(text));
    expect([address.displayName, `${address.uri}`, address.tag]).toEqual([name, uri, '1']);
    expect(libertyNames(liberties)).toContain('an address without a scheme, or none');
    expect(statusOf(from(text))).toBe('accept');
    expect(statusOf(from(text).replaceAll('INVITE', 'OPTIONS'))).toBe(400);
    const to = invite().replace(/To: .*/, `To: ${text.replace(/;.*/, '')}`);
    expect([`${request(to).to.uri}`, statusOf(to)]).toEqual([uri, 'accept']);
  });

  test.each([
    '???;tag=1',
    '<;tag=1',
    '<a;tag=1',
    ';tag=1',
    '<a@>;tag=1',
    '<@b>;tag=1',
    '<a b>;tag=1',
    'a b;tag=1',
    '"A;tag=1',
  ])('leaves a doubt: %s', (text) => expect(statusOf(from(text))).toBe(400));

  test.each(['<>', 'anonymous', '<bob@example.org>'])(
    'cannot be called back: Contact %s',
    (text) => {
      expect(statusOf(invite([`Contact: ${text}`]))).toBe(400);
    },
  );
});

describe('parameters', () => {
  test.each([
    ['<sip:a@b;>', 'sip:a@b', ''],
    ['<sip:a@b;;ob>', 'sip:a@b;ob', ''],
    ['<sip:a@b>;', 'sip:a@b', ''],
    ['<sip:a@b>;;;;', 'sip:a@b', ''],
    ['<sip:a@b>;x=1;', 'sip:a@b', ';x=1'],
    ['sip:a@b;x;', 'sip:a@b', ';x'],
    ['<sip:a@b>;x=""', 'sip:a@b', ';x=""'],
    ['<sip:a@b>;+sip.instance=<urn:uuid:1>;x', 'sip:a@b', ';x'],
    ['<sip:a@b>;reg id=1;=y;"z";x', 'sip:a@b', ';x'],
    ['<sip:a@b>;x;y="z', 'sip:a@b', ';x'],
    ['<sip:a@b> junk', 'sip:a@b', ''],
    ['<sip:a@b>;x,', 'sip:a@b', ';x'],
    [',, <sip:a@b>;x', 'sip:a@b', ';x'],
  ])('of Contact: %s', (text, uri, params) => {
    const contact = request(invite([`Contact: ${text}`])).contacts[0];
    expect([`${contact?.uri}`, `${contact?.params}`]).toEqual([uri, params]);
  });

  it('of Via may be empty, and no more than that', () => {
    const via = (tail: string) => invite().replace('rport;', tail);
    expect(request(via('rport;;')).topVia.branch).toBe('z9hG4bK74bf9');
    expect(request(invite().replace('74bf9', '74bf9;')).vias).toHaveLength(1);
    expect(request(invite().replace('74bf9', '74bf9,')).vias).toHaveLength(1);
    expect(statusOf(invite().replace('74bf9', '74bf9;,;'))).toBe(400);
  });

  it('of From: the tag is never the one that is left out', () => {
    expect(request(from('<sip:a@b>;tag=1;')).from.tag).toBe('1');
    expect(request(from('<sip:a@b>;x="y;tag=1')).from.tag).toBe('1');
    expect(statusOf(from('<sip:a@b>;tag=1 2'))).toBe(400);
  });
});

describe('the start line', () => {
  it('may end in blanks where a call is at stake', () => {
    const text = invite().replace('com SIP/2.0', 'com SIP/2.0 \t');
    expect(statusOf(text)).toBe('accept');
    expect(statusOf(text.replaceAll('INVITE', 'ACK'))).toBe('accept');
    expect(statusOf(text.replaceAll('INVITE', 'OPTIONS'))).toBe(400);
  });

  test.each(['SIP/2.0 200 OK ', 'SIP/2.0 200', 'SIP/2.0  200  OK', 'sip/2.0 200 OK'])(
    'of a response: %s',
    (line) => {
      const message = parsed(ok().replace('SIP/2.0 200 OK', line));
      expect(message.kind === 'response' && [message.status, message.version]).toEqual([
        200,
        'SIP/2.0',
      ]);
    },
  );

  it('with an empty parameter in the Request-URI', () => {
    expect(`${request(invite().replace('com SIP', 'com; SIP')).uri}`).toBe(
      'sip:bob@biloxi.example.com',
    );
  });
});

describe('lines', () => {
  test.each(['Remark', ': x', 'X-My Header: 1', 'Jürgen: ü', '=', '\0\x01'])(
    'that are no header field are passed over: %j',
    (line) => {
      for (const text of [invite([line, 'Subject: behind']), ok([line, 'Subject: behind'])]) {
        const message = parsed(text);
        expect(message.subject).toBe('behind');
        expect(libertyNames(message.liberties)).toEqual(['a line that is no header field']);
      }
    },
  );

  it('need no blank line behind them when nothing was cut off', () => {
    const text = invite(['Subject: last']).replace(/\r\n\r\n$/, '\r\n');
    expect(parsed(text).subject).toBe('last');
    expect(statusOf(text)).toBe('accept');
  });

  it('that mean nothing to us may say anything', () => {
    const odd = [
      'P-Charge-Info: Jü <<>',
      'Remote-Party-ID: "Sami\\" <sip:x@y>;party=calling',
      'Date: yesterday',
      'Expires: soon',
      'Reason: ;;',
      'Timestamp: x',

      'Supported: ,,"',
      'Session-Expires: ;',
    ];
    expect(statusOf(invite(odd))).toBe('accept');
  });
});

describe('what is said of nothing strange', () => {
  it('takes no liberty', () => {
    const message = request(
      invite(['Contact: "a, b" <sip:a@b;lr>;q=0.5, <sip:c@d>', 'Accept: a/b, c/d;q=1']),
    );
    expect([message.contacts.length, message.accept?.length, message.vias.length]).toEqual([
      2, 2, 1,
    ]);
    expect(message.liberties).toBe(0);
  });
});
