import { execFileSync } from 'node:child_process';

/** Those of the whole range, which the runs of continuous integration walk through. */
export const SEEDS = 50_000;
/** What one run takes: two seconds. */
const OF_ONE_RUN = 300;
export const PARTS = Math.ceil(SEEDS / OF_ONE_RUN);

const CHOICE = 'DASHVOIP_RANDOM_DIALOGS';
const DAY_S = 86_400;

/** Both belong to it. */
export interface SeedRange {
  readonly first: number;
  readonly last: number;
}

/** Those that were asked for, as `4711` or `0-49999`; or the part whose turn it is. */
export function chosenSeeds(text = process.env[CHOICE]): SeedRange {
  if (text === undefined) return partOf(turn());
  const [, first, last = first] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text) ?? [];
  const range = { first: Number(first), last: Number(last) };
  if (!(range.first <= range.last)) {
    throw new Error(
      `${CHOICE}: expected a seed, as 4711, or the first and the last, as 0-${SEEDS - 1}; found '${text}'`,
    );
  }
  return range;
}

export function partOf(turn: number): SeedRange {
  const first = (turn % PARTS) * OF_ONE_RUN;
  return { first, last: Math.min(first + OF_ONE_RUN, SEEDS) - 1 };
}

/** Which they are, and how they are run again. */
export function inWords({ first, last }: SeedRange): string {
  return `${CHOICE}=${first === last ? first : `${first}-${last}`}`;
}

/**
 * One more with each commit, so that each run of a commit is the same; by its day where a shallow clone does not have those before it.
 * What is no clone takes that of today.
 */
function turn(): number {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    if (git('rev-parse', '--is-shallow-repository') === 'false') {
      return Number(git('rev-list', '--count', 'HEAD'));
    }
    return Math.floor(Number(git('log', '-1', '--format=%ct')) / DAY_S);
  } catch {
    return Math.floor(Date.now() / 1000 / DAY_S);
  }
}
