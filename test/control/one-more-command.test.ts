import { describe, expect, it, vi } from 'vitest';
import { commandsReference } from '../../scripts/docs/commands';
import { jsonSchemaReference } from '../../scripts/docs/json-schema';
import { AGENT_COMMANDS } from '../../src/cli/agent-commands';
import { bashCompletion } from '../../src/cli/completion';
import { commandHelp, topHelp } from '../../src/cli/help';
import { COMMAND_MESSAGES } from '../../src/control';
import { office } from './mqtt/office';
import { startedDesk } from './udp/desk';
import { openSite } from './web/site';

// One declaration more, and nothing else.
vi.mock('../../src/control/commands', async (original) =>
  (await import('../support/one-more-command')).withOneMore(
    await original<typeof import('../../src/control/commands')>(),
  ),
);

describe('one more command, declared once', () => {
  const { id } = COMMAND_MESSAGES[COMMAND_MESSAGES.length - 1] ?? { id: 0 };

  it('is a message of the UDP server', async () => {
    const { send, start } = await startedDesk();
    const token = await start();
    const ask = (param: object) => send({ token, msg_id: id, param, id: JSON.stringify(param) });
    expect(await ask({ kind: 'green', cups: 2 })).toMatchObject({ rval: 0, param: { minutes: 4 } });
    expect(await ask({ kind: 'red' })).toMatchObject({
      rval: -25,
      param: 'kind',
      reason: 'kind: found "red", expected "green" or "black"',
    });
  });

  it('is a command by MQTT', async () => {
    const { ask } = await office();
    expect(await ask({ command: 'tea make', param: { kind: 'green', cups: 2 } })).toEqual({
      command: 'tea make',
      ok: true,
      reply: { minutes: 4 },
    });
    expect(await ask({ command: 'tea make', param: { kind: 'red' } })).toMatchObject({
      ok: false,
      problems: [{ path: 'param.kind', found: '"red"', expected: '"green" or "black"' }],
    });
  });

  it('is a command of the web page, which knows what it takes', async () => {
    const site = await openSite();
    const ask = async (param: object) => (await site.post('/api/commands/tea-make', param)).json();
    expect(await ask({ kind: 'green', cups: 2 })).toEqual({ reply: { minutes: 4 } });
    expect(await ask({ kind: 'red' })).toEqual({
      problems: [{ path: 'kind', found: '"red"', expected: '"green" or "black"' }],
    });
    const { commands } = Object((await site.ask('/api/commands')).json());
    expect(commands[commands.length - 1]).toMatchObject({
      name: 'tea make',
      param: { properties: { kind: { enum: ['green', 'black'] } }, required: ['kind'] },
    });
    await site.close();
  });

  it('is a word of the command line, with help and completion', () => {
    const command = AGENT_COMMANDS.find(({ name }) => name === 'tea make');
    expect(topHelp(AGENT_COMMANDS)).toMatch(/^ {2}tea make green\|black \[CUPS\] +makes tea$/m);
    expect(command && commandHelp(command)).toContain(
      'CUPS         How many. Expected: a whole number from 1 to 6.',
    );
    expect(bashCompletion(AGENT_COMMANDS)).toContain('"tea make"*) words="green black');
  });

  it('is in the reference and in the JSON Schema', () => {
    expect(commandsReference()).toContain(
      `| ${id} | VOIP_TEA_MAKE | Makes tea. It takes its time. |`,
    );
    const { definitions } = JSON.parse(jsonSchemaReference());
    const byMqtt = JSON.stringify(definitions['mqtt.request']);
    expect(byMqtt).toContain('{"command":{"const":"tea make"},"param":{"type":"object"');
    expect(definitions['VOIP_TEA_MAKE.request'].properties.param).toMatchObject({
      properties: { kind: { enum: ['green', 'black'] } },
      required: ['kind'],
    });
    expect(definitions['VOIP_TEA_MAKE.reply'].properties.param.required).toEqual(['minutes']);
  });
});
