import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS, commandRequestSchema, exampleOf } from '../../../src/control';
import { MAX_AGE_MS, MAX_PAYLOAD, REMEMBERED_MS } from '../../../src/control/mqtt/commands';
import type { Problem } from '../../../src/schema';
import { isAbout, oddValue, spoiled } from '../../schema/spoiled';
import { BASE, office, settle } from './office';

const CALL = { command: 'call', param: { uri: 'sip:phone@192.0.2.9' } };

describe('a command by MQTT', () => {
  it('is carried out, and answered with its mark', async () => {
    const { ask, userAgent } = await office();
    expect(await ask({ ...CALL, id: 'a' })).toEqual({
      command: 'call',
      id: 'a',
      ok: true,
      reply: { call: 1 },
    });
    expect(userAgent.invited[0]?.target).toBe('sip:phone@192.0.2.9');
  });

  it('is answered where the sender wants it, with its correlation data', async () => {
    const { ask, broker } = await office();
    const correlationData = Buffer.from([0, 255]);
    const responseTopic = 'office/7/answers';
    expect(await ask({ command: 'status' }, { responseTopic, correlationData })).toMatchObject({
      ok: true,
      reply: { version: '1.2.3' },
    });
    expect(broker.told.at(-1)).toMatchObject({ topic: responseTopic, correlationData });
  });

  it.each([
    ...['dashvoip/car-18/command', `${BASE}/command`, `${BASE}/state`],
    ...['homeassistant/status', 'a/+', '#', '', '$SYS/x'],
  ])('is not carried out when it wants its answer at %j', async (responseTopic) => {
    const { broker, agent, client } = await office();
    broker.deliver(`${BASE}/command`, CALL, { responseTopic });
    await settle();
    expect(agent.status().calls).toEqual([]);
    expect(broker.texts(responseTopic).filter((text) => text.includes('"ok"'))).toEqual([]);
    expect(broker.standing(`${BASE}/response`)).toMatchObject({ ok: false, error: 'malformed' });
    expect(client.status).toMatchObject({ commands: 1, refused: 1 });
  });

  it('that the agent cannot carry out says why, and which member is to blame', async () => {
    const { ask } = await office();
    expect(await ask({ command: 'answer', id: 1 })).toEqual({
      command: 'answer',
      id: 1,
      ok: false,
      error: 'wrong-state',
      reason: 'no call is waiting to be answered',
    });
    expect(await ask({ command: 'log', param: { area: 'nowhere' } })).toMatchObject({
      error: 'bad-parameter',
      field: 'param.area',
    });
  });

  it('names all that is wrong with it at once', async () => {
    const { ask } = await office();
    const response = await ask({ command: 'dtmf', param: { digits: 'x', call: 0 }, id: {}, x: 1 });
    expect(response).toMatchObject({ command: 'dtmf', ok: false, error: 'malformed' });
    expect(response?.problems).toEqual([
      { path: 'x', found: 'an unknown key', expected: 'one of command, param, id, sent' },
      { path: 'id', found: '{}', expected: 'a number, or text of at most 64 characters' },
      { path: 'param.digits', found: '"x"', expected: '1 to 32 of 0-9, *, #, A-D' },
      { path: 'param.call', found: '0', expected: 'the number of a call' },
    ]);
    expect(response?.reason).toContain('param.digits: found "x", expected 1 to 32');
    expect(await ask({ command: 'dial' })).toMatchObject({
      problems: [{ path: 'command', found: '"dial"' }],
    });
  });

  it.each([['{'], [''], [Buffer.from([0x22, 0xff, 0x22])]])(
    'is told that %j is no JSON',
    async (payload) => {
      const { ask } = await office();
      expect(await ask(payload)).toMatchObject({ ok: false, error: 'malformed' });
    },
  );

  it('that is too long is not read', async () => {
    const { ask } = await office();
    const response = await ask({ command: 'call', param: { uri: 'a'.repeat(MAX_PAYLOAD) } });
    expect(response?.problems).toEqual([
      { path: '', found: expect.stringMatching(/^\d+ bytes$/), expected: `at most ${MAX_PAYLOAD}` },
    ]);
  });

  it('that lay at the broker is never carried out', async () => {
    const { ask, agent } = await office();
    expect(await ask({ ...CALL, id: 2 }, { retained: true })).toMatchObject({
      id: 2,
      ok: false,
      error: 'retained',
    });
    expect(agent.status().calls).toEqual([]);
  });

  it('that was ordered long ago, or by a clock that is far from ours, is not carried out', async () => {
    const { ask, agent, clock } = await office();
    const sentAt = (ms: number): string => new Date(clock.wallTime().getTime() + ms).toISOString();
    for (const ms of [-3_600_000, -MAX_AGE_MS - 1, MAX_AGE_MS + 1]) {
      expect(await ask({ ...CALL, sent: sentAt(ms) })).toMatchObject({
        error: 'too-old',
        field: 'sent',
        reason: expect.stringContaining(clock.wallTime().toISOString()),
      });
    }
    expect(agent.status().calls).toEqual([]);
    expect(await ask({ ...CALL, sent: sentAt(-MAX_AGE_MS) })).toMatchObject({ ok: true });
  });

  it('that comes again is answered again and not carried out again', async () => {
    const { ask, userAgent, clock } = await office();
    const first = await ask({ ...CALL, id: 7 });
    expect(await ask({ ...CALL, id: 7 })).toEqual(first);
    // Sent anew by who heard no answer.
    expect(await ask({ ...CALL, id: 7, sent: clock.wallTime().toISOString() })).toEqual(first);
    expect(userAgent.sessions).toHaveLength(1);
    await ask({ command: 'hangup', id: 8 });
    const correlationData = Buffer.from('x');
    for (const _ of [1, 2])
      expect(await ask(CALL, { correlationData })).toMatchObject({ reply: { call: 2 } });
    await ask({ command: 'hangup', id: 9 });
    expect(await ask(CALL)).toMatchObject({ reply: { call: 3 } });
    expect(await ask(CALL, { repeated: true })).toMatchObject({ reply: { call: 3 } });
    await ask({ command: 'hangup', id: 10 });
    expect(await ask(CALL)).toMatchObject({ reply: { call: 4 } });
    clock.advance(REMEMBERED_MS);
    await ask({ command: 'hangup', id: 11 });
    expect(await ask({ ...CALL, id: 7 })).toMatchObject({ reply: { call: 5 } });
  });

  it('of which too many come is thrown away unread, and counted', async () => {
    const { broker, client, clock } = await office();
    for (let count = 0; count < 200; count++) broker.deliver(`${BASE}/command`, '{');
    await settle();
    expect(client.status).toMatchObject({ commands: 200 });
    expect(broker.texts(`${BASE}/response`).length).toBe(50);
    clock.advance(1000);
    broker.deliver(`${BASE}/command`, { command: 'status', id: 1 });
    await settle();
    expect(broker.standing(`${BASE}/response`)).toMatchObject({ id: 1, ok: true });
  });

  it('from a broker that lets in whoever comes is not carried out', async () => {
    const { ask, agent } = await office({ servesCommands: false });
    expect(await ask(CALL)).toMatchObject({ ok: false, error: 'not-served' });
    expect(agent.status().calls).toEqual([]);
  });
});

describe('a command by MQTT in which one thing is wrong', () => {
  it.each(COMMANDS.map((command) => ({ name: command.name, command })))(
    '$name: the response names field, value found and what was expected',
    async ({ name, command: { schema } }) => {
      const { ask, clock } = await office();
      await fc.assert(
        fc.asyncProperty(spoiled(schema, exampleOf(name).param ?? {}), async (bad) => {
          clock.advance(1000);
          const response = await ask({ command: name, param: bad.value, id: 'mine' });
          const path = bad.path === '' ? 'param' : `param.${bad.path}`;
          expect(response).toMatchObject({ command: name, id: 'mine', error: 'malformed' });
          expectNamed(response?.problems, (problem) => isAbout({ ...bad, path }, problem));
        }),
        { numRuns: 60 },
      );
    },
  );

  it('in its frame: the same', async () => {
    const { ask, clock } = await office();
    const good = { command: 'status', id: 'a', sent: clock.wallTime().toISOString() };
    const schema = commandRequestSchema(COMMANDS);
    await fc.assert(
      fc.asyncProperty(spoiled(schema, good, { longest: 1500, deepest: 2000 }), async (bad) => {
        clock.advance(1000);
        const text = JSON.stringify(bad.value);
        fc.pre(text !== undefined && Buffer.byteLength(text) <= MAX_PAYLOAD);
        const response = await ask(text);
        expect(response).toMatchObject({ ok: false });
        expectNamed(response?.problems, (problem) => isAbout(bad, problem));
      }),
    );
  });

  it('whatever it is, gets one response and does no harm', async () => {
    const { ask, clock, agent } = await office();
    await fc.assert(
      fc.asyncProperty(oddValue({ longest: 4000, deepest: 4000 }), async (value) => {
        clock.advance(1000);
        expect(await ask(JSON.stringify(value))).toMatchObject({ ok: false, error: 'malformed' });
      }),
    );
    expect(agent.status().calls).toEqual([]);
  });
});

function expectNamed(problems: unknown, isIt: (problem: Problem) => boolean): void {
  const named = problems as Problem[];
  expect(named.some(isIt), JSON.stringify(named)).toBe(true);
  expect(named.every(({ found }) => found.length > 0)).toBe(true);
}
