import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { probeUdp } from '../../../src/sip/transport/udp-probe';

/** Real sockets, on the loopback: the kernel is the point. */
const open: Socket[] = [];

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

describe('a look at a port', () => {
  const port = async (isOpen: boolean): Promise<number> => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const { port } = socket.address();
    if (isOpen) open.push(socket);
    else await new Promise<void>((resolve) => socket.close(() => resolve()));
    return port;
  };

  it('hears that it is closed, once', async () => {
    const remote = { address: '127.0.0.1', port: await port(false) };
    let refusals = 0;
    await new Promise<void>((resolve) => {
      probeUdp(remote, () => {
        refusals += 1;
        resolve();
      });
    });
    expect(refusals).toBe(1);
  });

  it('hears nothing of one that is open, nor once it has been ended', async () => {
    const told: string[] = [];
    const open = { address: '127.0.0.1', port: await port(true) };
    const closed = { address: '127.0.0.1', port: await port(false) };
    const stop = probeUdp(open, () => told.push('open'));
    probeUdp(closed, () => told.push('stopped'))();
    await new Promise<void>((resolve) => {
      probeUdp(closed, resolve);
    });
    stop();
    stop();
    expect(told).toEqual([]);
  });
});
