import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { connectorFor } from '../../../src/control/mqtt/connection';
import { failureInWords, reasonInWords } from '../../../src/control/mqtt/failure';
import type { MqttSettings } from '../../../src/control/mqtt/settings';

const coded = (code: string | number, message = 'x'): Error =>
  Object.assign(new Error(message), { code });

describe('why there is no broker', () => {
  it.each([
    [coded('ECONNREFUSED'), 'nobody listens at that address and port (ECONNREFUSED)'],
    [coded('CERT_NOT_YET_VALID'), /clock right\? \(CERT_NOT_YET_VALID\)$/],
    [coded(134), 'the broker refuses the user name or the password'],
    [coded(132), /set mqtt.version to "3.1.1"/],
    [coded(99), 'the broker gives reason 99'],
    [coded('constructor'), 'x'],
    [new Error('connack timeout'), 'the broker does not answer'],
    [new Error('y'.repeat(1000)), 'y'.repeat(200)],
    ['odd', 'odd'],
  ])('%s is told in words', (error, words) => {
    expect(failureInWords(error)).toMatch(words);
  });

  it('is told by number where there are no words', () => {
    expect(reasonInWords(undefined)).toBe('the broker gives reason none');
  });
});

/** What becomes of a connection to a server that behaves so. */
async function outcome(
  behave: (socket: Socket) => void,
  settings: Partial<MqttSettings> = {},
): Promise<string> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const connect = connectorFor({
    ...{ url: '', device: 'x', version: '3.1.1', homeAssistant: false, servesCommands: true },
    broker: { secure: false, host: '127.0.0.1', port },
    ...settings,
    ...(settings.broker ? { broker: { ...settings.broker, port } } : {}),
  });
  try {
    return await new Promise((resolve) => {
      connect({ onMessage: () => undefined, onDown: (reason) => resolve(`down: ${reason}`) }).catch(
        (error: Error) => resolve(error.message),
      );
    });
  } finally {
    server.close();
  }
}

const CONNACK = Buffer.from([0x20, 2, 0, 0]);
const TLS = { broker: { secure: true, host: '127.0.0.1', port: 0 } };

describe('a broker that is none', () => {
  it('sends a packet without end: no more than a bound of it is gathered', async () => {
    let sent = 0;
    const words = await outcome((socket) => {
      socket.write(Buffer.concat([CONNACK, Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f])]));
      const more = (): void => {
        sent += 65_536;
        if (!socket.destroyed && sent < 1e8) socket.write(Buffer.alloc(65_536), more);
      };
      more();
    });
    expect(words).toBe('down: the broker sends a packet of more than 262144 bytes');
    expect(sent).toBeLessThan(1e7);
  });

  it.each([
    ['speaks something else', (socket: Socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n'), /./],
    ['closes', (socket: Socket) => socket.destroy(), /the broker closed the connection/],
    ['refuses', (socket: Socket) => socket.end(Buffer.from([0x20, 2, 0, 5])), /not authorized/],
  ])('%s: the words say so', async (_, behave, words) => {
    expect(await outcome(behave)).toMatch(words);
  });

  it('does not speak TLS: the words ask for that', async () => {
    expect(await outcome((socket) => socket.destroy(), TLS)).toMatch(/does it speak TLS there\?$/);
  });

  it('cannot be reached without the files that are named', async () => {
    expect(await outcome(() => undefined, { ...TLS, caFile: '/nonexistent/ca.pem' })).toBe(
      'cannot read mqtt.caFile: there is no such file (ENOENT)',
    );
    expect(await outcome(() => undefined, { ...TLS, certFile: '/etc/hostname' })).toMatch(
      /^mqtt\.caFile, certFile or keyFile cannot be used: /,
    );
  });
});
