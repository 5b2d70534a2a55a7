import { type ParseArgsConfig, parseArgs } from 'node:util';

/** What the command line asks for; a word that is not known ends the program with what was wrong and its usage. */
export function optionsOf<T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    endWith(usage, error instanceof Error ? error.message : String(error));
  }
}

/** Ends the program as commands do whose words are wrong: exit code 2. */
export function endWith(usage: string, problem: string): never {
  console.error(`${problem}\n${usage}`);
  process.exit(2);
}
