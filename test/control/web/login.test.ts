import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/control';
import { cheapRecord, openSite, type Reply, type Site } from './site';

const PASSWORD = '비밀번호 12';
const HOUR_MS = 60 * 60_000;

let site: Site;
beforeEach(async () => {
  site = await openSite({}, PASSWORD);
});
afterEach(() => site.close());

const session = async (headers = {}): Promise<unknown> =>
  (await site.ask('/api/session', { headers })).json();
const tryWith = (password: unknown): Promise<Reply> => site.post('/api/login', { password });

describe('without a session', () => {
  const paths = [
    ...['/api/logout', '/api/commands', '/api/schema/configuration', '/api/configuration'],
    ...[
      '/api/call',
      '/api/picture',
      '/api/events',
      '/api/events?since=0&log=debug',
      '/api',
      '/api/nothing',
    ],
    ...COMMANDS.map(({ name }) => `/api/commands/${name.replaceAll(' ', '-')}`),
  ];

  it.each(paths)('nothing is done, shown or told at %s', async (path) => {
    for (const method of ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS']) {
      const body = method === 'POST' ? { body: { uri: 'sip:home@192.0.2.9' } } : {};
      const reply = await site.ask(path, { method, ...body });
      expect([method, reply.status]).toEqual([method, 401]);
      expect(reply.text).toBe(method === 'HEAD' ? '' : '{"reason":"not logged in"}');
      expect(reply.headers.server).toBeUndefined();
    }
    expect(site.agent.status().calls).toEqual([]);
  });

  it('a page may know only that a password is needed', async () => {
    expect(await session()).toEqual({ authenticated: false, needsPassword: true });
  });

  it('a token that nobody was given is none', async () => {
    await site.logIn(PASSWORD);
    const Cookie = `dashvoip-${site.port}=${'0'.repeat(64)}`;
    expect(await session({ Cookie })).toMatchObject({ authenticated: false });
  });
});

describe('a login', () => {
  it('with the password gives a cookie that scripts and other pages cannot use', async () => {
    const reply = await tryWith(PASSWORD);
    expect([reply.status, reply.text]).toEqual([204, '']);
    expect(reply.headers['set-cookie']?.[0]).toMatch(
      new RegExp(
        `^dashvoip-${site.port}=[0-9a-f]{64}; Max-Age=86400; Path=/; HttpOnly; SameSite=Strict$`,
      ),
    );
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  it('lets in whoever shows the cookie, until he logs out', async () => {
    const cookie = await site.logIn(PASSWORD);
    expect(await session(cookie)).toEqual({ authenticated: true, needsPassword: true });
    expect((await site.post('/api/commands/status', {}, cookie)).status).toBe(200);
    const bye = await site.post('/api/logout', {}, cookie);
    expect([bye.status, bye.headers['set-cookie']?.[0]]).toEqual([
      204,
      `dashvoip-${site.port}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict`,
    ]);
    expect((await site.post('/api/commands/status', {}, cookie)).status).toBe(401);
  });

  it('takes the letters however they were typed', async () => {
    expect((await tryWith(PASSWORD.normalize('NFD'))).status).toBe(204);
  });

  it('with another password is refused', async () => {
    const reply = await tryWith('비밀번호 13');
    expect([reply.status, reply.json()]).toEqual([401, { reason: 'the password is wrong' }]);
    expect(reply.headers['set-cookie']).toBeUndefined();
    expect(site.status).toMatchObject({ logins: 0, refusedLogins: 1, sessions: 0 });
  });

  it.each([undefined, null, 5, {}, ['a'], 'x'.repeat(1025)])(
    'with %j for a password is told what was expected',
    async (password) => {
      const reply = await tryWith(password);
      expect([reply.status, reply.json()]).toMatchObject([
        400,
        { problems: [{ path: 'password', expected: 'a text of 1024 characters at most' }] },
      ]);
    },
  );

  it('is not possible while the file holds no password', async () => {
    for (const content of [
      '',
      'password\n',
      '$scrypt$ln=30,r=8,p=1$YWJjZGVmZ2hpamts$YWJjZGVmZ2hpamtsbW5vcA',
    ]) {
      writeFileSync(join(site.folder, 'password'), content);
      const { status, text } = await tryWith('password');
      expect([status, text]).toEqual([503, expect.stringContaining('no password is set: run')]);
    }
    rmSync(join(site.folder, 'password'));
    const reply = await tryWith(PASSWORD);
    expect([reply.status, reply.json()]).toEqual([
      503,
      {
        reason:
          'the password file cannot be read: run "dashvoip config set-password" on the camera',
      },
    ]);
  });
});

describe('a session', () => {
  const isIn = async (cookie: object) => Object(await session(cookie)).authenticated;

  it('ends after an hour without use', async () => {
    const cookie = await site.logIn(PASSWORD);
    site.clock.advance(HOUR_MS - 1);
    expect(await isIn(cookie)).toBe(true);
    site.clock.advance(HOUR_MS);
    expect(site.status.sessions).toBe(0);
    expect(await isIn(cookie)).toBe(false);
  });

  it('ends after a day, used or not', async () => {
    const cookie = await site.logIn(PASSWORD);
    for (let hours = 0; hours < 23.5; hours += 0.5) {
      site.clock.advance(HOUR_MS / 2);
      expect(await isIn(cookie)).toBe(true);
    }
    site.clock.advance(HOUR_MS / 2);
    expect(await isIn(cookie)).toBe(false);
  });

  it('gives way when there are sixteen', async () => {
    const cookies = [];
    for (let count = 0; count < 17; count++) cookies.push(await site.logIn(PASSWORD));
    expect(site.status.sessions).toBe(16);
    const [first = {}, second = {}] = cookies;
    expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
  });

  it('ends when another password is set', async () => {
    const cookie = await site.logIn(PASSWORD);
    writeFileSync(join(site.folder, 'password'), cheapRecord('another one'));
    expect((await tryWith('another one')).status).toBe(204);
    expect(await isIn(cookie)).toBe(false);
  });

  it('ends when another password is set, though nobody logs in', async () => {
    const cookie = await site.logIn(PASSWORD);
    writeFileSync(join(site.folder, 'password'), cheapRecord('another one'));
    // What is known of the file is a second old at most, and read anew by the way.
    await expect
      .poll(() => {
        site.clock.advance(1000);
        return isIn(cookie);
      })
      .toBe(false);
  });
});

describe('who guesses', () => {
  it('waits longer each time, and is not even compared before', async () => {
    for (const _ of [1, 2, 3]) expect((await tryWith('x')).status).toBe(401);
    for (const wait of [1, 2, 4, 8, 16, 32, 60, 60]) {
      const early = await tryWith(PASSWORD);
      expect([early.status, early.headers['retry-after']]).toEqual([429, String(wait)]);
      expect(early.json()).toEqual({ reason: `too many attempts: try again in ${wait} s` });
      site.clock.advance(wait * 1000 - 1);
      expect((await tryWith(PASSWORD)).status).toBe(429);
      site.clock.advance(1);
      expect((await tryWith('x')).status).toBe(401);
    }
    expect(site.status.refusedLogins).toBe(27);
  });

  it('and is right at last begins anew', async () => {
    for (const _ of [1, 2, 3]) await tryWith('x');
    site.clock.advance(1000);
    expect((await tryWith(PASSWORD)).status).toBe(204);
    for (const _ of [1, 2, 3]) expect((await tryWith('x')).status).toBe(401);
  });

  it('and leaves it for an hour begins anew', async () => {
    for (const _ of [1, 2, 3]) await tryWith('x');
    site.clock.advance(HOUR_MS);
    for (const _ of [1, 2, 3]) expect((await tryWith('x')).status).toBe(401);
  });
});
