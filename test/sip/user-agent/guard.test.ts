import { expect, it } from 'vitest';
import { TransportException } from '../../../src/sip/transport';
import { Guard } from '../../../src/sip/user-agent/guard';
import { VirtualClock } from '../../support/virtual-clock';
import { MemoryNetwork } from '../support/memory-network';

const bug = (): never => {
  throw new Error('bug');
};

it('reports what is thrown in timers, on datagrams, on send errors and where what is sent is noted', () => {
  const clock = new VirtualClock();
  const network = new MemoryNetwork(clock);
  const reported: unknown[] = [];
  const guard = new Guard((error) => reported.push(error));
  const address = { address: '10.0.0.1', port: 5060 };
  const transport = guard.transport(network.transport(address), (bytes) => {
    if (bytes[0] === 'n'.charCodeAt(0)) bug();
  });
  guard.clock(clock).setTimer(0, bug);
  transport.listen(bug);
  transport.flowTo(address).send(Buffer.from('x'), bug);
  clock.advance(100);
  // It goes out all the same.
  transport.flowTo(address).send(Buffer.from('note'), bug);
  expect(network.sent.map(({ text }) => text)).toContain('note');
  clock.advance(100);
  network.isDown = true;
  transport.flowTo(address).send(Buffer.from('x'), bug);
  clock.advance(100);
  expect(reported).toHaveLength(5);
  expect(guard.caught).toBe(5);
  expect(() => transport.flowTo(address).local).toThrow(TransportException);
});
