// Shows RFC 5626.

import { describe, expect, it } from 'vitest';
import { NameAddr, parseSipUri } from '../../../src/sip/message';
import { World } from '../support/world';
import { challenge, count, grant, registered, setUp } from './registered';

describe('REGISTER', () => {
  it('asks the registrar to bind our Contact to the address of record', () => {
    const { registrar, registration } = setUp({ expires: 600, displayName: 'The Car' });
    const request = registrar.request('REGISTER');
    expect(String(request.uri)).toBe('sip:10.0.0.2');
    expect(String(request.to)).toBe('The Car <sip:car@example.org>');
    expect(request.from.tag).toBeDefined();
    expect(String(request.contacts[0])).toBe('<sip:car@10.0.0.1:5060>');
    expect(request.expires).toBe(600);
    expect(request.supported).toEqual(['path']);
    expect(registration.state).toBe('trying');
  });

  it('tells where calls come from while the binding lasts, and no longer', () => {
    const { world, registrar, registration } = setUp();
    expect(registration.boundTo).toEqual([]);
    grant(registrar, 100);
    world.run(20);
    expect(registration.boundTo).toEqual([registrar.address]);
    void registration.unregister();
    expect(registration.boundTo).toEqual([]);
  });

  it('goes through the outbound proxy', () => {
    const world = new World();
    const car = world.phone('car');
    const proxy = world.peer(car);
    car.userAgent.register({
      uri: 'sip:car@example.org',
      registrar: 'sip:registrar.example.org',
      outboundProxy: 'sip:10.0.0.2',
    });
    world.run(100);
    expect(String(proxy.request('REGISTER').uri)).toBe('sip:registrar.example.org');
    expect(proxy.request('REGISTER').routes).toHaveLength(1);
  });

  it('is registered by a 200, for as long as the registrar grants', () => {
    const { world, registration, states } = registered(100);
    expect(registration.state).toBe('registered');
    expect(registration.detail).toBe('200 OK');
    expect(registration.expiresIn).toBe(99);
    world.run(10_000);
    expect(registration.expiresIn).toBe(89);
    expect(states).toEqual(['registered: 200 OK']);
  });

  it('reads the Expires of the response where its Contact says nothing', () => {
    const { world, registrar, registration } = setUp();
    registrar.answer(registrar.request('REGISTER'), 200, { headers: [['Expires', 50]] });
    world.run(20);
    expect(registration.expiresIn).toBe(49);
  });

  it('reads its own binding among others', () => {
    const { world, registrar, registration } = setUp();
    const request = registrar.request('REGISTER');
    const other = new NameAddr(undefined, parseSipUri('sip:car@10.3.3.3')).withParam(
      'expires',
      '9',
    );
    const own = request.contacts[0]?.withParam('expires', '70') ?? '';
    registrar.answer(request, 200, {
      headers: [
        ['Contact', other],
        ['Contact', own],
      ],
    });
    world.run(20);
    expect(registration.expiresIn).toBe(69);
  });
});

describe('refresh', () => {
  it('comes in time, with the same Call-ID and the next CSeq', () => {
    const { world, registrar, registration, states } = registered(100);
    const first = registrar.request('REGISTER');
    world.run(50_000);
    expect(count(registrar)).toBe(1);
    world.run(15_000);
    expect(count(registrar)).toBe(2);
    const second = registrar.request('REGISTER');
    expect(second.callId).toBe(first.callId);
    expect(second.cseq.sequence).toBe(2);
    expect(registration.state).toBe('registered');
    grant(registrar, 100);
    world.run(20);
    expect(registration.expiresIn).toBe(99);
    expect(states).toEqual(['registered: 200 OK']);
  });

  it('comes at once when asked for, in place of one in progress', () => {
    const { world, registrar, registration } = setUp();
    registration.refresh();
    registration.refresh();
    world.run(100);
    expect(registrar.requests.map(({ cseq }) => cseq.sequence)).toEqual([1, 2, 3]);
    world.run(600);
    expect(registrar.requests.at(-1)?.cseq.sequence).toBe(3);
  });

  it('that is refused says so, while the binding still runs', () => {
    const { world, registrar, registration } = registered(100);
    registration.refresh();
    world.run(20);
    registrar.answer(registrar.request('REGISTER'), 500);
    world.run(20);
    expect(registration.state).toBe('failed');
    expect(registration.detail).toBe('500 Server Internal Error');
    expect(registration.expiresIn).toBeGreaterThan(90);
  });
});

describe('credentials', () => {
  const known = { username: 'car', password: 'secret' };

  it('answers 401', () => {
    const { world, registrar, registration } = setUp(known);
    registrar.answer(registrar.request('REGISTER'), 401, challenge('n1'));
    world.run(100);
    const second = registrar.request('REGISTER');
    expect(second.cseq.sequence).toBe(2);
    expect(second.authorization[0]?.params.get('uri')).toBe('sip:10.0.0.2');
    grant(registrar, 100);
    world.run(20);
    expect(registration.state).toBe('registered');
  });

  it('uses the nonce again for the refresh, and answers when it has become stale', () => {
    const { world, registrar, registration } = setUp(known);
    registrar.answer(registrar.request('REGISTER'), 401, challenge('n1'));
    world.run(100);
    grant(registrar, 100);
    world.run(20);
    registration.refresh();
    world.run(100);
    const nonce = () => registrar.request('REGISTER').authorization[0]?.params.get('nonce');
    expect(nonce()).toBe('n1');
    registrar.answer(registrar.request('REGISTER'), 401, challenge('n2', true));
    world.run(100);
    expect(nonce()).toBe('n2');
    grant(registrar, 100);
    world.run(20);
    expect(registration.state).toBe('registered');
  });

  it('does not hammer a registrar that does not accept them', () => {
    const { world, registrar, registration, states } = setUp(known);
    for (let i = 0; i < 600; i++) {
      const request = registrar.request('REGISTER');
      registrar.answer(request, 401, challenge(`n${i}`));
      world.run(1000);
    }
    expect(registration.state).toBe('failed');
    expect(states[0]).toBe('failed: 401 user name or password not accepted');
    expect(count(registrar)).toBeLessThanOrEqual(2 * 11);
    expect(count(registrar)).toBeGreaterThanOrEqual(2 * 5);
  });

  it('says when there are none', () => {
    const { world, registrar, registration } = setUp();
    registrar.answer(registrar.request('REGISTER'), 401, challenge('n'));
    world.run(100);
    expect(registration.detail).toBe('401 no user name and password configured');
  });
});

describe('keep-alive', () => {
  const pings = (world: World): number[] =>
    world.network.sent.filter(({ text }) => text === '\r\n\r\n').map(({ at }) => at);

  it('goes to the registrar every 15 to 30 s while registered', () => {
    const { world } = registered(3600);
    world.run(300_000);
    const times = pings(world);
    expect(times.length).toBeGreaterThanOrEqual(10);
    expect(times.length).toBeLessThanOrEqual(20);
    const gaps = times.map((at, n) => at - (times[n - 1] ?? 0)).slice(1);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000);
    // Spread, so that a fleet does not ping at once.
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(5000);
  });

  it('ends with the binding, though the registrar says no more', () => {
    const { world } = registered(60);
    world.run(60_000);
    const before = pings(world).length;
    expect(before).toBeGreaterThanOrEqual(1);
    world.run(300_000);
    expect(pings(world)).toHaveLength(before);
  });

  it('ends with the registration', async () => {
    const { world, registration } = registered(3600);
    void registration.unregister();
    await world.settle(3000);
    const before = pings(world).length;
    world.run(300_000);
    expect(pings(world)).toHaveLength(before);
  });
});
