import type { StatusReply } from '../control';
import { type CliCommand, EXIT, type Invocation } from './cli-command';
import { NoAgentException } from './command-client';
import { connectTo } from './connect';
import { DECLARED_COMMANDS } from './declared-command';
import { INVITE } from './invite';
import { TRACE } from './trace';
import { watch } from './watch';

/** Commands that ask an agent which runs already. */
export const AGENT_COMMANDS: readonly CliCommand[] = [
  // What the terminal shows in a way of its own has the same name.
  ...DECLARED_COMMANDS.filter(({ name }) => name !== TRACE.name && name !== INVITE.name),
  TRACE,
  INVITE,
  {
    name: 'watch',
    summary: 'Shows state and quality until Ctrl-C or q.',
    details:
      'On a terminal the whole page: calls with MOS, loss, jitter and delay of the last minutes, registration, camera, devices, problems, events. Keys: q quits, a answers, h hangs up. Curves are drawn in ASCII unless the locale is UTF-8, without colours where NO_COLOR is set. Elsewhere, and where TERM is dumb, each look is a line of its own. With --json each line is an object: notifications as the agent sends them, and its status every second as "voip_status".',
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
    const { stdout: output, stdin: keyboard, env: environment } = process;
    await watch(client, { json, output, keyboard, environment, now: () => new Date() });
    return EXIT.ok;
  } finally {
    await client.close();
  }
}
