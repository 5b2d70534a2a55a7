import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { BOUNDS, Listener } from '../../../src/control/web/listener';

/** Seconds become hundredths. */
const SHORT = {
  headMs: BOUNDS.headMs / 100,
  requestMs: BOUNDS.requestMs / 100,
  silentMs: BOUNDS.silentMs / 100,
  lookMs: BOUNDS.lookMs / 100,
};
const open: { readonly listeners: Listener[]; readonly sockets: Socket[] } = {
  listeners: [],
  sockets: [],
};
afterEach(async () => {
  for (const socket of open.sockets.splice(0)) socket.destroy();
  for (const listener of open.listeners.splice(0)) await listener.close();
});

async function listening(onRequest: RequestListener, times: object = SHORT) {
  const listener = new Listener(undefined, onRequest, times);
  open.listeners.push(listener);
  const port = await listener.open(0, '127.0.0.1');
  return { listener, port };
}

function connected(port: number, localAddress = '127.0.0.1'): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  // What is refused may be reset.
  socket.on('error', () => undefined);
  open.sockets.push(socket);
  return socket;
}

/** How long the other end let it stand, ms. */
async function lifetime(socket: Socket): Promise<number> {
  const since = performance.now();
  await once(socket.resume(), 'close');
  return performance.now() - since;
}

describe('a client that is slow', () => {
  it.each([
    ['says nothing', ''],
    ['does not end its head', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: '],
  ])('and %s is closed in its time, and counted', async (_, text) => {
    const { listener, port } = await listening((__, response) => response.end());
    const socket = connected(port);
    socket.write(text);
    expect(await lifetime(socket)).toBeGreaterThanOrEqual(SHORT.headMs - 5);
    expect(listener.malformed).toBe(1);
  });

  it('with its body is closed later, and counted', async () => {
    const { listener, port } = await listening(() => undefined);
    const socket = connected(port);
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx');
    expect(await lifetime(socket)).toBeGreaterThanOrEqual(SHORT.requestMs - 5);
    expect(listener.malformed).toBe(1);
  });

  it('to take what it asked for is closed when nothing has happened for long', async () => {
    const { port } = await listening((_, response) => void response.write('x'));
    const socket = connected(port);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await lifetime(socket)).toBeGreaterThanOrEqual(SHORT.silentMs - 5);
  });

  it('has the seconds that docs/security.md tells of', () => {
    const { headMs, requestMs, silentMs, connections, ofNetwork } = BOUNDS;
    const told = readFileSync(resolve('docs/security.md'), 'utf8');
    expect(told).toContain(
      `${connections} connections, ${ofNetwork} of one network; a head of 8 KB in ${headMs / 1000} s, a request of 64 KB in ${requestMs / 1000} s; a connection where nothing happens ends after ${silentMs / 1000} s`,
    );
  });
});

describe('connections', () => {
  it('are 64 at most, whoever has them, and others are counted', async () => {
    const { listener, port } = await listening((_, response) => response.end(), {});
    const sockets = Array.from({ length: 64 }, (_, place) =>
      connected(port, `127.0.1.${1 + Math.floor(place / 16)}`),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    expect(listener.malformed).toBe(0);
    await once(connected(port, '127.0.1.9').resume(), 'close');
    expect(listener.malformed).toBe(1);
  });
});
