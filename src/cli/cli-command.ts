/** Exit codes: done, could not be done, wrongly asked. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** A command that cannot be carried out, with the reason for whoever asked. */
export class CannotException extends Error {
  override readonly name = 'CannotException';
}

/** Wrong words on the command line. */
export class UsageException extends Error {
  override readonly name = 'UsageException';
  constructor(
    message: string,
    /** The command whose help would have told. */
    readonly command?: string,
  ) {
    super(message);
  }
}

/** What was asked for, every option with its default. */
export interface Invocation {
  readonly json: boolean;
  readonly control: {
    readonly address: string;
    readonly port: number;
    /** File with the key that it shares with the agent. */
    readonly keyFile: string | undefined;
  };
  readonly config: string | undefined;
  readonly capture: string | undefined;
  readonly playback: string | undefined;
  readonly seconds: number;
  /** How many messages of a trace. */
  readonly limit: number;
  /** File that a trace is written to for Wireshark. */
  readonly pcap: string | undefined;
  /** Whether messages are shown whole. */
  readonly text: boolean;
  /** How long, as "10m". */
  readonly for: string | undefined;
  /** By which account, where a command has that. */
  readonly account: string | undefined;
  readonly arguments: readonly string[];
}

export type OptionName =
  | 'config'
  | 'capture'
  | 'playback'
  | 'seconds'
  | 'limit'
  | 'pcap'
  | 'text'
  | 'for'
  | 'account'
  | 'control'
  | 'key'
  | 'json'
  | 'help';

/** A word that a command takes. Those that may be left out come last. */
export interface CliArgument {
  /** As it stands in a synopsis, in capitals. */
  readonly label: string;
  readonly optional?: boolean;
  readonly description?: string;
  /** What may stand there, where that is but a few words. */
  readonly choices?: readonly string[];
}

/** A command as people are told of it. */
export interface CliWords {
  readonly name: string;
  readonly arguments?: readonly CliArgument[];
  readonly summary: string;
  readonly details?: string;
  /** Those it has beside --json and --help; without the list those that lead to an agent. */
  readonly options?: readonly OptionName[];
}

/** One word of the command line, and what it does. */
export interface CliCommand extends CliWords {
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** Names of the options that a command has. */
export function optionsOf({ options = ['control', 'key'] }: CliWords): OptionName[] {
  return [...options, 'json', 'help'];
}

/** A command's name and its arguments. */
export function synopsis({ name, arguments: list = [] }: CliWords): string {
  return [name, ...list.map(({ label, optional }) => (optional ? `[${label}]` : label))].join(' ');
}

/** The answer of a command, on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Words of others may be of several lines. */
export function inOneLine(text: string): string {
  return text.replace(/\.?\s*\n\s*/g, '; ');
}

/** What went wrong, on standard error. */
export function complain(text: string): void {
  process.stderr.write(`dashvoip: ${text}\n`);
}

/** The exit code of some work; what it throws is put into words. */
export async function exitCodeOf(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageException) {
      const about = error.command ? `${error.command} ` : '';
      complain(`${inOneLine(error.message)}; see "dashvoip ${about}--help"`);
      return EXIT.usage;
    }
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return EXIT.failed;
  }
}
