import { expect, it } from 'vitest';
import { World } from '../support/world';

it('sets up and tears down a call', () => {
  const world = new World();
  const [alice, bob] = world.pair();
  const call = alice.call(bob.uri);
  world.run(1000);
  expect(call.session.state).toBe('confirmed');
  expect(bob.lastIncoming.session.state).toBe('confirmed');
  call.session.hangup();
  world.run(1000);
  expect(world.trace()).toEqual(['INVITE', '100 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE']);
  expect(bob.lastIncoming.diary.entries).toEqual(['confirmed', 'ended remote 200']);
});
