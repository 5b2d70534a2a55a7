import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSite, type Site } from './site';

let site: Site;
const sockets: Socket[] = [];
beforeEach(async () => {
  site = await openSite();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await site.close();
});

function connected(): Socket {
  const socket = connect(site.port, '127.0.0.1');
  // What is refused may be reset.
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}

/** What comes back for raw bytes until the other end closes. */
async function raw(text: string): Promise<string> {
  const socket = connected();
  socket.end(text, 'latin1');
  let reply = '';
  for await (const chunk of socket) reply += String(chunk);
  return reply;
}

describe('a request', () => {
  it.each([
    ['/api/commands/status', 'GET', 'POST'],
    ['/api/commands', 'POST', 'GET'],
    ['/api/events', 'POST', 'GET'],
    ['/api/events', 'HEAD', 'GET'],
    ['/api/login', 'GET', 'POST'],
    ['/', 'POST', 'GET, HEAD'],
    ['/', 'DELETE', 'GET, HEAD'],
    ['/page.js', 'TRACE', 'GET, HEAD'],
  ])('%s by %s is told which methods there are', async (path, method, allowed) => {
    const reply = await site.ask(path, { method });
    expect([reply.status, reply.headers.allow]).toEqual([405, allowed]);
  });

  it('of more than 64 KB is not read', async () => {
    const config = { log: { level: 'x'.repeat(65_536) } };
    const reply = await site.post('/api/commands/config-check', { config });
    expect([reply.status, reply.json(), reply.headers.connection]).toEqual([
      413,
      { reason: 'the body: found more, expected 65536 bytes at most' },
      'close',
    ]);
  });

  it('of more than 64 KB that does not say so is not read to its end', async () => {
    const chunk = `${(8192).toString(16)}\r\n${'x'.repeat(8192)}\r\n`;
    const reply = await raw(
      `POST /api/commands/config-check HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(9)}0\r\n\r\n`,
    );
    expect(reply).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('of a whole configuration is read', async () => {
    const config = { account: { uri: 'sip:a@b', displayName: 'x'.repeat(60_000) } };
    const reply = await site.post('/api/commands/config-check', { config });
    expect(reply.json()).toEqual({ reply: { problems: [] } });
  });

  it.each(['{', '{"a":1}}', "{'a':1}", '\u0000', '{"a":"\xff"}'])(
    'with %j for JSON is told so',
    async (text) => {
      const body = Buffer.from(text, 'latin1').toString('latin1');
      const reply = await raw(
        `POST /api/commands/call HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      );
      expect(reply).toMatch(/^HTTP\/1\.1 400 /);
      expect(reply).toContain(
        '{"problems":[{"path":"","found":"text that is not JSON in UTF-8","expected":"a JSON object"}]}',
      );
    },
  );
});

describe('what is no HTTP', () => {
  it.each([
    'nonsense\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'GET / HTTP/9.9\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
  ])('%j is counted and answered 400', async (text) => {
    expect(await raw(text)).toBe(
      'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
    expect(site.status).toMatchObject({ malformed: 1, requests: 0 });
  });

  it('and a head of more than 8 KB is not read', async () => {
    const reply = await raw(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(9000)}\r\n\r\n`);
    expect(reply).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(site.status.malformed).toBe(1);
  });

  it.each(['http://127.0.0.1/api/session', '*', '/%', '/\\x'])(
    'a target as %s is answered',
    async (target) => {
      const reply = await raw(
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      );
      expect(reply).toMatch(/^HTTP\/1\.1 40[04] /);
    },
  );
});

describe('connections', () => {
  it('of one network are twenty at most, and others are counted', async () => {
    const open = Array.from({ length: 20 }, connected);
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const more = connected();
    await once(more, 'close');
    expect(site.status.malformed).toBe(1);
    open[0]?.destroy();
    await expect
      .poll(async () => (await site.ask('/api/session').catch(() => undefined))?.status)
      .toBe(200);
  });
});
