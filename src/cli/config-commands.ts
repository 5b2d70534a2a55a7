import { configurationSchema } from '../configuration-schema';
import { type CliCommand, EXIT, type Invocation, print } from './cli-command';
import { connectTo } from './connect';

/** What of the configuration no command of the agent's is there for. */
export const CONFIG_COMMANDS: readonly CliCommand[] = [
  {
    name: 'config show',
    summary: 'The whole configuration of an agent that runs, defaults included.',
    details: 'Passwords are left out. "config get" shows a part of it.',
    run: showConfiguration,
  },
  {
    name: 'config schema',
    summary: 'The JSON Schema of the configuration file (draft 7).',
    details: 'For editors and for programs that write configurations. No agent is needed.',
    options: [],
    run: printSchema,
  },
];

async function showConfiguration({ control, json }: Invocation): Promise<number> {
  const client = await connectTo(control);
  try {
    const reply = await client.command('config get');
    const value = typeof reply === 'object' && reply !== null && 'value' in reply && reply.value;
    print(json ? JSON.stringify(value) : JSON.stringify(value, null, 1));
    return EXIT.ok;
  } finally {
    await client.close();
  }
}

async function printSchema({ json }: Invocation): Promise<number> {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'dashvoip: the configuration file',
    ...(await configurationSchema()),
  };
  print(json ? JSON.stringify(schema) : JSON.stringify(schema, null, 1));
  return EXIT.ok;
}
