/** The stages of `scripts/test`, in the order in which they run. */
export const STAGE_NAMES = [
  'unit',
  'native',
  'interop',
  'wild',
  'package',
  'target',
  'board',
] as const;
export type StageName = (typeof STAGE_NAMES)[number];

/** `board` begins with all of `target`. */
export const WHOLE_RUN: readonly StageName[] = STAGE_NAMES.filter((name) => name !== 'target');

/** What a changed file can have touched; the first rule that fits decides. */
const RULES: readonly (readonly [path: RegExp, stages: readonly StageName[]])[] = [
  [/^(docs\/|[^/]*\.md$)/, ['unit']],
  [/^native\/(test|fuzz|bench)\//, ['native']],
  [/^native\//, ['native', 'unit', 'interop', 'wild', 'board']],
  [/^src\/(probe|bridge)\//, ['unit', 'interop', 'board']],
  [/^src\//, ['unit', 'interop', 'wild', 'package']],
  [/^test\/toolkit\//, ['unit', 'interop', 'board']],
  [/^test\//, ['unit']],
  [/^(buildroot-package\/|scripts\/(lib\/)?package)/, ['unit', 'package']],
  [/^board\//, ['unit', 'package', 'board']],
  [/^scripts\/(bench|demo|docs|lib\/(bench|demo))/, ['unit']],
];

/** The stages that files changed by a commit can have touched; a file of no known kind runs everything. */
export function stagesFor(changedFiles: readonly string[]): readonly StageName[] {
  const wanted = new Set(changedFiles.flatMap(stagesOf));
  return WHOLE_RUN.filter((name) => wanted.has(name));
}

function stagesOf(file: string): readonly StageName[] {
  const own = /^test\/(interop|package|board)\//.exec(file)?.[1];
  if (own === 'interop' || own === 'package' || own === 'board') return ['unit', own];
  return RULES.find(([path]) => path.test(file))?.[1] ?? WHOLE_RUN;
}
