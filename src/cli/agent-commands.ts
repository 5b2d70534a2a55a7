import type { StatusReply } from '../control';
import { type CliCommand, EXIT, type Invocation, print, UsageException } from './cli-command';
import { CommandClient, NoAgentException } from './command-client';
import { statusInWords } from './status-words';
import { watch } from './watch';

/** A re-INVITE may take this long until it fails (64 times T1, RFC 3261 §17.1.1.2), and a little more. */
const RENEGOTIATION_MS = 35_000;

const WHICH_CALL = 'CALL is a number that "status" shows. Without it the call that fits is meant.';

/** Commands that ask an agent which runs already. */
export const AGENT_COMMANDS: readonly CliCommand[] = [
  {
    name: 'status',
    summary: 'what the agent does, and what is wrong',
    run: (invocation) => withAgent(invocation, showStatus),
  },
  {
    name: 'call',
    argument: 'URI',
    summary: 'call someone',
    details:
      'URI is a SIP URI as sip:home@192.0.2.7. "sip:" may be left out, and a bare name or number\nis looked for at the domain of the account. Returns at once; "watch" shows how it goes on.',
    run: (invocation) => withAgent(invocation, placeCall),
  },
  callCommand('answer', 'answer an incoming call', 'answered'),
  callCommand('reject', 'refuse an incoming call as busy', 'rejected'),
  callCommand('hangup', 'end a call', 'hung up'),
  callCommand('hold', 'put a call on hold', 'on hold'),
  callCommand('resume', 'take up a call that is on hold', 'resumed'),
  {
    name: 'network-changed',
    summary: 'register from the present address now',
    details:
      'For the hooks of udhcpc and ifup: the network has come or has another address. Calls go on.',
    run: (invocation) => withAgent(invocation, tellNetworkChanged),
  },
  {
    name: 'dtmf',
    argument: 'KEYS',
    summary: 'press keys for the far end',
    details: 'KEYS are up to 32 of 0-9, *, # and A-D, for the call that talks.',
    run: (invocation) => withAgent(invocation, pressKeys),
  },
  {
    name: 'watch',
    summary: 'show state and quality until Ctrl-C',
    details:
      'On a terminal one line is redrawn in place, and events are written above it. Otherwise\neach look is a line of its own. With --json each line is an object: notifications as the\nagent sends them, and its status every second as "voip_status".',
    run: (invocation) => withAgent(invocation, watchAgent),
  },
];

function callCommand(name: string, summary: string, done: string): CliCommand {
  return {
    name,
    argument: '[CALL]',
    summary,
    details: WHICH_CALL,
    run: (invocation) => {
      const call = callNumber(invocation.argument);
      return withAgent(invocation, async (client) => {
        await client.command(name, call === undefined ? {} : { call }, RENEGOTIATION_MS);
        print(invocation.json ? JSON.stringify({ ok: true }) : done);
        return EXIT.ok;
      });
    },
  };
}

function callNumber(argument: string | undefined): number | undefined {
  if (argument === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(argument)) return Number(argument);
  throw new UsageException(`expected the number of a call, found "${argument}"`);
}

/** What an agent there says of itself; undefined when there is none. */
export async function agentAt({
  address,
  port,
}: Invocation['control']): Promise<StatusReply | undefined> {
  try {
    const client = await CommandClient.connect(address, port);
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

async function withAgent(
  invocation: Invocation,
  act: (client: CommandClient, invocation: Invocation) => Promise<number>,
): Promise<number> {
  const { address, port } = invocation.control;
  const client = await CommandClient.connect(address, port);
  try {
    return await act(client, invocation);
  } finally {
    await client.close();
  }
}

async function showStatus(client: CommandClient, { json }: Invocation): Promise<number> {
  const status = await client.status();
  print(json ? JSON.stringify(status) : statusInWords(status));
  return EXIT.ok;
}

async function pressKeys(client: CommandClient, invocation: Invocation): Promise<number> {
  const digits = invocation.argument ?? '';
  const result = await client.command('dtmf', { digits }, RENEGOTIATION_MS);
  print(invocation.json ? JSON.stringify(result) : `pressed ${digits}`);
  return EXIT.ok;
}

async function placeCall(client: CommandClient, invocation: Invocation): Promise<number> {
  const uri = invocation.argument ?? '';
  const result = await client.command('call', { uri });
  const call = typeof result === 'object' && result !== null && 'call' in result ? result.call : 0;
  print(invocation.json ? JSON.stringify({ call }) : `call ${call}: calling ${uri}`);
  return EXIT.ok;
}

async function tellNetworkChanged(client: CommandClient, { json }: Invocation): Promise<number> {
  await client.command('network-changed');
  print(json ? JSON.stringify({ ok: true }) : 'told');
  return EXIT.ok;
}

async function watchAgent(client: CommandClient, { json }: Invocation): Promise<number> {
  return (await watch(client, json, process.stdout)) ? EXIT.ok : EXIT.failed;
}
