import { expect, it } from 'vitest';
import { Sessions } from '../../../src/control/udp/sessions';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';

const at = (address: string, port: number) => ({ address, port });

it('one address, however many sessions it begins, drives out none of another', () => {
  const clock = new VirtualClock();
  const sessions = new Sessions(clock, seededRandom());
  const others = ['192.0.2.1', '192.0.2.2'].map((address) => sessions.start(at(address, 1)));
  for (let port = 1; port <= 40; port++) {
    clock.advance(10);
    sessions.start(at('192.0.2.66', port));
  }
  for (const { token, client } of others) expect(sessions.find(token, client)?.token).toBe(token);
  expect(sessions.all).toHaveLength(8);
  expect(sessions.all.filter(({ client }) => client.address === '192.0.2.66')).toHaveLength(6);
});
