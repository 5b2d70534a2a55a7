import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSite, type Site } from './site';

let site: Site;
beforeEach(async () => {
  site = await openSite({ name: 'Car-17.example.org' });
});
afterEach(() => site.close());

describe('a name that browsers come by', () => {
  const statusBy = async (Host: string): Promise<number> =>
    (await site.ask('/api/session', { headers: { Host } })).status;

  it.each([
    '127.0.0.1',
    '127.0.0.1:8080',
    'localhost',
    'LocalHost:9999',
    'localhost.',
    'car-17.example.org:80',
  ])('is ours: %s', async (host) => {
    expect(await statusBy(host)).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '192.0.2.7',
    '127.0.0.2',
    '[::1]',
    '127.0.0.1@evil.example',
    'localhost:80:80',
    '2130706433',
    '@',
  ])('is not ours: %j', async (host) => {
    expect(await statusBy(host)).toBe(421);
    expect((await site.ask('/', { headers: { Host: host } })).text).not.toContain('page');
    const reply = await site.post('/api/commands/call', { uri: 'sip:a@b' }, { Host: host });
    expect(reply.status).toBe(421);
    expect(site.agent.status().calls).toEqual([]);
    expect(site.status.foreign).toBe(3);
  });
});

describe('another page of the same browser', () => {
  const hostile = [
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { Origin: 'https://evil.example:8080' },
    { Origin: 'http://127.0.0.1' },
    { Origin: 'http://localhost:1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'file://' },
  ];

  it.each(hostile)('with %j is given nothing', async (headers) => {
    const call = await site.post(
      '/api/commands/call',
      { uri: 'sip:home@192.0.2.9' },
      { ...headers },
    );
    expect([call.status, call.text]).toEqual([403, '{"reason":"another page asks"}']);
    for (const path of ['/api/session', '/api/events', '/api/picture', '/api/configuration']) {
      const reply = await site.ask(path, { headers: { ...headers } });
      expect([path, reply.status]).toEqual([path, 403]);
      expect(reply.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await site.post('/api/login', {}, { ...headers })).status).toBe(403);
    expect(site.agent.status().calls).toEqual([]);
    expect(site.status.foreign).toBe(6);
  });

  it('that asks whether it may (CORS) is not told so', async () => {
    const reply = await site.ask('/api/commands/call', {
      method: 'OPTIONS',
      headers: { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(reply.status).toBe(403);
    expect(Object.keys(reply.headers).filter((name) => name.includes('allow-'))).toEqual([]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
  ])('that sends %j, for which no browser asks, is refused', async (type) => {
    const headers: Record<string, string> = type === '' ? {} : { 'Content-Type': type };
    const reply = await site.ask('/api/commands/call', {
      ...{ method: 'POST', headers, body: '{"uri":"sip:a@b"}' },
      ...(type === '' ? { headers: { 'Content-Type': '' } } : {}),
    });
    expect([reply.status, reply.json()]).toMatchObject([
      415,
      { reason: expect.stringMatching(/^Content-Type: found .*, expected "application\/json"$/) },
    ]);
    expect(site.agent.status().calls).toEqual([]);
  });
});

describe('our own page', () => {
  it.each([
    { Host: 'localhost:9999', Origin: 'http://localhost:9999', 'Sec-Fetch-Site': 'same-origin' },
    { Host: 'car-17.example.org', Origin: 'https://car-17.example.org' },
    { Host: '127.0.0.1:8080', 'Sec-Fetch-Site': 'none' },
  ])('with %j is served', async (headers) => {
    const reply = await site.post('/api/commands/status', {}, { ...headers });
    expect(reply.status).toBe(200);
  });

  it('sends JSON whatever is said of its letters', async () => {
    const type = { 'Content-Type': 'application/JSON; charset=utf-8' };
    expect((await site.post('/api/commands/status', {}, type)).status).toBe(200);
  });
});
