import { expect, it } from 'vitest';
import { World } from '../support/world';

const CALLS = 10_000;
const AT_ONCE = 50;

/** Two phones, of which alice has called bob before: who has not acknowledged a call yet may have few that wait. */
function acquainted() {
  const world = new World();
  world.network.keepsTrace = false;
  const alice = world.phone('alice', { maxSessions: AT_ONCE });
  const bob = world.phone('bob', { maxSessions: AT_ONCE }).listen();
  const first = alice.call(bob.uri);
  world.run(100);
  first.session.hangup();
  world.run(100);
  return { world, alice, bob };
}

it(`forgets everything of ${CALLS} calls`, { timeout: 600_000 }, () => {
  const { world, alice, bob } = acquainted();
  let confirmed = 0;
  for (let done = 0; done < CALLS; done += AT_ONCE) {
    const calls = Array.from({ length: AT_ONCE }, () => alice.call(bob.uri));
    world.run(100);
    confirmed += calls.filter(({ session }) => session.state === 'confirmed').length;
    for (const { session } of calls) session.hangup();
    // Every other batch is ended while the transactions of the former still linger.
    world.run(done % (2 * AT_ONCE) === 0 ? 33_000 : 1000);
    bob.incoming.length = 0;
  }
  expect(confirmed).toBe(CALLS);
  world.run(40_000);
  for (const { userAgent } of [alice, bob]) {
    expect(userAgent.counters).toMatchObject({
      activeTransactions: 0,
      activeDialogs: 0,
      retransmissions: 0,
      malformed: 0,
    });
    expect(userAgent.internalErrors).toBe(0);
  }
  expect(world.clock.pendingTimers).toBe(0);
});

it('takes call after call of an exchange, however much of those before still lingers', () => {
  const { world, alice, bob } = acquainted();
  let confirmed = 0;
  for (let done = 0; done < CALLS / 5; done += AT_ONCE) {
    const calls = Array.from({ length: AT_ONCE }, () => alice.call(bob.uri));
    world.run(100);
    confirmed += calls.filter(({ session }) => session.state === 'confirmed').length;
    for (const { session } of calls) session.hangup();
    world.run(100);
    bob.incoming.length = 0;
  }
  expect(confirmed).toBe(CALLS / 5);
  expect(bob.userAgent.counters.forgotten).toBeGreaterThan(CALLS / 20);
});
