// Shows RFC 5626.

import { describe, expect, it } from 'vitest';
import { World } from '../support/world';
import { count, grant, setUp } from './registered';

describe('423 Interval Too Brief', () => {
  it('asks again at once for what the registrar wants', () => {
    const { world, registrar, registration } = setUp({ expires: 30 });
    registrar.answer(registrar.request('REGISTER'), 423, { headers: [['Min-Expires', 300]] });
    world.run(100);
    expect(registrar.request('REGISTER').expires).toBe(300);
    grant(registrar, 300);
    world.run(20);
    expect(registration.state).toBe('registered');
  });

  it.each([86_401, 4_294_967_295])('is a failure when it wants %d s', (wanted) => {
    const { world, registrar, registration } = setUp();
    registrar.answer(registrar.request('REGISTER'), 423, { headers: [['Min-Expires', wanted]] });
    world.run(100);
    expect(registration.state).toBe('failed');
    world.run(3000);
    expect(registrar.request('REGISTER').expires).toBe(300);
  });

  it('may want a day', () => {
    const { world, registrar } = setUp();
    registrar.answer(registrar.request('REGISTER'), 423, { headers: [['Min-Expires', 86_400]] });
    world.run(100);
    expect(registrar.request('REGISTER').expires).toBe(86_400);
  });

  it('is a failure when it wants no more than we asked for', () => {
    const { world, registrar, registration } = setUp({ expires: 300 });
    registrar.answer(registrar.request('REGISTER'), 423, { headers: [['Min-Expires', 300]] });
    world.run(100);
    expect(registration.state).toBe('failed');
    expect(count(registrar)).toBe(1);
  });
});

describe('failure', () => {
  it.each([
    [423, {}],
    [500, { headers: [['Min-Expires', 300]] }],
  ] as const)('by %d, which says no time to ask for, is tried again as it was', (status, more) => {
    const { world, registrar, registration } = setUp({ expires: 30 });
    registrar.answer(registrar.request('REGISTER'), status, more);
    world.run(20);
    expect(registration.state).toBe('failed');
    world.run(3000);
    expect(registrar.request('REGISTER').expires).toBe(30);
  });

  const retryTimes = (world: World): number[] =>
    world.network.sent
      .filter(({ text }) => text.startsWith('REGISTER'))
      .map(({ at }) => Math.round(at / 1000));

  it('is followed by a quick retry and then rarer ones, two minutes apart at most', () => {
    const { world, registrar } = setUp();
    for (let i = 0; i < 100; i++) {
      const last = registrar.request('REGISTER');
      if (last.cseq.sequence === count(registrar)) registrar.answer(last, 503);
      world.run(10_000);
    }
    const times = retryTimes(world);
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(gaps[0]).toBeLessThanOrEqual(12);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(130);
    expect(Math.max(...gaps)).toBeGreaterThanOrEqual(60);
  });

  it('for want of a network is retried within two seconds, until there is one', () => {
    const world = new World();
    const car = world.phone('car');
    const registrar = world.peer(car);
    world.network.isDown = true;
    const registration = car.userAgent.register({
      uri: 'sip:car@example.org',
      registrar: 'sip:10.0.0.2',
    });
    world.run(100);
    expect(registration.state).toBe('failed');
    expect(registration.detail).toBe('network is down');
    world.network.isDown = false;
    world.run(2000);
    grant(registrar, 100);
    world.run(20);
    expect(registration.state).toBe('registered');
  });

  it('honours Retry-After', () => {
    const { world, registrar } = setUp();
    registrar.answer(registrar.request('REGISTER'), 503, { headers: [['Retry-After', 300]] });
    world.run(299_000);
    expect(count(registrar)).toBe(1);
    world.run(40_000);
    expect(count(registrar)).toBe(2);
  });

  it('is not believed to last for a day', () => {
    const { world, registrar } = setUp();
    registrar.answer(registrar.request('REGISTER'), 503, { headers: [['Retry-After', 86_400]] });
    world.run(1_799_000);
    expect(count(registrar)).toBe(1);
    world.run(182_000);
    expect(count(registrar)).toBe(2);
  });

  it.each([401, 403, 404, 407])(
    'by %d, which no second try gets past, is tried rarely',
    (status) => {
      const { world, registrar } = setUp();
      registrar.answer(registrar.request('REGISTER'), status);
      world.run(59_000);
      expect(count(registrar)).toBe(1);
      world.run(62_000);
      expect(count(registrar)).toBe(2);
    },
  );

  it('is forgotten by success: the next one is retried soon again', () => {
    const { world, registrar, registration } = setUp();
    const fail = () => registrar.answer(registrar.request('REGISTER'), 500);
    let answered = 0;
    for (let i = 0; i < 300; i++) {
      if (count(registrar) > answered) {
        fail();
        answered++;
      }
      world.run(2000);
    }
    expect(answered).toBeGreaterThan(8);
    while (count(registrar) === answered) world.run(1000);
    grant(registrar, 3600);
    world.run(20);
    expect(registration.state).toBe('registered');
    registration.refresh();
    world.run(20);
    const before = count(registrar);
    fail();
    world.run(2100);
    expect(count(registrar)).toBe(before + 1);
  });

  /** Registered for 100 s, and the refresh that is due has just been sent. */
  const refreshing = () => {
    const set = setUp();
    grant(set.registrar, 100);
    set.world.run(20);
    for (let ms = 0; count(set.registrar) < 2 && ms < 60_000; ms += 20) set.world.run(20);
    return set;
  };

  it('of a refresh that is due is that of a fleet, and retried later', () => {
    const { world, registrar, registration } = refreshing();
    registrar.answer(registrar.request('REGISTER'), 500);
    world.run(59_000);
    expect(count(registrar)).toBe(2);
    world.run(62_000);
    expect(count(registrar)).toBe(3);
    // Who has another network, or is asked to, does not wait, and is alone again.
    registrar.answer(registrar.request('REGISTER'), 500);
    world.run(100);
    registration.refresh();
    world.run(100);
    registrar.answer(registrar.request('REGISTER'), 500);
    world.run(30_000);
    expect(count(registrar)).toBeGreaterThanOrEqual(5);
  });

  it('by silence at a refresh that is due is met by few repetitions, and the answer counts all the same', () => {
    const { world, registrar, registration } = refreshing();
    const times = () =>
      world.network.sent.filter(({ text }) => text.startsWith('REGISTER')).map(({ at }) => at);
    const [, first = 0] = times();
    world.run(31_000);
    const since = times().map((at) => at - first);
    expect(since.slice(1)).toEqual([0, 500, 1500]);
    grant(registrar, 3600);
    world.run(20);
    expect([registration.state, registration.expiresIn]).toEqual(['registered', 3599]);
    // With a reason of its own it is repeated as RFC 3261 has it.
    registration.refresh();
    const before = times().length;
    world.run(31_000);
    expect(times().length - before).toBe(9);
  });

  it('by silence at what is tried after such a refresh is met by fewer: at first by none, then by one', () => {
    const { world, registrar, registration } = refreshing();
    registrar.answer(registrar.request('REGISTER'), 500);
    world.run(100);
    const times = () =>
      world.network.sent.filter(({ text }) => text.startsWith('REGISTER')).map(({ at }) => at);
    const nextTry = (): number[] => {
      const before = times().length;
      for (let s = 0; times().length === before && s < 300; s++) world.run(1000);
      world.run(33_000);
      const [first = 0, ...others] = times().slice(before);
      return others.map((at) => at - first);
    };
    expect([registration.state, nextTry(), nextTry(), nextTry()]).toEqual([
      'failed',
      [],
      [500],
      [500],
    ]);
  });

  it('for want of a network at a refresh that is due is retried within two seconds', () => {
    const { world, registrar, registration } = setUp();
    grant(registrar, 100);
    world.run(20);
    world.network.isDown = true;
    for (let ms = 0; registration.state !== 'failed' && ms < 70_000; ms += 20) world.run(20);
    expect(registration.detail).toBe('network is down');
    world.network.isDown = false;
    world.run(2000);
    expect(count(registrar)).toBe(2);
  });

  it('by silence is reported after 64*T1', () => {
    const { world, registration } = setUp();
    world.run(32_000);
    expect([registration.state, registration.detail]).toEqual(['failed', 'no answer']);
  });

  it('by redirection is not followed', () => {
    const { world, registrar, registration } = setUp();
    registrar.answer(registrar.request('REGISTER'), 302, { contact: registrar.contact() });
    world.run(100);
    expect(registration.detail).toBe('302 Moved Temporarily');
  });

  it('is what a binding for no time means', () => {
    const { world, registrar, registration } = setUp();
    grant(registrar, 0);
    world.run(20);
    expect(registration.detail).toBe('the registrar keeps no binding');
  });
});
