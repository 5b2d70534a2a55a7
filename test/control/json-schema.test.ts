import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../src/config';
import {
  COMMAND_MESSAGES,
  COMMANDS,
  encode,
  exampleOf,
  exampleOfNotification,
  messageOf,
  NOTIFICATION_TYPES,
  notificationMessage,
} from '../../src/control';
import { startedBench } from '../agent/fakes';
import { office } from './mqtt/office';
import { desk } from './udp/desk';

const schema: object = JSON.parse(
  readFileSync(resolve('docs/reference/dashvoip.schema.json'), 'utf8'),
);
const SENT = '2026-11-23T05:36:28Z';
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(schema, 'dashvoip');

/** What is wrong with a value, by a definition of the published schema. */
function wrong(definition: string, value: unknown): string[] {
  const validate = ajv.getSchema(`dashvoip#/definitions/${definition}`);
  if (!validate) throw new Error(`the schema has no ${definition}`);
  // As it is on the wire.
  validate(JSON.parse(encode(Object(value)).toString()));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('the published JSON Schema, judged by a validator that is not ours', () => {
  it.each(COMMAND_MESSAGES)('takes the examples of $name', ({ id, name, command }) => {
    const { param, reply } = exampleOf(command.name);
    const request = { token: 1, msg_id: id, ...(param ? { param } : {}) };
    expect(wrong(`${name}.request`, request)).toEqual([]);
    const answer = { rval: 0, msg_id: id, ...(reply ? { param: reply } : {}) };
    expect(wrong(`${name}.reply`, answer)).toEqual([]);
  });

  it.each(NOTIFICATION_TYPES)('takes the example of %s', (type) => {
    const message = notificationMessage(type, exampleOfNotification(type), 1);
    expect(wrong(`voip_${type}`, message)).toEqual([]);
  });

  it('refuses what the agent refuses', () => {
    const request = (name: string, param: unknown) =>
      wrong(`${messageOf(name).name}.request`, { token: 1, msg_id: messageOf(name).id, param });
    expect(request('call', {})).not.toEqual([]);
    expect(request('call', { uri: 5 })).not.toEqual([]);
    expect(request('dtmf', { digits: 'x' })).not.toEqual([]);
    expect(request('answer', { call: 0 })).not.toEqual([]);
    expect(request('do-not-disturb', { on: 'on' })).not.toEqual([]);
    expect(request('log', { level: 'loud' })).not.toEqual([]);
  });

  it('takes what a running agent replies and tells', async () => {
    const all = desk(await startedBench());
    const token = await all.start();
    all.agent.call('sip:phone@192.0.2.9');
    all.userAgent.sessions[0]?.pickUp();
    const ask = async (name: string, param?: object): Promise<void> => {
      const message = messageOf(name);
      const reply = await all.send({ token, msg_id: message.id, param });
      expect([name, reply?.rval]).toEqual([name, 0]);
      expect(wrong(`${message.name}.reply`, reply)).toEqual([]);
    };
    await ask('status');
    await ask('hold');
    await ask('hangup');
    await ask('history');
    await ask('events');
    await ask('log', { level: 'debug' });
    await ask('config get');
    await ask('config check', { config: { sip: 5 } });
    await ask('trace');
    await ask('trace', { call: 1, text: true });
  });

  it.each(COMMANDS)('takes the examples of "$name" by MQTT', ({ name }) => {
    const { param, reply } = exampleOf(name);
    const request = { command: name, ...(param ? { param } : {}), id: '6f1c', sent: SENT };
    expect(wrong('mqtt.request', request)).toEqual([]);
    expect(wrong('mqtt.request', { ...request, prams: {} })).not.toEqual([]);
    const response = { command: name, id: 7, ok: true, ...(reply ? { reply } : {}) };
    expect(wrong('mqtt.response', response)).toEqual([]);
  });

  it.each([
    [{ command: 'call' }],
    [{ command: 'call', param: { uri: 5 } }],
    [{ command: 'cal', param: { uri: 'sip:a@b' } }],
    [{ command: 'status', id: { a: 1 } }],
    [{ command: 'status', id: 'x'.repeat(65) }],
    [{ command: 'status', sent: 'yesterday' }],
    [{ param: {} }],
  ])('refuses what the agent refuses by MQTT: %j', async (request) => {
    const { ask } = await office();
    expect(wrong('mqtt.request', request)).not.toEqual([]);
    const response = await ask(request);
    expect(response).toMatchObject({ ok: false, error: 'malformed' });
    expect(wrong('mqtt.response', response)).toEqual([]);
  });

  it('takes what a running agent responds and tells by MQTT', async () => {
    const { ask, broker, agent, userAgent, engine, clock } = await office();
    const respond = async (request: object, ok: boolean, more = {}): Promise<void> => {
      const response = await ask(request, more);
      expect([request, response?.ok]).toEqual([request, ok]);
      expect(wrong('mqtt.response', response)).toEqual([]);
    };
    await respond({ command: 'status', id: 1 }, true);
    await respond({ command: 'call', param: { uri: 'sip:phone@192.0.2.9' }, id: 'a' }, true);
    userAgent.sessions[0]?.pickUp();
    await respond({ command: 'log', param: { area: 'nowhere' } }, false);
    await respond({ command: 'answer' }, false);
    await respond({ command: 'answer', sent: '2025-01-01T00:00:00Z' }, false);
    await respond({ command: 'answer' }, false, { retained: true });
    await respond({ command: 'hangup' }, true);
    agent.setSwitch('doNotDisturb', true);
    engine.setCamera('absent');
    clock.advance(1000);
    expect(
      wrong('mqtt.response', { ...(await ask({ command: 'call' })), error: 'odd' }),
    ).not.toEqual([]);
    const events = broker.events();
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set(['call', 'switches', 'camera']),
    );
    for (const event of events) expect(wrong('mqtt.event', event)).toEqual([]);
    const [{ number: _, ...unnumbered } = {}] = events;
    expect(wrong('mqtt.event', unnumbered)).not.toEqual([]);
  });

  it('takes a configuration that the agent takes, and refuses another', () => {
    expect(wrong('configuration', {})).toEqual([]);
    expect(wrong('configuration', checkConfig({}, 'defaults'))).toEqual([]);
    expect(wrong('configuration', { sip: { port: 'x' } })).not.toEqual([]);
  });
});
