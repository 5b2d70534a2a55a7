// Shows RFC 5626.

import { describe, expect, it } from 'vitest';
import type { Registration } from '../../../src/sip/registration';
import { World } from '../support/world';
import { challenge, count, grant, registered, setUp } from './registered';

describe('leaving', () => {
  const leave = async (world: World, registration: Registration, ms: number) => {
    let hasLeft = false;
    const left = registration.unregister().then(() => {
      hasLeft = true;
    });
    await world.settle(ms);
    return { left, hasLeft: () => hasLeft };
  };

  it('removes the binding that was made', async () => {
    const { world, registrar, registration } = registered();
    const { left } = await leave(world, registration, 100);
    const request = registrar.request('REGISTER');
    expect(request.expires).toBe(0);
    expect(String(request.contacts[0])).toBe('<sip:car@10.0.0.1:5060>');
    registrar.answer(request, 200);
    await world.settle(100);
    await left;
    expect([registration.state, registration.expiresIn]).toEqual(['unregistered', 0]);
    world.run(1_000_000);
    expect(count(registrar)).toBe(2);
  });

  it('removes it even if we have another address by now', async () => {
    const world = new World();
    const here = { address: '10.0.0.1', port: 5060 };
    const inner = world.network.transport(here);
    let local = here;
    const car = world.phone('car', {
      transports: [
        {
          protocol: inner.protocol,
          port: inner.port,
          counters: inner.counters,
          listen: (receiver) => inner.listen(receiver),
          flowTo: (remote) => ({ ...inner.flowTo(remote), local }),
          close: () => inner.close(),
        },
      ],
    });
    const registrar = world.peer(car);
    const registration = car.userAgent.register({
      uri: 'sip:car@example.org',
      registrar: 'sip:10.0.0.2',
    });
    world.run(100);
    grant(registrar, 100);
    world.run(20);
    local = { address: '192.168.1.9', port: 5060 };
    void leave(world, registration, 100);
    await world.settle(100);
    const request = registrar.request('REGISTER');
    expect(request.expires).toBe(0);
    expect(request.topVia.host).toBe('192.168.1.9');
    expect(String(request.contacts[0])).toBe('<sip:car@10.0.0.1:5060>');
  });

  it('with nothing bound yet names the Contact that may have been bound', async () => {
    const { world, registrar, registration } = setUp();
    const first = registrar.request('REGISTER');
    await leave(world, registration, 100);
    const request = registrar.request('REGISTER');
    expect([first.expires, request.expires]).toEqual([300, 0]);
    expect(String(request.contacts[0])).toBe('<sip:car@10.0.0.1:5060>');
  });

  it('is no binding again, though the registrar grants time', async () => {
    const { world, registrar, registration } = registered();
    await leave(world, registration, 100);
    grant(registrar, 100);
    await world.settle(20);
    expect([registration.state, registration.expiresIn]).toEqual(['unregistered', 0]);
    expect(registration.boundTo).toEqual([]);
  });

  it('takes two seconds at most', async () => {
    const { world, registration } = registered();
    const { hasLeft } = await leave(world, registration, 1900);
    expect(hasLeft()).toBe(false);
    await world.settle(200);
    expect(hasLeft()).toBe(true);
    expect(registration.state).toBe('unregistered');
  });

  it('answers a challenge', async () => {
    const set = setUp({ password: 'secret' });
    grant(set.registrar, 100);
    set.world.run(20);
    const { left } = await leave(set.world, set.registration, 100);
    set.registrar.answer(set.registrar.request('REGISTER'), 401, challenge('n'));
    await set.world.settle(100);
    const request = set.registrar.request('REGISTER');
    expect(request.authorization).toHaveLength(1);
    expect(request.expires).toBe(0);
    set.registrar.answer(request, 200);
    await set.world.settle(100);
    await left;
  });
});
