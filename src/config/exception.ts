import { type Problem, problemText } from '../schema';

/** A configuration that cannot be used, with everything that is wrong with it. */
export class ConfigException extends Error {
  override readonly name = 'ConfigException';
  constructor(
    /** The file, or what else the configuration came from. */
    readonly source: string,
    readonly problems: readonly Problem[],
  ) {
    super(problems.map((problem) => `${source}: ${problemText(problem)}`).join('\n'));
  }
}
