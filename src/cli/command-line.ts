import { parseArgs } from 'node:util';
import { closestTo } from '../schema';
import { type CliWords, type Invocation, optionsOf, synopsis, UsageException } from './cli-command';

const OPTIONS = {
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  control: { type: 'string' },
  key: { type: 'string' },
  config: { type: 'string' },
  capture: { type: 'string' },
  playback: { type: 'string' },
  seconds: { type: 'string' },
  limit: { type: 'string' },
  pcap: { type: 'string' },
  text: { type: 'boolean' },
  for: { type: 'string' },
  account: { type: 'string' },
} as const;

/**
 * Takes a command's own arguments apart.
 * @throws UsageException for what it does not know.
 */
export function parse(command: CliWords, args: readonly string[]): Invocation | 'help' {
  const { name, arguments: expected = [] } = command;
  const allowed = optionsOf(command);
  for (const arg of args) {
    const option = /^--([^=]*)/.exec(arg)?.[1];
    if (option && !allowed.some((name) => name === option)) {
      throw new UsageException(unknown('option', option, allowed, '--'), name);
    }
  }
  const { values, positionals } = strictly(args);
  if (values.help) return 'help';
  const required = expected.filter(({ optional }) => !optional);
  if (positionals.length < required.length) {
    throw new UsageException(`expected "dashvoip ${synopsis(command)}"`, name);
  }
  const surplus = positionals[expected.length];
  if (surplus !== undefined) {
    const whole = `dashvoip ${synopsis(command)}`;
    throw new UsageException(`expected no more than "${whole}", found ${quoted(surplus)}`, name);
  }
  return {
    json: values.json ?? false,
    control: { ...parseAddress(values.control ?? '127.0.0.1:8778'), keyFile: values.key },
    config: values.config,
    capture: values.capture,
    playback: values.playback,
    seconds: wholeNumber('seconds', 3600, values.seconds ?? '12'),
    limit: wholeNumber('limit', 1000, values.limit ?? '100'),
    pcap: values.pcap,
    text: values.text ?? false,
    for: values.for,
    account: values.account,
    arguments: positionals,
  };
}

function strictly(args: readonly string[]) {
  // A number below zero is none of the options.
  const words = args.map((arg) => (/^-\d/.test(arg) ? ` ${arg}` : arg));
  try {
    const { values, positionals } = parseArgs({
      args: words,
      options: OPTIONS,
      allowPositionals: true,
    });
    return { values, positionals: positionals.map((word) => word.replace(/^ (?=-\d)/, '')) };
  } catch (error) {
    throw new UsageException(error instanceof Error ? error.message : String(error));
  }
}

/** `ADDRESS:PORT`, IPv6 addresses in brackets. */
function parseAddress(text: string): { readonly address: string; readonly port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  const port = Number(digits);
  if (address === undefined || port < 1 || port > 65_535) {
    throw new UsageException(`--control: expected ADDRESS:PORT, found ${quoted(text)}`);
  }
  return { address, port };
}

function wholeNumber(option: string, limit: number, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= limit) return Number(text);
  throw new UsageException(
    `--${option}: expected a whole number from 1 to ${limit}, found ${quoted(text)}`,
  );
}

/** What is wrong with a word, and the one that was probably meant. */
export function unknown(
  what: string,
  found: string,
  known: readonly string[],
  prefix = '',
): string {
  const guess = closestTo(found, known);
  const hint = guess ? `; did you mean "${prefix}${guess}"?` : '';
  return `unknown ${what} ${quoted(prefix + found)}${hint}`;
}

/** On one line, whatever it is, and none too long to be read. */
function quoted(word: string): string {
  return JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word);
}
