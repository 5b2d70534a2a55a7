const folder = process.env.DASHVOIP_MUTATE_FOLDER ?? 'build/mutate';

/** Mutation tests of the TypeScript rooms: `scripts/mutate` sets what to mutate and where reports go. */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'scripts/lib/mutate/vitest.config.ts', related: true },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  incremental: true,
  reporters: ['progress-append-only', 'html', 'json'],
  htmlReporter: { fileName: `${folder}/report.html` },
  jsonReporter: { fileName: `${folder}/report.json` },
  tempDirName: 'build/mutate/sandbox',
  cleanTempDir: 'always',
  // TypeScript 7 has no API that Stryker could rewrite tsconfig.json with; vitest needs none.
  tsconfigFile: 'none',
  ignorePatterns: ['build', 'dist', 'native', 'board', 'buildroot-package', 'docs', '*.log'],
  mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral'] },
};
