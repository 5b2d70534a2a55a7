import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS, carryOut, type Invited } from '../../../src/control';
import { Log, silentLogger } from '../../../src/platform';
import { OFFER } from './offer';
import { cheapRecord, openSite, type Reply, type Site } from './site';

const PASSWORD = 'seven green lamps';
const MINUTE_MS = 60_000;
const USED_UP = '{"reason":"the invitation is used up or over: ask for another one"}';
const NOT_FOR_GUESTS = '{"reason":"a guest may talk and see"}';

let site: Site;
beforeEach(async () => {
  site = await openSite({}, PASSWORD);
});
afterEach(() => site.close());

type Headers = Readonly<Record<string, string>>;

async function invite(forMs = 10 * MINUTE_MS, at = site): Promise<Invited> {
  const made = await at.control.invite?.(forMs);
  if (made === undefined || typeof made === 'string') throw new Error(`no invitation: ${made}`);
  return made;
}

const tokenIn = ({ urls }: Invited): string => urls[0]?.split('/').pop() ?? '';
const redeem = (token: unknown): Promise<Reply> => site.post('/api/invitation', { token });
const cookieIn = ({ headers }: Reply): Headers => ({
  Cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '',
});

/** Somebody who came by an invitation. */
async function guest(forMs?: number): Promise<Headers> {
  const reply = await redeem(tokenIn(await invite(forMs)));
  expect([reply.status, reply.text]).toEqual([204, '']);
  return cookieIn(reply);
}

const session = async (headers: Headers = {}): Promise<unknown> =>
  (await site.ask('/api/session', { headers })).json();
const calls = async (headers: Headers): Promise<unknown> =>
  (await site.ask('/api/call', { headers })).json();
const talk = (headers: Headers): Promise<Reply> =>
  site.post('/api/call', { offer: OFFER }, headers);
const up = () => site.agent.status().calls.filter(({ state }) => state !== 'ended');

describe('an invitation', () => {
  it('is a link by the page’s address, whose secret is in no request', async () => {
    const { urls, until } = await invite();
    expect(urls).toHaveLength(1);
    expect(urls[0]).toMatch(
      new RegExp(`^http://127\\.0\\.0\\.1:${site.port}/#/invitation/[\\w-]{22}$`),
    );
    expect(Date.parse(until) - site.clock.wallTime().getTime()).toBe(10 * MINUTE_MS);
  });

  it('lets in a guest, with a cookie that scripts and other pages cannot use, as long as he may stay', async () => {
    const reply = await redeem(tokenIn(await invite()));
    expect(reply.headers['set-cookie']?.[0]).toMatch(
      new RegExp(
        `^dashvoip-${site.port}=[0-9a-f]{64}; Max-Age=600; Path=/; HttpOnly; SameSite=Strict$`,
      ),
    );
    site.clock.advance(MINUTE_MS);
    const told = await session(cookieIn(reply));
    expect(told).toEqual({
      ...{ authenticated: true, needsPassword: true, guest: true, leftS: 540 },
      until: new Date(site.clock.wallTime().getTime() + 9 * MINUTE_MS).toISOString(),
    });
    expect(site.status).toMatchObject({ guests: 1, invitations: 0, sessions: 0, logins: 0 });
  });

  it('is good once; used up, run out and unknown are told in the same words', async () => {
    const used = tokenIn(await invite());
    const late = tokenIn(await invite(MINUTE_MS));
    expect((await redeem(used)).status).toBe(204);
    site.clock.advance(MINUTE_MS);
    for (const token of [used, late, 'A'.repeat(22)]) {
      const { status, text, headers } = await redeem(token);
      expect([status, text, headers['set-cookie']]).toEqual([401, USED_UP, undefined]);
    }
    expect(site.status).toMatchObject({ guests: 1, refusedLogins: 3 });
  });

  it('is good to its last millisecond', async () => {
    const token = tokenIn(await invite(MINUTE_MS));
    site.clock.advance(MINUTE_MS - 1);
    expect(site.status.invitations).toBe(1);
    expect((await redeem(token)).status).toBe(204);
  });

  it('gives way when there are eight', async () => {
    const tokens = [];
    for (let count = 0; count < 9; count++) tokens.push(tokenIn(await invite()));
    expect(new Set(tokens).size).toBe(9);
    expect(site.status.invitations).toBe(8);
    const [first, second] = tokens;
    expect((await redeem(first)).status).toBe(401);
    expect((await redeem(second)).status).toBe(204);
  });

  it('is taken back by another password', async () => {
    const token = tokenIn(await invite());
    writeFileSync(join(site.folder, 'password'), cheapRecord('another one'));
    expect((await redeem(token)).status).toBe(401);
  });

  it('is none of the password’s, nor a session of it', async () => {
    const token = tokenIn(await invite());
    expect((await site.post('/api/login', { password: token })).status).toBe(401);
    const Cookie = `dashvoip-${site.port}=${token}`;
    expect(await session({ Cookie })).toMatchObject({ authenticated: false });
    expect((await redeem(token)).status).toBe(204);
  });

  it.each([undefined, null, 5, {}, ['a'], 'x'.repeat(65)])(
    'with %j for a token is told what was expected',
    async (token) => {
      const reply = await redeem(token);
      expect([reply.status, reply.json()]).toMatchObject([
        400,
        { problems: [{ path: 'token', expected: 'a text of 64 characters at most' }] },
      ]);
    },
  );

  it('is taken from our own page alone', async () => {
    const token = tokenIn(await invite());
    const foreign = { Origin: 'https://elsewhere.example' };
    expect((await site.post('/api/invitation', { token }, foreign)).status).toBe(403);
    expect((await site.ask('/api/invitation')).status).toBe(405);
    expect((await redeem(token)).status).toBe(204);
  });

  it('is made for whoever may come in only by a password', async () => {
    const open = await openSite();
    expect(await open.control.invite?.(MINUTE_MS)).toMatch(/^the page has no password/);
    const reply = await open.post('/api/invitation', { token: 'x' });
    expect([reply.status, reply.headers['set-cookie']]).toEqual([204, undefined]);
    await open.close();
    writeFileSync(join(site.folder, 'password'), '');
    expect(await site.control.invite?.(MINUTE_MS)).toMatch(/^no password is set: run/);
  });

  it('is made while the page is open', async () => {
    const other = await openSite({}, PASSWORD);
    expect(other.control.invite).toBeDefined();
    await other.close();
    expect(other.control.invite).toBeUndefined();
  });

  it('is in no status, event, trace or log', async () => {
    const lines: string[] = [];
    const log = new Log(
      'debug',
      (line) => lines.push(line),
      () => new Date(0),
    );
    await site.close();
    site = await openSite({ log: log.logger('web') }, PASSWORD);
    const owner = await site.logIn(PASSWORD);
    const reply = await site.post('/api/commands/invite', { for: '5m' }, owner);
    expect(reply.status).toBe(200);
    const token = /invitation\/([\w-]{22})"/.exec(reply.text)?.[1] ?? expect.fail('no token');
    const guestCookie = cookieIn(await redeem(token));
    await redeem(token);
    await talk(guestCookie);
    const told = [];
    for (const command of ['status', 'events', 'trace', 'history', 'log', 'config-get']) {
      told.push((await site.post(`/api/commands/${command}`, {}, owner)).text);
    }
    expect(lines.join('\n')).toMatch(/a guest has come.*\s+.*invitation refused/);
    const everything = [...told, ...lines].join('\n');
    expect(everything).toContain('"guests":1');
    expect(everything).not.toContain(token);
    const secret = guestCookie.Cookie?.split('=')[1] ?? expect.fail('no cookie');
    expect(everything).not.toContain(secret);
  });
});

describe('the command', () => {
  const command = COMMANDS.find(({ name }) => name === 'invite') ?? expect.fail('no command');
  const run = (param: unknown, at = site) => carryOut(command, param, at.control, silentLogger);

  it.each([
    ['90s', 90],
    ['10m', 600],
    ['2h', 7200],
    ['24h', 86_400],
    ['86400s', 86_400],
    [undefined, 600],
  ])('for %s makes it for %d s', async (time, seconds) => {
    const outcome = await run(time === undefined ? {} : { for: time });
    const until = new Date(site.clock.wallTime().getTime() + seconds * 1000).toISOString();
    expect(outcome).toMatchObject({ kind: 'done', reply: { until, urls: [expect.any(String)] } });
  });

  it.each([
    '',
    '0m',
    '10',
    'm',
    '10 m',
    '1d',
    '25h',
    '86401s',
    '1441m',
    '-5m',
    '1.5h',
    '999999s',
    5,
  ])('for %j is told what was expected', async (time) => {
    expect(await run({ for: time })).toMatchObject({
      kind: 'malformed',
      problems: [{ path: 'for', expected: 'a time as "90s", "10m" or "2h", 24h at most' }],
    });
  });

  it('is refused in words without a page, and where the page has no password', async () => {
    const open = await openSite();
    expect(await run({}, open)).toMatchObject({
      ...{ kind: 'refused', refusal: 'wrong-state' },
      reason: expect.stringMatching(/^the page has no password \(web\.passwordFile\)/),
    });
    await open.close();
    expect(await run({}, open)).toEqual({
      ...{ kind: 'refused', refusal: 'wrong-state' },
      reason: 'expected a web page (setting web), found none',
    });
  });
});

describe('a guest', () => {
  it('calls, is told of his own calls alone, and hangs up', async () => {
    const [one, other] = [await guest(), await guest()];
    expect(await calls(one)).toEqual({ calls: [] });
    const reply = await talk(one);
    expect(reply.status).toBe(200);
    expect(reply.json()).toMatchObject({ call: 1, answer: expect.stringContaining('v=0') });
    expect(await calls(one)).toEqual({ calls: [{ call: 1, state: up()[0]?.state }] });
    expect(await calls(other)).toEqual({ calls: [] });
    expect((await site.post('/api/commands/hangup', { call: 1 }, one)).text).toBe('{}');
    expect(up()).toEqual([]);
    expect(await calls(one)).toEqual({ calls: [{ call: 1, state: 'ended' }] });
    expect(site.agent.history({ limit: 5 })).toMatchObject([{ remote: 'sip:browser@127.0.0.1' }]);
  });

  it('has one call at a time, and another is not even begun while the first is', async () => {
    const headers = await guest();
    const before = site.status.requests;
    // Its body is still on the way.
    const slow = request({
      ...{ host: '127.0.0.1', port: site.port, path: '/api/call', method: 'POST' },
      headers: { ...headers, 'Content-Type': 'application/json' },
    });
    const answered = once(slow, 'response');
    slow.write('{"offer":');
    await expect.poll(() => site.status.requests).toBe(before + 1);
    expect((await talk(headers)).status).toBe(409);
    expect(up()).toEqual([]);
    slow.end(`${JSON.stringify(OFFER)}}`);
    const [{ statusCode }] = await answered;
    expect([statusCode, up().length]).toEqual([200, 1]);
    const again = await talk(headers);
    expect([again.status, again.json()]).toEqual([
      409,
      { reason: 'a call of yours is up: hang it up first' },
    ]);
    await site.post('/api/commands/hangup', { call: up()[0]?.call }, headers);
    expect((await talk(headers)).status).toBe(200);
  });

  it('hangs up no call but his own', async () => {
    const owner = await site.logIn(PASSWORD);
    const [one, other] = [await guest(), await guest()];
    expect((await talk(owner)).json()).toMatchObject({ call: 1 });
    expect((await talk(other)).json()).toMatchObject({ call: 2 });
    for (const param of [{ call: 1 }, { call: 2 }, {}, { call: '2' }, null, [2]]) {
      const { status, text } = await site.post('/api/commands/hangup', param, one);
      expect([param, status, text]).toEqual([param, 403, NOT_FOR_GUESTS]);
    }
    expect(up()).toHaveLength(2);
  });

  it('sees the camera', async () => {
    const { status, headers } = await site.ask('/api/picture', { headers: await guest() });
    expect([status, headers['content-type']]).toEqual([200, 'image/jpeg']);
  });

  it('logs out, and his call ends', async () => {
    const headers = await guest();
    await talk(headers);
    expect((await site.post('/api/logout', {}, headers)).status).toBe(204);
    expect(up()).toEqual([]);
    expect(await session(headers)).toEqual({ authenticated: false, needsPassword: true });
    expect((await talk(headers)).status).toBe(401);
  });

  it.each([
    ...['/api/commands', '/api/schema/configuration', '/api/configuration', '/api/events'],
    ...['/api/events?since=0&log=debug', '/api', '/api/nothing', '/api/commands/', '/api/call/1'],
    ...COMMANDS.map(({ name }) => `/api/commands/${name.replaceAll(' ', '-')}`).filter(
      (path) => path !== '/api/commands/hangup',
    ),
  ])('may not, and learns nothing at %s', async (path) => {
    const headers = await guest();
    await talk(headers);
    const before = site.agent.status();
    for (const method of ['GET', 'POST', 'PUT', 'HEAD', 'OPTIONS']) {
      const body = method === 'POST' ? { body: { uri: 'sip:home@192.0.2.9', call: 1 } } : {};
      const reply = await site.ask(path, { method, headers, ...body });
      expect([method, reply.status]).toEqual([method, 403]);
      expect(reply.text).toBe(method === 'HEAD' ? '' : NOT_FOR_GUESTS);
    }
    expect(site.agent.status()).toEqual(before);
  });

  it('is one until his time is over: his calls end, and he begins nothing', async () => {
    const headers = await guest(10 * MINUTE_MS);
    await talk(headers);
    site.clock.advance(10 * MINUTE_MS - 1001);
    expect(up()).toHaveLength(1);
    expect(await session(headers)).toMatchObject({ authenticated: true });
    site.clock.advance(2001);
    expect(up()).toEqual([]);
    expect(site.status.guests).toBe(0);
    expect(await session(headers)).toEqual({ authenticated: false, needsPassword: true });
    for (const reply of [await talk(headers), await site.ask('/api/picture', { headers })]) {
      expect([reply.status, reply.text]).toEqual([401, '{"reason":"not logged in"}']);
    }
  });

  it('is let in no more at the very end of his time, before anybody has looked', async () => {
    const headers = await guest(1500);
    site.clock.advance(1500);
    expect(site.status.guests).toBe(1);
    expect((await talk(headers)).status).toBe(401);
    expect(up()).toEqual([]);
  });

  it('leaves his place to a ninth, and his call ends', async () => {
    const first = await guest();
    await talk(first);
    for (let count = 0; count < 8; count++) await guest();
    expect(site.status.guests).toBe(8);
    expect(up()).toEqual([]);
    expect(await session(first)).toMatchObject({ authenticated: false });
  });

  it('goes when another password is set, and so does his call', async () => {
    const headers = await guest();
    await talk(headers);
    writeFileSync(join(site.folder, 'password'), cheapRecord('another one'));
    // What is known of the file is a second old at most, and read anew by the way.
    await expect
      .poll(() => {
        site.clock.advance(1000);
        return [up().length, site.status.guests];
      })
      .toEqual([0, 0]);
    expect(await session(headers)).toMatchObject({ authenticated: false });
  });

  it('goes when the page is closed, and so does his call', async () => {
    const other = await openSite({}, PASSWORD);
    const token = tokenIn(await invite(MINUTE_MS, other));
    const reply = await other.post('/api/invitation', { token });
    await other.post('/api/call', { offer: OFFER }, cookieIn(reply));
    expect(other.agent.status().calls).toHaveLength(1);
    await other.close();
    expect(other.agent.status().calls.filter(({ state }) => state !== 'ended')).toEqual([]);
  });

  it('keeps no record of calls that are over', async () => {
    const headers = await guest();
    for (let call = 1; call <= 20; call++) {
      expect((await talk(headers)).json()).toMatchObject({ call });
      await site.post('/api/commands/hangup', { call }, headers);
    }
    expect(await calls(headers)).toEqual({ calls: [{ call: 20, state: 'ended' }] });
  });
});

describe('who guesses', () => {
  it('is slowed down as with passwords, and keeps nobody out who was invited', async () => {
    const statuses = [];
    for (let count = 0; count < 50; count++) statuses.push((await redeem(`guess${count}`)).status);
    expect(statuses).toEqual([401, 401, 401, ...Array<number>(47).fill(429)]);
    const early = await redeem('x');
    expect([early.headers['retry-after'], early.json()]).toEqual([
      '1',
      { reason: 'too many attempts: try again in 1 s' },
    ]);
    expect(site.status.refusedLogins).toBe(51);
    expect((await redeem(tokenIn(await invite()))).status).toBe(204);
    // Nor does he use up the turn of who has the password.
    expect(await site.logIn(PASSWORD)).toHaveProperty('Cookie');
  });
});
