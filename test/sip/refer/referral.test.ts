// Shows RFC 3420, 3515, 4488, 6665.

import { describe, expect, it } from 'vitest';
import type { ReferralOffer } from '../../../src/sip/refer';
import { called } from '../invite/calls';

const FRAG = /^SIP\/2\.0 (\d+)/;

/** The peer hands Bob over to somebody; `decide` says what Bob does. */
const referred = (
  referTo: string | readonly string[],
  decide: (referral: ReferralOffer) => void = (referral) => referral.accept(),
  headers: readonly (readonly [string, string])[] = [],
) => {
  const all = called();
  const offers: ReferralOffer[] = [];
  all.session.events.on('referred', (referral) => {
    offers.push(referral);
    decide(referral);
  });
  const values = typeof referTo === 'string' ? [referTo] : referTo;
  all.ask('REFER', 2, {
    contact: all.peer.contact(),
    headers: [...values.map((value) => ['Refer-To', value] as const), ...headers],
  });
  const status = (): string | undefined =>
    all.peer.statuses.filter((one) => one.endsWith('REFER')).at(-1);
  /** Answers the NOTIFYs that have come; gives their status lines and states. */
  const heard = (): string[] =>
    all.peer.requests
      .filter(({ method }) => method === 'NOTIFY')
      .map((notify) => `${FRAG.exec(notify.bodyText)?.[1]} ${notify.get('Subscription-State')}`);
  const answerNotify = (status = 200): void => {
    all.peer.answer(all.peer.request('NOTIFY'), status);
    all.world.run(100);
  };
  return { ...all, offers, status, heard, answerNotify };
};

describe('a REFER that is accepted', () => {
  it('gets 202, and NOTIFYs that tell how it goes on', () => {
    const { offers, status, heard, answerNotify, peer } = referred(
      '"Carol" <sip:carol@example.org;method=INVITE>',
      undefined,
      [['Referred-By', '<sip:peer@example.org>']],
    );
    const [offer] = offers;
    expect(status()).toBe('202 REFER');
    expect(offer).toMatchObject({
      target: 'sip:carol@example.org',
      referredBy: '<sip:peer@example.org>',
      replaces: undefined,
      source: peer.address,
    });
    expect(heard()).toEqual(['100 active;expires=180']);
    expect(peer.request('NOTIFY').get('Event')).toBe('refer;id=2');
    answerNotify();
    offer?.tell({ status: 180, reason: '' });
    answerNotify();
    offer?.tell({ status: 200, reason: '' });
    answerNotify();
    expect(heard().map((line) => line.split(';')[0])).toEqual([
      '100 active',
      '180 active',
      '200 terminated',
    ]);
    expect(heard().at(-1)).toBe('200 terminated;reason=noresource');
  });

  it('tells the newest only when the peer is slow to answer', () => {
    const { offers, heard, answerNotify } = referred('<sip:carol@example.org>');
    offers[0]?.tell({ status: 180, reason: '' });
    offers[0]?.tell({ status: 183, reason: '' });
    offers[0]?.tell({ status: 486, reason: 'Busy Here' });
    answerNotify();
    expect(heard()).toEqual(['100 active;expires=180', '486 terminated;reason=noresource']);
  });

  it('may name the call at the target that ours takes the place of', () => {
    const { offers } = referred(
      '<sip:carol@example.org?Replaces=abc%40host%3Bto-tag%3Dto%3Bfrom-tag%3Dfrom>',
    );
    expect(offers[0]).toMatchObject({
      target: 'sip:carol@example.org',
      replaces: { callId: 'abc@host', toTag: 'to', fromTag: 'from', isEarlyOnly: false },
    });
  });

  it('may name the call at the target that ours talks with, too (RFC 3911)', () => {
    const { offers } = referred(
      '<sip:room@example.org?Join=abc%40host%3Bto-tag%3Dto%3Bfrom-tag%3Dfrom>',
    );
    expect(offers[0]).toMatchObject({
      target: 'sip:room@example.org',
      replaces: undefined,
      joins: { callId: 'abc@host', toTag: 'to', fromTag: 'from' },
    });
  });

  it('tells nothing where nobody wants to know (RFC 4488)', () => {
    const { peer, heard, offers } = referred('<sip:carol@example.org>', undefined, [
      ['Refer-Sub', 'false'],
    ]);
    offers[0]?.tell({ status: 200, reason: '' });
    expect(peer.response(202).get('Refer-Sub')).toBe('false');
    expect(heard()).toEqual([]);
  });

  it('is told of no more once the peer knows nothing of it', () => {
    const { offers, heard, answerNotify } = referred('<sip:carol@example.org>');
    answerNotify(481);
    offers[0]?.tell({ status: 200, reason: '' });
    expect(heard()).toHaveLength(1);
  });

  it('is unsubscribed from, and told of on request', () => {
    const { ask, heard, answerNotify, offers, peer } = referred('<sip:carol@example.org>');
    answerNotify();
    const headers = [
      ['Event', 'refer;id=2'],
      ['Expires', '0'],
    ] as const;
    ask('SUBSCRIBE', 3, { contact: peer.contact(), headers });
    expect(peer.statuses.at(-1)).toBe('200 SUBSCRIBE');
    expect(heard().at(-1)).toBe('100 terminated;reason=timeout');
    answerNotify();
    offers[0]?.tell({ status: 200, reason: '' });
    expect(heard()).toHaveLength(2);
  });

  it('leaves the dialog behind when the call and it are over', () => {
    const { offers, answerNotify, ask, world, bob } = referred('<sip:carol@example.org>');
    answerNotify();
    ask('BYE', 3);
    expect(bob.userAgent.counters.activeDialogs).toBe(1);
    offers[0]?.tell({ status: 200, reason: '' });
    world.run(100);
    answerNotify();
    world.run(40_000);
    expect(bob.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
  });
});

describe('a REFER that is decided about', () => {
  it.each([
    ['accept', '202 REFER', ['100 active;expires=180']],
    ['refuse', '603 REFER', []],
  ] as const)('is so once: %s', (first, status, notified) => {
    const { peer, heard } = referred('<sip:carol@example.org>', (referral) => {
      if (first === 'accept') referral.accept();
      if (first === 'accept') referral.accept();
      referral.refuse(603);
      referral.accept();
    });
    expect(peer.statuses.filter((one) => one.endsWith('REFER'))).toEqual([status]);
    expect(heard()).toEqual(notified);
  });
});

describe('a REFER that is refused', () => {
  it.each([
    ['by who decides', '<sip:carol@example.org>', 603],
    ['without a Refer-To', [], 400],
    ['with two of them', ['<sip:carol@example.org>', '<sip:dave@example.org>'], 400],
    ['to a number', '<tel:+15550100>', 416],
    ['to something else than a call', '<sip:carol@example.org;method=BYE>', 501],
    ['to a call that cannot be read', '<sip:carol@example.org?Replaces=nonsense>', 400],
    ['to a call to join that cannot be read', '<sip:carol@example.org?Join=nonsense>', 400],
    [
      'to two calls',
      '<sip:carol@example.org?Replaces=a;to-tag=1;from-tag=2&Join=a;to-tag=1;from-tag=2>',
      400,
    ],
  ])('%s', (_, referTo, wanted) => {
    const { status, heard, session } = referred(referTo, (referral) => referral.refuse(603));
    expect(status()).toBe(`${wanted} REFER`);
    expect(heard()).toEqual([]);
    expect(session.state).toBe('confirmed');
  });

  it('when nobody decides', () => {
    const { status } = referred('<sip:carol@example.org>', () => undefined);
    expect(status()).toBe('603 REFER');
  });

  it('outside of a call', () => {
    const { world, peer } = called();
    peer.send(
      peer.newRequest('REFER', { callId: 'other', headers: [['Refer-To', '<sip:c@example.org>']] }),
    );
    world.run(100);
    expect(peer.statuses.at(-1)).toBe('481 REFER');
  });
});
