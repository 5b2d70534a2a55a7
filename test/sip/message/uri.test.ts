import { describe, expect, it, test } from 'vitest';
import {
  formatHostPort,
  Params,
  parseSipUri,
  parseUri,
  SipUri,
  sameUri,
  UriException,
} from '../../../src/sip/message';

describe('parsing a URI', () => {
  it('takes all parts of a SIP URI', () => {
    const uri = parseSipUri('sips:al%20ice:pw@Example.com:5061;transport=TCP;lr?subject=hi&to=a');
    expect(uri).toMatchObject({
      scheme: 'sips',
      user: 'al%20ice',
      password: 'pw',
      host: 'Example.com',
      port: 5061,
      transport: 'tcp',
      isLooseRouter: true,
      userText: 'al ice',
    });
    expect([...uri.headers]).toEqual([
      ['subject', 'hi'],
      ['to', 'a'],
    ]);
  });

  test.each([
    'sip:example.com',
    'sip:bob@192.0.2.1:5070',
    'sip:bob@[2001:db8::1]:5070;lr',
    'sip:+1-212-555-1212:1234@gateway.com;user=phone',
    'sip:atlanta.com;method=REGISTER?to=alice%40atlanta.com',
    'sip:alice;day=tuesday@atlanta.com',
    'sip:*97#@pbx',
    'sip:a@b?x=',
    'tel:+1-201-555-0123;phone-context=example.com',
    'urn:service:sos',
  ])('%s leaves as it came', (text) => {
    expect(`${parseUri(text)}`).toBe(text);
  });

  test.each([
    ['nothing', ''],
    ['no scheme', 'bob'],
    ['no host', 'sip:'],
    ['no host behind the user', 'sip:bob@'],
    ['an empty user', 'sip:@example.com'],
    ['an empty user before a password', 'sip::pw@example.com'],
    ['a port that is no number', 'sip:a@b:x'],
    ['a port out of range', 'sip:a@b:65536'],
    ['an empty port', 'sip:a@b:'],
    ['an empty parameter', 'sip:a@b;;lr'],
    ['a header without value', 'sip:a@b?c'],
    ['a blank', 'sip:a b@c'],
    ['something behind', 'sip:a@b '],
    ['an IPv6 address without brackets', 'sip:2001:db8::1'],
    ['an open bracket', 'sip:[2001:db8::1'],
    ['no IPv6 address in brackets', 'sip:[example.com]'],
    ['a zone', 'sip:[fe80::1%eth0]'],
    ['a line break', 'sip:a@b\r\nVia: x'],
    ['a scheme alone', 'tel:'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseUri(text)).toThrow(UriException);
  });

  it('refuses another scheme where a SIP URI is wanted', () => {
    expect(() => parseSipUri('tel:+1')).toThrow(/expected a URI as sip:user@host, found "tel:\+1"/);
  });
});

describe('building a URI', () => {
  it('escapes what a person typed', () => {
    const uri = SipUri.of('Jürgen @home#1', 'example.com', 5070, Params.of({ lr: undefined }));
    expect(`${uri}`).toBe('sip:J%C3%BCrgen%20%40home%231@example.com:5070;lr');
    expect(parseSipUri(`${uri}`).userText).toBe('Jürgen @home#1');
  });

  it('puts IPv6 addresses in brackets', () => {
    expect(formatHostPort('2001:db8::1', 5060)).toBe('[2001:db8::1]:5060');
    expect(formatHostPort('192.0.2.1', undefined)).toBe('192.0.2.1');
  });

  it('makes changed copies', () => {
    const uri = parseSipUri('sip:a:p@b:1;x=1?h=v');
    expect(`${uri.withoutHeaders()}`).toBe('sip:a:p@b:1;x=1');
    expect(`${uri.withParams(uri.params.with('lr').without('x'))}`).toBe('sip:a:p@b:1;lr?h=v');
    expect(`${uri}`).toBe('sip:a:p@b:1;x=1?h=v');
  });
});

/** RFC 3261 §19.1.4 and its examples. */
describe('comparing URIs', () => {
  test.each([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;newparam=5'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['sip:a@[2001:db8::1]', 'sip:a@[2001:DB8:0:0::1]'],
    ['tel:+1', 'TEL:+1'],
  ])('%s is %s', (a, b) => {
    expect(sameUri(parseUri(a), parseUri(b))).toBe(true);
    expect(sameUri(parseUri(b), parseUri(a))).toBe(true);
  });

  test.each([
    ['sip:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a%3Bb@c', 'sip:a;b@c'],
    ['sip:a@b', 'sips:a@b'],
    ['sip:a@b', 'tel:a@b'],
  ])('%s is not %s', (a, b) => {
    expect(sameUri(parseUri(a), parseUri(b))).toBe(false);
    expect(sameUri(parseUri(b), parseUri(a))).toBe(false);
  });
});
