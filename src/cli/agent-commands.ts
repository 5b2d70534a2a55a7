import type { StatusReply } from '../control';
import { type CliCommand, EXIT, type Invocation } from './cli-command';
import { NoAgentException } from './command-client';
import { connectTo } from './connect';
import { DECLARED_COMMANDS } from './declared-command';
import { TRACE } from './trace';
import { watch } from './watch';

/** Commands that ask an agent which runs already. */
export const AGENT_COMMANDS: readonly CliCommand[] = [
  // What the terminal shows in a way of its own has the same name.
  ...DECLARED_COMMANDS.filter(({ name }) => name !== TRACE.name),
  TRACE,
  {
    name: 'watch',
    summary: 'Shows state and quality until Ctrl-C.',
    details:
      'On a terminal one line is redrawn in place, and events are written above it. Otherwise each look is a line of its own. With --json each line is an object: notifications as the agent sends them, and its status every second as "voip_status".',
    run: watchAgent,
  },
];

/** What an agent there says of itself; undefined when there is none. */
export async function agentAt(control: Invocation['control']): Promise<StatusReply | undefined> {
  try {
    const client = await connectTo(control);
    try {
      return await client.status();
    } finally {
      await client.close();
    }
  } catch (error) {
    if (error instanceof NoAgentException) return undefined;
    throw error;
  }
}

async function watchAgent({ control, json }: Invocation): Promise<number> {
  const client = await connectTo(control);
  try {
    return (await watch(client, json, process.stdout)) ? EXIT.ok : EXIT.failed;
  } finally {
    await client.close();
  }
}
