// Shows RFC 5626.

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createResponse, type SipRequest, serializeMessage } from '../../../src/sip/message';
import { World } from '../support/world';

/** The REGISTER that answers a 401 with these fields, as they stand on the wire; the detail without one. */
const answerTo = (...challenges: readonly string[]): SipRequest | string => {
  const world = new World();
  const car = world.phone('car');
  const registrar = world.peer(car);
  const registration = car.userAgent.register({
    uri: 'sip:car@example.org',
    registrar: 'sip:10.0.0.2',
    username: 'car',
    password: 'secret',
  });
  world.run(100);
  const refusal = createResponse(registrar.request('REGISTER'), 401, { toTag: 'r' });
  const fields = challenges.map((challenge) => `WWW-Authenticate: ${challenge}\r\n`).join('');
  const text = Buffer.from(serializeMessage(refusal)).toString();
  registrar.sendBytes(Buffer.from(text.replace('\r\n\r\n', `\r\n${fields}\r\n`)));
  world.run(100);
  return registrar.requests.length === 2 ? registrar.request('REGISTER') : registration.detail;
};

/** As a registrar would that reads the field by itself. */
const isRight = (request: SipRequest, realm: string): boolean => {
  const text = request.get('Authorization') ?? '';
  const get = (name: string): string => {
    const found = new RegExp(`\\b${name}=("(?:[^"\\\\]|\\\\.)*"|[^,\\s]+)`, 'i').exec(text);
    return (found?.[1] ?? '').replace(/^"|"$/g, '').replace(/\\(.)/g, '$1');
  };
  const name = get('algorithm').toUpperCase() === 'SHA-256' ? 'sha256' : 'md5';
  const hash = (value: string): string => createHash(name).update(value).digest('hex');
  const [a1, a2] = [hash(`car:${realm}:secret`), hash(`REGISTER:${request.uri}`)];
  const use = get('qop') === '' ? '' : `:${get('nc')}:${get('cnonce')}:${get('qop')}`;
  return (
    get('realm') === realm &&
    get('uri') === String(request.uri) &&
    get('response') === hash(`${a1}:${get('nonce')}${use}:${a2}`)
  );
};

describe('a challenge of the field is answered', () => {
  const good = 'Digest realm="r", nonce="n1", algorithm=MD5, qop="auth"';

  it.each<[what: string, ...challenges: string[]]>([
    ['plain', good],
    ['nothing but realm and nonce', 'Digest realm="r",nonce="n1"'],
    ['stronger one first', good.replace('MD5', 'SHA-256'), good],
    ['stronger one last', good, good.replace('MD5', 'SHA-256')],
    ['unknown algorithm first', good.replace('MD5', 'AKAv2-SHA-256'), good],
    ['other schemes beside it', 'Basic realm="r"', 'NTLM abc==', good, 'Bearer realm="r"'],
    ['several in one field', `${good.replace('MD5', 'TOO-NEW')}, ${good}`],
    ['another scheme in the same field', `Basic realm="r", ${good}`],
    ['empty elements', 'Digest realm="r",, nonce="n1", algorithm=MD5,'],
    ['an empty qop', 'Digest realm="r", nonce="n1", qop=""'],
    ['blanks in qop', 'Digest realm="r", qop="auth-int , auth", nonce="n1"'],
    ['qop without quotes', 'Digest realm="r", nonce="n1", qop=auth'],
    ['nothing quoted', 'digest realm=r, nonce=n1, algorithm=md5'],
    [
      'everything quoted',
      'Digest realm="r", nonce="n1", algorithm="MD5", stale="FALSE", opaque=""',
    ],
    ['folded', 'Digest realm="r",\r\n nonce="n1",\r\n\talgorithm=MD5'],
    ['unknown parameters', `${good}, charset=UTF-8, userhash=false, domain="sip:x sip:y", new`],
    ['damaged neighbours', 'Digest realm="r', 'Digest', '=,', good, 'Digest nonce="x"'],
  ])('%s', (_what, ...challenges) => {
    const answer = answerTo(...challenges);
    expect(typeof answer === 'string' ? answer : isRight(answer, 'r')).toBe(true);
  });

  it.each(['a "b" \\ c', 'Küche', '電話', 'a, b=c'])('with the realm %s', (realm) => {
    const quoted = realm.replace(/["\\]/g, '\\$&');
    const answer = answerTo(`Digest realm="${quoted}", nonce="n1"`);
    expect(typeof answer === 'string' ? answer : isRight(answer, realm)).toBe(true);
  });

  it.each([
    ['Digest realm="r", nonce="n1", algorithm=AKAv1-MD5'],
    ['Digest realm="r", nonce="n1", qop="auth-new"'],
    ['Basic realm="r"'],
    [''],
  ])('or refused in words: %s', (challenge) => {
    expect(answerTo(challenge)).toContain('401 no digest challenge that is supported');
  });
});
