import { fileURLToPath } from 'node:url';

const folder = process.env.DASHVOIP_MUTATE_FOLDER ?? 'build/mutate';

/** Mutation tests of the TypeScript rooms: `scripts/mutate` sets what to mutate and where reports go. */
export default {
  testRunner: 'dashvoip',
  plugins: ['runner.mjs', 'sample.mjs'].map((name) =>
    fileURLToPath(new URL(name, import.meta.url)),
  ),
  checkers: process.env.DASHVOIP_MUTATE_SAMPLE ? ['sample'] : [],
  concurrency: Number(process.env.DASHVOIP_MUTATE_RUNNERS ?? '2'),
  coverageAnalysis: 'perTest',
  // Beside three times what the tests took: a process that is waited for in vain is rare.
  timeoutMS: 30_000,
  timeoutFactor: 3,
  incremental: true,
  reporters: ['progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: `${folder}/report.html` },
  jsonReporter: { fileName: `${folder}/report.json` },
  tempDirName: `${folder}/sandbox`,
  cleanTempDir: 'always',
  // TypeScript 7 has no API that Stryker could rewrite tsconfig.json with; vitest needs none.
  tsconfigFile: 'none',
  // A test of the codecs reads a header of native/include.
  ignorePatterns: [
    ...['build', 'dist', 'board', 'buildroot-package'],
    ...['native/src', 'native/test', 'native/sim', 'native/fuzz', 'native/bench'],
  ].map((name) => `/${name}`),
  mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral'] },
};
