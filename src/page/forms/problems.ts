import type { Outcome } from '../../control';

export type Problem = Extract<Outcome, { kind: 'malformed' }>['problems'][number];

/** Problems at a field: at its own path or, where it is a list or a variant, at one below. */
export function problemsAt(problems: readonly Problem[], path: string): readonly Problem[] {
  return problems.filter(
    (problem) =>
      problem.path === path ||
      problem.path.startsWith(`${path}.`) ||
      problem.path.startsWith(`${path}[`),
  );
}

/** Problems that a change brought: what was wrong before, or only seems so without its secrets, is no news. */
export function newProblems(
  before: readonly Problem[],
  after: readonly Problem[],
): readonly Problem[] {
  return after.filter(
    (problem) =>
      !before.some(
        ({ path, found, expected }) =>
          path === problem.path && found === problem.found && expected === problem.expected,
      ),
  );
}

/** Problems in the words of a refusal, as `sip.port: found 1, expected another`; none when it says something else. */
export function problemsInWords(reason: string): readonly Problem[] {
  return reason.split('\n').flatMap((line) => {
    const match = /([\w.[\]]+): found (.*), expected (.*)$/.exec(line);
    return match ? [{ path: match[1] ?? '', found: match[2] ?? '', expected: match[3] ?? '' }] : [];
  });
}
