import { ConfigException } from '../config';
import { AGENT_COMMANDS } from './agent-commands';
import {
  CannotException,
  type CliCommand,
  complain,
  EXIT,
  type Invocation,
  print,
  UsageException,
} from './cli-command';
import { CommandException, NoAgentException } from './command-client';
import { parse, unknown } from './command-line';
import { bashCompletion } from './completion';
import { commandHelp, topHelp } from './help';
import { LOCAL_COMMANDS, RUN } from './local-commands';

const COMPLETION: CliCommand = {
  name: 'completion',
  summary: 'A script that completes commands and options in bash.',
  details:
    'For the present shell: eval "$(dashvoip completion)". For every one: put that line into ~/.bashrc.',
  options: [],
  run: async ({ json }) => {
    const script = bashCompletion(COMMANDS);
    print(json ? JSON.stringify({ bash: script }) : script);
    return EXIT.ok;
  },
};
const COMMANDS: readonly CliCommand[] = [RUN, ...AGENT_COMMANDS, ...LOCAL_COMMANDS, COMPLETION];

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) throw new UsageException('expected a command');
  if (name === '--help' || name === '-h' || name === 'help') {
    print(helpOn(rest[0]));
    return EXIT.ok;
  }
  if (name === '--version') return main(['version', ...rest]);
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command)
    throw new UsageException(
      unknown(
        'command',
        name,
        COMMANDS.map((c) => c.name),
      ),
    );
  const invocation = parse(command, rest);
  if (invocation === 'help') {
    print(helpOn(name));
    return EXIT.ok;
  }
  return report(command, invocation);
}

/** Runs a command and puts its failure into words, or into JSON if that was asked for. */
async function report(command: CliCommand, invocation: Invocation): Promise<number> {
  try {
    return await command.run(invocation);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (invocation.json) {
      const rval = error instanceof CommandException ? { rval: error.reply.rval } : {};
      print(JSON.stringify({ ok: false, ...rval, error: error.message }));
    } else {
      complain(error.message);
    }
    return EXIT.failed;
  }
}

function isRefusal(error: unknown): error is Error {
  return [CommandException, NoAgentException, CannotException, ConfigException].some(
    (kind) => error instanceof kind,
  );
}

function helpOn(name: string | undefined): string {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  return command ? commandHelp(command) : topHelp(COMMANDS);
}

// Whoever reads our output may leave first. A client has nobody left to tell; the agent goes on.
process.stdout.on('error', () => {
  if (process.argv[2] !== 'run') process.exit(EXIT.ok);
});
process.stderr.on('error', () => undefined);

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof UsageException) {
      const about = error.command ? `${error.command} ` : '';
      complain(`${error.message}\ntry "dashvoip ${about}--help"`);
      process.exit(EXIT.usage);
    }
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exit(EXIT.failed);
  },
);
