import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { waitUntil } from './wait';

/**
 * Sends OPTIONS to a SIP port every 4 ms until anything answers: the same ready signal for every peer.
 * @returns milliseconds since `since` (a `performance.now()`), at the answer.
 * @throws Error when nothing answers within `timeoutMs`.
 */
export function readyMs(port: number, since: number, timeoutMs = 10_000): Promise<number> {
  const socket = createSocket('udp4');
  return new Promise<number>((resolve, reject) => {
    const send = (): void => {
      if (performance.now() - since > timeoutMs) {
        finish(() =>
          reject(new Error(`nothing answers at SIP port ${port} within ${timeoutMs} ms`)),
        );
        return;
      }
      socket.send(optionsRequest(port, socket.address().port), port, '127.0.0.1');
    };
    const timer = setInterval(send, 4);
    const finish = (settle: () => void): void => {
      clearInterval(timer);
      socket.close();
      settle();
    };
    socket.on('error', () => undefined);
    socket.on('message', () => finish(() => resolve(performance.now() - since)));
    socket.bind(0, '127.0.0.1', send);
  });
}

/** The same for one that speaks TCP only: until it takes a connection. */
export async function acceptsMs(port: number, since: number): Promise<number> {
  await waitUntil(`TCP port ${port}`, () => connects(port));
  return performance.now() - since;
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

function optionsRequest(port: number, ownPort: number): string {
  const token = randomBytes(6).toString('hex');
  return [
    `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${ownPort};branch=z9hG4bK${token};rport`,
    'Max-Forwards: 70',
    `From: <sip:probe@127.0.0.1:${ownPort}>;tag=${token}`,
    `To: <sip:127.0.0.1:${port}>`,
    `Call-ID: ${token}@probe`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n');
}
