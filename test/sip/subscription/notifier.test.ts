// Shows RFC 6665.

import { describe, expect, it } from 'vitest';
import { called } from '../invite/calls';

/** The peer hears of the call that it has sent Bob to make, for 180 s at first. */
const notified = () => {
  const all = called();
  const { peer, world, session } = all;
  let tell: (status: number) => void = () => undefined;
  session.events.on('referred', (referral) => {
    referral.accept();
    tell = (status) => {
      referral.tell({ status, reason: '' });
      world.run(100);
    };
  });
  all.ask('REFER', 2, {
    contact: peer.contact(),
    headers: [['Refer-To', '<sip:carol@example.org>']],
  });
  /** States of the NOTIFYs so far, each once however often it was sent. */
  const states = (): string[] => {
    const notifies = peer.requests.filter(({ method }) => method === 'NOTIFY');
    const once = new Map(notifies.map((notify) => [notify.cseq.sequence, notify]));
    return [...once.values()].map((notify) => notify.get('Subscription-State') ?? '');
  };
  const answer = (): void => {
    peer.answer(peer.request('NOTIFY'), 200);
    world.run(100);
  };
  let cseq = 2;
  const subscribe = (expires?: number): string | undefined => {
    const headers: [string, string][] = [
      ['Event', 'refer;id=2'],
      ...(expires === undefined ? [] : [['Expires', `${expires}`] as [string, string]]),
    ];
    all.ask('SUBSCRIBE', ++cseq, { contact: peer.contact(), headers });
    return peer.statuses.at(-1);
  };
  return { ...all, tell: (status: number) => tell(status), states, answer, subscribe };
};

describe('a subscription that somebody has to us', () => {
  it('tells how long it is still good for, and ends by itself', () => {
    const { world, states, answer, tell } = notified();
    answer();
    world.run(60_000);
    tell(180);
    answer();
    expect(states()).toEqual(['active;expires=180', 'active;expires=120']);
    world.run(119_000);
    expect(states()).toHaveLength(2);
    world.run(2000);
    expect(states().at(-1)).toBe('terminated;reason=timeout');
    answer();
    tell(200);
    expect(states()).toHaveLength(3);
  });

  it('is refreshed: granted anew from then on, and told how it stands', () => {
    const { world, peer, states, answer, tell, subscribe } = notified();
    answer();
    world.run(170_000);
    expect(subscribe(600)).toBe('200 SUBSCRIBE');
    expect(peer.response(200).get('Expires')).toBe('600');
    expect(states().at(-1)).toBe('active;expires=600');
    answer();
    world.run(590_000);
    expect(states()).toHaveLength(2);
    tell(180);
    expect(states().at(-1)).toMatch(/^active;expires=(9|10)$/);
    answer();
    world.run(11_000);
    expect(states().at(-1)).toBe('terminated;reason=timeout');
  });

  it.each([
    [undefined, '3600'],
    [100_000, '3600'],
    [60, '60'],
  ])('asked for %s gets %s', (asked, granted) => {
    const { peer, answer, subscribe } = notified();
    answer();
    expect(subscribe(asked)).toBe('200 SUBSCRIBE');
    expect(peer.response(200).get('Expires')).toBe(granted);
  });

  it('is not refreshed for less than a minute, and goes on', () => {
    const { peer, states, answer, tell, subscribe } = notified();
    answer();
    expect(subscribe(59)).toBe('423 SUBSCRIBE');
    expect(peer.response(423).get('Min-Expires')).toBe('60');
    tell(180);
    expect(states()).toHaveLength(2);
  });

  it.each(['refer;id=9', 'refer', 'presence;id=2'])('is no subscription to %j', (event) => {
    const { peer, ask, answer, states } = notified();
    answer();
    const headers = [
      ['Event', event],
      ['Expires', '600'],
    ] as const;
    ask('SUBSCRIBE', 3, { contact: peer.contact(), headers });
    expect(peer.statuses.at(-1)).toMatch(/^4(81|89) SUBSCRIBE$/);
    expect(states()).toHaveLength(1);
  });

  it('is over when nobody answers, and nothing more is told', () => {
    const { world, bob, states, ask, tell } = notified();
    world.run(33_000);
    tell(180);
    expect(states()).toHaveLength(1);
    ask('BYE', 3);
    world.run(40_000);
    expect(bob.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
  });
});
