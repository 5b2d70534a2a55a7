import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AgentException } from '../../../src/agent';
import { COMMANDS } from '../../../src/control';
import { openSite, type Site } from './site';

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

describe('a command', () => {
  it('is carried out, and its reply comes back', async () => {
    const reply = await site.post('/api/commands/call', { uri: 'sip:home@192.0.2.9' });
    expect([reply.status, reply.json()]).toEqual([200, { reply: { call: 1 } }]);
    expect(site.agent.status().calls).toMatchObject([{ remote: 'sip:home@192.0.2.9' }]);
  });

  it('of two words is asked for with a hyphen', async () => {
    const reply = await site.post('/api/commands/config-get', { path: 'log.level' });
    expect(reply.json()).toEqual({ reply: { value: 'info' } });
  });

  it('needs no body where it needs no parameters', async () => {
    const reply = await site.post('/api/commands/status', '');
    expect(reply.json()).toMatchObject({
      reply: { web: { address: '127.0.0.1', port: site.port } },
    });
  });

  it('with wrong parameters is refused with everything that is wrong', async () => {
    const reply = await site.post('/api/commands/history', { limit: 0, find: 'x' });
    expect([reply.status, reply.json()]).toEqual([
      400,
      {
        problems: [
          { path: 'find', found: 'an unknown key', expected: 'one of search, limit, before' },
          { path: 'limit', found: '0', expected: 'a whole number from 1 to 50' },
        ],
      },
    ]);
  });

  it('that cannot be done is refused with the reason', async () => {
    expect((await site.post('/api/commands/hangup')).status).toBe(409);
    const reply = await site.post('/api/commands/config-get', { path: 'sip.prot' });
    expect([reply.status, reply.json()]).toMatchObject([
      409,
      { refusal: 'bad-parameter', param: 'path' },
    ]);
  });

  it('that there is not is not found', async () => {
    expect((await site.post('/api/commands/tea')).status).toBe(404);
    expect((await site.post('/api/commands/constructor')).status).toBe(404);
  });
});

describe('what there is', () => {
  it('is listed with the JSON Schema of what it takes', async () => {
    const { commands } = Object(await (await site.ask('/api/commands')).json());
    expect(commands.map(({ name }: { name: string }) => name)).toEqual(
      COMMANDS.map(({ name }) => name),
    );
    const dtmf = commands.find(({ name }: { name: string }) => name === 'dtmf');
    expect(dtmf).toMatchObject({
      path: '/api/commands/dtmf',
      summary: 'Presses keys for the far end, one after the other.',
      param: {
        type: 'object',
        required: ['digits'],
        properties: { digits: { type: 'string', expected: '1 to 32 of 0-9, *, #, A-D' } },
      },
    });
  });

  it('of the configuration is told, and how it stands', async () => {
    const schema = Object((await site.ask('/api/schema/configuration')).json());
    expect(schema.properties.log.properties.level.enum).toContain('debug');
    expect((await site.ask('/api/configuration')).json()).toMatchObject({
      reply: { value: { log: { level: 'info' } } },
    });
  });
});

describe('the picture', () => {
  it('is the camera’s still, and left in no cache', async () => {
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
    vi.spyOn(site.agent, 'still').mockResolvedValue({ jpeg, width: 8, height: 8 });
    const reply = await site.ask('/api/picture');
    expect([reply.status, reply.headers['content-length']]).toEqual([200, '4']);
    expect(reply.headers).toMatchObject({
      ...{ 'content-type': 'image/jpeg', 'cache-control': 'no-store' },
    });
  });

  it('that cannot be had is refused with the reason', async () => {
    const refusal = new AgentException('no-resource', 'no picture: no camera answers');
    vi.spyOn(site.agent, 'still').mockRejectedValue(refusal);
    const reply = await site.ask('/api/picture');
    expect([reply.status, reply.json()]).toEqual([
      503,
      { reason: 'no picture: no camera answers' },
    ]);
  });
});
