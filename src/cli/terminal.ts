import { ConfigException } from '../config';
import { RVAL } from '../control';
import { AGENT_COMMANDS } from './agent-commands';
import {
  CannotException,
  type CliCommand,
  type CliWords,
  complain,
  EXIT,
  exitCodeOf,
  type Invocation,
  inOneLine,
  print,
  UsageException,
} from './cli-command';
import { CommandException, NoAgentException, NoKeyException } from './command-client';
import { parse, unknown } from './command-line';
import { bashCompletion } from './completion';
import { CONFIG_COMMANDS } from './config-commands';
import { commandHelp, topHelp } from './help';
import { LOCAL_COMMANDS } from './local-commands';
import { RUN } from './run-words';

const COMPLETION: CliCommand = {
  name: 'completion',
  summary: 'A script that completes commands and options in bash.',
  details:
    'For the present shell: eval "$(dashvoip completion)". For every one: put that line into ~/.bashrc.',
  options: [],
  run: async ({ json }) => {
    const script = bashCompletion([RUN, ...COMMANDS]);
    print(json ? JSON.stringify({ bash: script }) : script);
    return EXIT.ok;
  },
};
/** All but the agent itself. */
const COMMANDS: readonly CliCommand[] = [
  ...AGENT_COMMANDS,
  ...CONFIG_COMMANDS,
  ...LOCAL_COMMANDS,
  COMPLETION,
];

/** Carries out what the words of a command line ask for; of `run` it only tells how it is used. @returns the exit code */
export function terminal(args: readonly string[]): Promise<number> {
  return exitCodeOf(() => main(args));
}

async function main(args: readonly string[]): Promise<number> {
  const [first, ...others] = args;
  if (first === undefined) throw new UsageException('expected a command');
  if (first === '--help' || first === '-h' || first === 'help') {
    print(helpOn(others));
    return EXIT.ok;
  }
  if (first === RUN.name) {
    print(commandHelp(RUN));
    return EXIT.ok;
  }
  if (first === '--version') return main(['version', ...others]);
  const found = commandIn(COMMANDS, args);
  if (!found) throw new UsageException(unknownCommand(args));
  const invocation = parse(found.command, found.rest);
  if (invocation === 'help') {
    print(commandHelp(found.command));
    return EXIT.ok;
  }
  return report(found.command, invocation);
}

/** The command that `args` begin with, whose name may be of two words, and what follows. */
function commandIn<T extends CliWords>(
  commands: readonly T[],
  args: readonly string[],
): { readonly command: T; readonly rest: readonly string[] } | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    const command = commands.find((candidate) => candidate.name === name);
    if (command) return { command, rest: args.slice(words) };
  }
  return undefined;
}

function unknownCommand([first = '', second]: readonly string[]): string {
  const names = [RUN, ...COMMANDS].map(({ name }) => name);
  const group = names.filter((name) => name.startsWith(`${first} `));
  if (group.length === 0) return unknown('command', first, names);
  const words = group.map((name) => name.slice(first.length + 1));
  const found = second === undefined ? 'nothing' : JSON.stringify(second);
  return `expected "dashvoip ${first}" with one of ${words.join(', ')}, found ${found}`;
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
      complain(error instanceof CommandException ? inOneLine(error.message) : error.message);
    }
    return isWronglyAsked(error) ? EXIT.usage : EXIT.failed;
  }
}

/** What only the agent can know to be wrong, as a setting that there is not, is wrong all the same. */
function isWronglyAsked(error: Error): boolean {
  return error instanceof CommandException && error.reply.rval === RVAL.invalidParameter;
}

function isRefusal(error: unknown): error is Error {
  return [
    CommandException,
    NoAgentException,
    NoKeyException,
    CannotException,
    ConfigException,
  ].some((kind) => error instanceof kind);
}

function helpOn(words: readonly string[]): string {
  const all: readonly CliWords[] = [RUN, ...COMMANDS];
  const found = commandIn(all, words);
  return found ? commandHelp(found.command) : topHelp(all);
}
