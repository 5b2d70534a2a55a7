import * as v from 'valibot';
import { COMMANDS, type Command, type Prepared, statusReplySchema } from '../control';
import { describeField, entriesOf, problemText, type Schema, wordsToValue } from '../schema';
import {
  type CliArgument,
  type CliCommand,
  EXIT,
  type Invocation,
  print,
  UsageException,
} from './cli-command';
import { connectTo } from './connect';
import { replyInWords } from './reply-words';
import { statusInWords } from './status-words';

/** A re-INVITE may take this long until it fails (64 times T1, RFC 3261 §17.1.1.2), and a little more. */
const REPLY_MS = 35_000;

const ACCOUNT = 'account';

/** Every command of the schema as a word of the command line: its parameters are arguments, in their order. */
export const DECLARED_COMMANDS: readonly CliCommand[] = COMMANDS.map(declared);

export function declared(command: Command): CliCommand {
  const entries = Object.entries(entriesOf(command.schema, {}) ?? {});
  // Which account is seldom said, and an option.
  const parameters = entries.filter(([key]) => key !== ACCOUNT);
  const hasAccount = parameters.length < entries.length;
  return {
    name: command.name,
    ...(hasAccount ? { options: ['account', 'control', 'key'] as const } : {}),
    arguments: parameters.map(([key, schema]) => asArgument(key, schema)),
    summary: command.summary,
    ...(command.notes === undefined ? {} : { details: command.notes }),
    run: (invocation) => ask(command, parameters, invocation),
  };
}

function asArgument(key: string, schema: Schema): CliArgument {
  const { description, optional, isFlag, choices } = describeField(schema);
  // A flag that need not be there says nothing without its name.
  const isTelling = choices.length > 0 && choices.length < 3 && !(isFlag && optional);
  return {
    label: isTelling ? choices.join('|') : key.toUpperCase(),
    optional,
    description: `${description} Expected: ${expectedWord(schema)}.`,
    choices,
  };
}

/** In the words of a command line, where a flag is on or off. */
function expectedWord(schema: Schema): string {
  const { expected, choices } = describeField(schema);
  return choices.length > 0 ? choices.join(' or ') : expected;
}

async function ask(
  command: Command,
  parameters: readonly (readonly [key: string, schema: Schema])[],
  { arguments: words, account, json, control }: Invocation,
): Promise<number> {
  const given = parameters.flatMap(([key, schema], place) => {
    const word = words[place];
    return word === undefined ? [] : [[key, wordsToValue(schema, word)]];
  });
  const param = Object.fromEntries([
    ...given,
    ...(account === undefined ? [] : [[ACCOUNT, account]]),
  ]);
  const prepared = rightly(command, param);
  const client = await connectTo(control);
  try {
    const reply = await client.command(command.name, param, REPLY_MS);
    if (json) print(JSON.stringify(reply ?? { ok: true }));
    else print(prepared.inWords(reply) ?? inWords(reply));
    return EXIT.ok;
  } finally {
    await client.close();
  }
}

/** Refuses parameters of a command before an agent is asked, in the words that it would find. @throws UsageException */
export function checkWords(name: string, param: object): void {
  for (const command of COMMANDS) if (command.name === name) rightly(command, param);
}

function rightly(command: Command, param: object): Prepared {
  const prepared = command.prepare(param);
  if (!('problems' in prepared)) return prepared;
  const schemas = new Map(Object.entries(entriesOf(command.schema, {}) ?? {}));
  const problems = prepared.problems.map((problem) => {
    const schema = schemas.get(problem.path);
    return problemText(schema ? { ...problem, expected: expectedWord(schema) } : problem);
  });
  throw new UsageException(problems.join('; '), command.name);
}

function inWords(reply: unknown): string {
  return v.is(statusReplySchema, reply) ? statusInWords(reply) : replyInWords(reply);
}
