// Shows RFC 5626.

import { describe, expect, it } from 'vitest';
import { createResponse, serializeMessage } from '../../../src/sip/message';
import { count, grant, registered, setUp } from './registered';

describe('the time that is granted', () => {
  /** `OURS` stands for our Contact without brackets; `via` for what the registrar adds to our Via. */
  const granted = (
    contact: string,
    { expires, via = '' }: { expires?: number; via?: string } = {},
  ) => {
    const { world, registrar, registration } = setUp();
    const request = registrar.request('REGISTER');
    const ours = String(request.contacts[0]?.uri);
    const response = createResponse(request, 200, {
      toTag: 'r',
      headers: [
        ...(expires === undefined ? [] : [['Expires', expires] as const]),
        ...(contact === '' ? [] : [['Contact', contact.replaceAll('OURS', ours)] as const]),
      ],
    });
    // As wire text: a Via of ours with `rport` filled in.
    registrar.sendBytes(
      Buffer.from(
        Buffer.from(serializeMessage(response))
          .toString()
          .replace(';rport', via || ';rport'),
      ),
    );
    world.run(20);
    return { world, registrar, registration };
  };
  const seconds = (...args: Parameters<typeof granted>): number =>
    // 10 ms have passed since it was granted.
    granted(...args).registration.expiresIn + 1;
  const NAT = { via: ';received=203.0.113.7;rport=40001' };

  it.each([
    ['<OURS>;expires=90', 90],
    ['OURS;expires=90', 90],
    ['"x, y" <OURS>;q=1.0;expires=90;+sip.instance="<urn:uuid:1>"', 90],
    ['<OURS>;Expires="90"', 90],
    ['<sip:car@10.0.0.1>;expires=90', 90],
    ['<sip:car@10.0.0.1;transport=udp;line=ab12>;expires=90', 90],
    ['<sip:%63ar@10.0.0.1:5060>;expires=90', 90],
    ['<sips:car@10.0.0.1:5060>;expires=90', 90],
    ['<OURS>', 300],
    ['<OURS>;expires=', 300],
    ['<OURS>;expires=soon', 300],
    ['<OURS>;expires=-5', 300],
    ['<OURS>;expires=90s', 300],
    ['<OURS>;expires=" 90 "', 90],
    ['', 300],
  ])('is that of our Contact: %s', (contact, expected) => {
    expect(seconds(contact)).toBe(expected);
  });

  it.each([
    ['<sip:car@192.0.2.1>;expires=10, <OURS>;expires=90, <sip:car@192.0.2.2>;expires=7', 90],
    ['<tel:+4930>;expires=10, <OURS>;expires=90', 90],
    ['<tel:car@10.0.0.1>;expires=10, <OURS>;expires=90', 90],
    ['<sip:bob@10.0.0.1:5060>;expires=10, <OURS>;expires=90', 90],
    ['<sip:car@10.0.0.1:5062>;expires=10, <OURS>;expires=90', 90],
    ['<sip:car@203.0.113.7:40001>;expires=10, <OURS>;expires=90', 90],
  ])('is not that of others: %s', (contact, expected) => {
    expect(seconds(contact)).toBe(expected);
  });

  it.each([
    ['<sip:car@203.0.113.7:40001>;expires=60', 60],
    ['<sip:car@203.0.113.7:40001;ob>;expires=60, <sip:car@203.0.113.7:40002>;expires=9', 60],
    ['<sip:car@203.0.113.7:40001>;expires=60, <OURS>;expires=90', 60],
    ['<sip:car@203.0.113.7:40001>;expires=0, <OURS>;expires=90', 90],
  ])('is that of our Contact as a NAT shows it: %s', (contact, expected) => {
    expect(seconds(contact, NAT)).toBe(expected);
  });

  it('is the shortest of those that are ours, and no removed one', () => {
    expect(seconds('<OURS>;expires=120, <OURS;ob>;expires=45')).toBe(45);
    expect(seconds('<OURS>;expires=0, <OURS;ob>;expires=45')).toBe(45);
  });

  it('is never longer than the Expires of the response, nor than a day', () => {
    expect(seconds('<OURS>;expires=3600', { expires: 60 })).toBe(60);
    expect(seconds('<OURS>;expires=60', { expires: 3600 })).toBe(60);
    expect(seconds('<OURS>', { expires: 120 })).toBe(120);
    expect(seconds('<OURS>;expires=4294967295')).toBe(86_400);
    expect(seconds('', { expires: 999_999_999 })).toBe(86_400);
  });

  it('is none when our binding has none left', () => {
    const { registration } = granted('<OURS>;expires=0, <sip:car@192.0.2.1>;expires=600', {
      expires: 600,
    });
    expect(registration.detail).toBe('the registrar keeps no binding');
  });

  it('is looked at a second time, soon, when our Contact cannot be told among the bindings', () => {
    const { world, registrar, registration } = granted(
      '<sip:car@198.51.100.1>;expires=900, <sip:car@198.51.100.2>;expires=200, <sip:x@h>;expires=9',
    );
    expect(registration.expiresIn).toBe(199);
    expect(registration.detail).toBe('200 OK, but our address is not in its list');
    expect(count(registrar)).toBe(1);
    world.run(20_000);
    expect(count(registrar)).toBe(2);
    grant(registrar, 600);
    world.run(100);
    expect([registration.detail, registration.expiresIn]).toEqual(['200 OK', 599]);
    world.run(400_000);
    expect(count(registrar)).toBe(2);
  });

  it('that stays in doubt is refreshed in time by the shortest, and not looked at for ever', () => {
    const contact = '<sip:car@198.51.100.1>;expires=900, <sip:car@198.51.100.2>;expires=200';
    const { world, registrar } = granted(contact);
    const answer = () =>
      registrar.answer(registrar.request('REGISTER'), 200, { headers: [['Contact', contact]] });
    world.run(20_000);
    answer();
    world.run(100_000);
    expect(count(registrar)).toBe(2);
    world.run(80_000);
    expect(count(registrar)).toBe(3);
  });

  it.each([1, 2, 5])('of %d s does not make a storm', (short) => {
    const { world, registrar } = setUp();
    for (let i = 0; i < 600; i++) {
      const request = registrar.request('REGISTER');
      if (request.cseq.sequence === count(registrar)) grant(registrar, short);
      world.run(100);
    }
    expect(count(registrar)).toBeLessThanOrEqual(13);
    expect(count(registrar)).toBeGreaterThanOrEqual(10);
  });

  it.each([20, 60, 100, 600, 3600, 86_400])('of %d s is renewed before it is over', (time) => {
    const { world } = registered(time);
    world.run(time * 1000);
    const sent = world.network.sent.filter(({ text }) => text.startsWith('REGISTER'));
    const at = sent.find(({ text }) => text.includes('CSeq: 2 '))?.at ?? Infinity;
    expect(at).toBeGreaterThan(time * 1000 * 0.44);
    expect(at).toBeLessThan(time * 1000 * 0.91);
    // One attempt can be lost (32 s) and another succeed.
    if (time >= 100) expect(at).toBeLessThan(time * 1000 - 39_000);
  });
});
