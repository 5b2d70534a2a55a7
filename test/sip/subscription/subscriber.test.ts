// Shows RFC 6665.

import { describe, expect, it } from 'vitest';
import type { ScriptedPeer } from '../support/scripted-peer';
import { World } from '../support/world';

type Headers = readonly (readonly [string, string])[];

const SUMMARY = 'Messages-Waiting: yes\r\nVoice-Message: 2/8\r\n';

/** Alice watches a mailbox at the peer. */
const watching = (expiresS = 3600) => {
  const world = new World();
  const alice = world.phone('alice');
  const peer = world.peer(alice);
  const told: string[] = [];
  const begun: number[] = [];
  const subscription = alice.userAgent.subscribe(
    `sip:box@${peer.address.address}`,
    alice.account,
    { event: 'message-summary', accept: ['application/simple-message-summary'], expiresS },
    {
      onState: (state, detail) => told.push(`${state} ${detail}`.trim()),
      onNotice: (type, body) => told.push(`${type} ${body.split('\r\n')[0]}`),
      onBegin: () => begun.push(told.length),
    },
  );
  world.run(100);
  let cseq = 0;
  /** In the dialog that the latest SUBSCRIBE is of. */
  const notify = (
    state: string,
    parts: { tag?: string; body?: string; event?: string; user?: string } = {},
  ): void => {
    const subscribe = peer.request('SUBSCRIBE');
    const headers: Headers = [
      ['Event', parts.event ?? 'message-summary'],
      ['Subscription-State', state],
    ];
    peer.send(
      peer.withinTheirs(subscribe, parts.tag ?? 'peertag', 'NOTIFY', ++cseq, {
        contact: peer.contact(parts.user),
        headers,
        body: { contentType: 'application/simple-message-summary', content: parts.body ?? SUMMARY },
      }),
    );
    world.run(100);
  };
  const answer = (status: number, headers: Headers = []): void => {
    peer.answer(peer.request('SUBSCRIBE'), status, { contact: peer.contact(), headers });
    world.run(100);
  };
  const grant = (expires = 3600): void => {
    answer(200, [['Expires', `${expires}`]]);
    notify(`active;expires=${expires}`);
    told.length = 0;
  };
  return { world, alice, peer, told, begun, subscription, notify, answer, grant };
};

/** SUBSCRIBEs, each once however often it was sent. */
const count = (peer: ScriptedPeer): number =>
  new Set(
    peer.requests
      .filter(({ method }) => method === 'SUBSCRIBE')
      .map(({ callId, cseq }) => `${callId} ${cseq.sequence}`),
  ).size;

/** Runs until there are so many of them, and no further. @returns the seconds that it took */
const secondsUntil = (world: World, peer: ScriptedPeer, wanted: number): number => {
  for (let second = 0; second < 4000; second++) {
    if (count(peer) >= wanted) return second;
    world.run(1000);
  }
  throw new Error(`there are ${count(peer)} SUBSCRIBEs, and no more come`);
};

describe('a subscription', () => {
  it('asks, and tells what it is notified of', () => {
    const { peer, answer, notify, told } = watching();
    const subscribe = peer.request('SUBSCRIBE');
    expect(subscribe.get('Event')).toBe('message-summary');
    expect(subscribe.expires).toBe(3600);
    expect(subscribe.accept?.map(({ type }) => type)).toEqual([
      'application/simple-message-summary',
    ]);
    expect(subscribe.contacts).toHaveLength(1);
    answer(200, [['Expires', '3600']]);
    notify('pending;expires=3600', { body: '' });
    notify('active;expires=3590');
    expect(peer.statuses).toEqual(['200 NOTIFY', '200 NOTIFY']);
    expect(told).toEqual([
      'pending',
      'application/simple-message-summary Messages-Waiting: yes',
      'active',
    ]);
  });

  it('is made by a NOTIFY that overtakes the 200, and by one fork alone', () => {
    const { peer, answer, notify, told, alice } = watching();
    notify('active;expires=3600');
    answer(200);
    expect(told.at(-1)).toBe('active');
    notify('active;expires=3600', { tag: 'other' });
    expect(peer.statuses).toEqual(['200 NOTIFY', '481 NOTIFY']);
    expect(alice.userAgent.counters.activeDialogs).toBe(1);
  });

  it('takes no NOTIFY of another package', () => {
    const { peer, grant, notify } = watching();
    grant();
    notify('active', { event: 'presence' });
    expect(peer.statuses.at(-1)).toBe('481 NOTIFY');
  });

  it('is refreshed within its dialog, before its time is over, as long as it was granted', () => {
    const { world, peer, grant } = watching();
    grant(600);
    const seconds = secondsUntil(world, peer, 2);
    expect(seconds).toBeGreaterThan(480);
    expect(seconds).toBeLessThan(545);
    const [first, second] = peer.requests.filter(({ method }) => method === 'SUBSCRIBE');
    expect(second?.to.tag).toBe('peertag');
    expect(second?.cseq.sequence).toBe((first?.cseq.sequence ?? 0) + 1);
  });

  it.each([
    [60, 30],
    [1, 5],
  ])(
    'that is granted for %i s is refreshed after %i s at most, and in no loop',
    (granted, most) => {
      const { world, peer, grant } = watching();
      grant(granted);
      const seconds = secondsUntil(world, peer, 2);
      expect(seconds).toBeGreaterThan(most * 0.8);
      expect(seconds).toBeLessThanOrEqual(most + 1);
    },
  );

  it('is refreshed at once where that is asked for, and in its time after that', () => {
    const { world, peer, grant, answer, notify, subscription } = watching();
    subscription.refresh();
    expect(count(peer)).toBe(1);
    grant(600);
    subscription.refresh();
    world.run(100);
    expect(count(peer)).toBe(2);
    expect(peer.request('SUBSCRIBE').to.tag).toBe('peertag');
    answer(200, [['Expires', '600']]);
    notify('active;expires=600');
    expect(secondsUntil(world, peer, 3)).toBeGreaterThan(480);
    subscription.stop();
    world.run(100);
    subscription.refresh();
    world.run(100);
    expect(count(peer)).toBe(4);
  });

  it('is not refreshed again while that is asked for', () => {
    const { world, peer, grant, subscription } = watching();
    grant(60);
    world.run(26_000);
    subscription.refresh();
    world.run(10_000);
    expect(count(peer)).toBe(2);
  });

  it('tells when another one begins in its place', () => {
    const { world, peer, answer, grant, begun } = watching();
    grant();
    expect(begun).toEqual([0]);
    secondsUntil(world, peer, 2);
    answer(481);
    secondsUntil(world, peer, 3);
    expect(begun).toHaveLength(2);
  });

  it('tells that an active one has nothing to be told', () => {
    const { grant, notify, told } = watching();
    grant();
    notify('active;expires=600', { body: '' });
    expect(told).toEqual(['application/simple-message-summary ']);
  });

  it('is refreshed where the last NOTIFY says that the notifier is', () => {
    const { world, peer, grant, notify } = watching();
    grant(600);
    notify('active;expires=600', { user: 'moved' });
    secondsUntil(world, peer, 2);
    expect(String(peer.request('SUBSCRIBE').uri)).toContain('sip:moved@');
  });

  it('is refreshed in the time of its own fork, whatever another one grants', () => {
    const { world, peer, notify } = watching();
    notify('active;expires=600');
    peer.answer(peer.request('SUBSCRIBE'), 200, {
      toTag: 'other',
      contact: peer.contact(),
      headers: [['Expires', '3600']],
    });
    expect(secondsUntil(world, peer, 2)).toBeLessThan(545);
  });

  it('is refreshed in the time that the answer to a refresh grants', () => {
    const { world, peer, grant, answer } = watching();
    grant(600);
    secondsUntil(world, peer, 2);
    answer(200, [['Expires', '300']]);
    const seconds = secondsUntil(world, peer, 3);
    expect(seconds).toBeGreaterThan(210);
    expect(seconds).toBeLessThan(245);
  });

  it('tells of a state once, and of each notice', () => {
    const { grant, notify, told } = watching();
    grant();
    notify('active;expires=3600');
    notify('pending;expires=3600', { body: '' });
    expect(told).toEqual(['application/simple-message-summary Messages-Waiting: yes', 'pending']);
  });

  it('takes no NOTIFY of another one of its package', () => {
    const { peer, grant, notify, told } = watching();
    grant();
    notify('active', { event: 'message-summary;id=5' });
    expect(peer.statuses.at(-1)).toBe('481 NOTIFY');
    expect(told).toEqual([]);
  });

  it('asks for a day where 423 wants that', () => {
    const { peer, answer } = watching(3600);
    answer(423, [['Min-Expires', '86400']]);
    expect(peer.request('SUBSCRIBE').expires).toBe(86_400);
  });

  it('asks for longer where 423 wants it', () => {
    const { peer, answer } = watching(60);
    answer(423, [['Min-Expires', '600']]);
    expect(peer.request('SUBSCRIBE').expires).toBe(600);
  });

  it.each(['100000', '3600', '60', '0'])('asks for no absurd time: 423 with %s', (least) => {
    const { peer, answer, told } = watching(3600);
    answer(423, [['Min-Expires', least]]);
    expect(told.at(-1)).toMatch(/^waiting 423/);
    expect(count(peer)).toBe(1);
  });

  it('fetches the state once, and is over', () => {
    const { world, peer, answer, notify, told, alice } = watching(0);
    expect(peer.request('SUBSCRIBE').expires).toBe(0);
    answer(200, [['Expires', '0']]);
    notify('terminated;reason=timeout');
    expect(told).toEqual(['application/simple-message-summary Messages-Waiting: yes', 'ended']);
    world.run(40_000);
    expect(count(peer)).toBe(1);
    expect(alice.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
  });

  it('is ended by us: the last NOTIFY is answered and told nobody', () => {
    const { world, peer, grant, notify, told, subscription, alice } = watching();
    grant();
    subscription.stop();
    world.run(100);
    expect(peer.request('SUBSCRIBE').expires).toBe(0);
    peer.answer(peer.request('SUBSCRIBE'), 200);
    notify('terminated;reason=timeout');
    expect(peer.statuses.at(-1)).toBe('200 NOTIFY');
    expect(told).toEqual(['ended']);
    world.run(40_000);
    expect(alice.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
    expect(world.clock.pendingTimers).toBe(0);
  });
});

describe('a subscription that is left', () => {
  it('is so once', () => {
    const { world, peer, grant, subscription, told } = watching();
    grant();
    subscription.stop();
    subscription.stop();
    world.run(100);
    expect(count(peer)).toBe(2);
    expect(told).toEqual(['ended']);
  });

  it('before anybody has answered is forgotten, whatever is answered then', () => {
    const { world, peer, answer, subscription, told, alice } = watching();
    subscription.stop();
    expect(told).toEqual(['ended']);
    answer(200, [['Expires', '3600']]);
    world.run(40_000);
    expect(count(peer)).toBe(1);
    expect(alice.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('with its user agent keeps nothing', async () => {
    const { world, peer, grant, alice } = watching();
    grant();
    const closed = alice.userAgent.close();
    world.run(5000);
    await closed;
    expect(peer.request('SUBSCRIBE').expires).toBe(0);
    expect(alice.userAgent.counters.activeDialogs).toBe(0);
  });

  it('waits for its last NOTIFY no longer than a transaction lasts', () => {
    const { world, peer, grant, subscription, alice } = watching();
    grant();
    subscription.stop();
    world.run(100);
    peer.answer(peer.request('SUBSCRIBE'), 200);
    world.run(40_000);
    expect(alice.userAgent.counters).toMatchObject({ activeDialogs: 0, activeTransactions: 0 });
    expect(world.clock.pendingTimers).toBe(0);
  });
});

describe('a subscription that the notifier ends', () => {
  it.each(['rejected', 'noresource', 'invariant'])('by %s is not made again', (reason) => {
    const { world, peer, grant, notify, told, alice } = watching();
    grant();
    notify(`terminated;reason=${reason}`);
    expect(told.at(-1)).toBe(`refused ${reason}`);
    world.run(4_000_000);
    expect(count(peer)).toBe(1);
    expect(alice.userAgent.counters.activeDialogs).toBe(0);
  });

  it.each(['deactivated', 'timeout'])('by %s is made again at once, in a new dialog', (reason) => {
    const { world, peer, grant, notify } = watching();
    grant();
    const first = peer.request('SUBSCRIBE');
    world.run(61_000);
    notify(`terminated;reason=${reason}`);
    expect(count(peer)).toBe(2);
    expect(peer.request('SUBSCRIBE').callId).not.toBe(first.callId);
    expect(peer.request('SUBSCRIBE').to.tag).toBeUndefined();
  });

  it('at once and again is not made in a loop', () => {
    const { world, peer, grant, notify } = watching();
    const waits = [2, 3, 4, 5].map((wanted) => {
      grant();
      notify('terminated;reason=deactivated');
      return secondsUntil(world, peer, wanted);
    });
    expect(waits[0]).toBeGreaterThan(1);
    expect(waits[3]).toBeGreaterThan(15);
  });

  it('for a while is made again after it', () => {
    const { world, peer, grant, notify, told } = watching();
    grant();
    notify('terminated;reason=probation;retry-after=100');
    expect(told.at(-1)).toBe('waiting probation');
    const seconds = secondsUntil(world, peer, 2);
    expect(seconds).toBeGreaterThan(98);
    expect(seconds).toBeLessThan(152);
  });
});

describe('a subscription that fails', () => {
  it.each([403, 404, 405, 489, 603])('by %i is not asked for again', (status) => {
    const { world, peer, answer, told } = watching();
    answer(status);
    expect(told.at(-1)).toMatch(new RegExp(`^refused ${status}`));
    world.run(4_000_000);
    expect(count(peer)).toBe(1);
  });

  it('by 503 is asked for again, no sooner than it says', () => {
    const { world, peer, answer } = watching();
    answer(503, [['Retry-After', '200']]);
    expect(secondsUntil(world, peer, 2)).toBeGreaterThan(198);
  });

  it('by 503 with a day of Retry-After is asked for again within the hour and a half', () => {
    const { world, peer, answer } = watching();
    answer(503, [['Retry-After', '86400']]);
    world.run(3_590_000);
    expect(count(peer)).toBe(1);
    world.run(1_811_000);
    expect(count(peer)).toBeGreaterThan(1);
  });

  it('again and again is asked for ever more seldom, every quarter of an hour at least', () => {
    const { world, peer, answer } = watching();
    const waits = Array.from({ length: 14 }, (_, failures) => {
      answer(503);
      return secondsUntil(world, peer, failures + 2);
    });
    expect(waits[0]).toBeLessThan(5);
    expect(waits.at(-1)).toBeGreaterThan(590);
    expect(Math.max(...waits)).toBeLessThan(905);
  });

  it('is a first failure again when it has lived for a minute', () => {
    const { world, peer, answer, grant, notify } = watching();
    for (const wanted of [2, 3, 4, 5, 6]) {
      answer(503);
      secondsUntil(world, peer, wanted);
    }
    grant();
    world.run(61_000);
    notify('terminated;reason=probation');
    expect(secondsUntil(world, peer, 7)).toBeLessThan(5);
  });

  it('by 500 at a refresh is made anew, no sooner than it says', () => {
    const { world, peer, grant, answer, told } = watching();
    grant(600);
    secondsUntil(world, peer, 2);
    answer(500, [['Retry-After', '100']]);
    expect(told.at(-1)).toMatch(/^waiting 500/);
    expect(secondsUntil(world, peer, 3)).toBeGreaterThan(98);
    expect(peer.request('SUBSCRIBE').to.tag).toBeUndefined();
  });

  it('by 481 at a refresh is made anew', () => {
    const { world, peer, grant, answer } = watching();
    grant(600);
    secondsUntil(world, peer, 2);
    const refresh = peer.request('SUBSCRIBE');
    expect(refresh.to.tag).toBe('peertag');
    answer(481);
    expect(peer.request('SUBSCRIBE').callId).not.toBe(refresh.callId);
  });

  it('for want of a NOTIFY is made anew', () => {
    const { world, peer, answer, told, alice } = watching();
    answer(200, [['Expires', '3600']]);
    world.run(32_000);
    expect(told.at(-1)).toBe('waiting no NOTIFY came');
    world.run(5000);
    expect(count(peer)).toBeGreaterThan(1);
    expect(alice.userAgent.counters.activeDialogs).toBe(0);
  });
});
