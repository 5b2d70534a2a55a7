import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Checker, NOTHING, type Tally } from './checker';
import { readSecondTries, SECOND_TRIES_FILE } from './second-tries';

const Report = v.object({
  numPassedTests: v.number(),
  numFailedTests: v.number(),
  numPendingTests: v.number(),
  numTodoTests: v.number(),
  success: v.boolean(),
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      message: v.optional(v.string(), ''),
      assertionResults: v.array(
        v.object({
          fullName: v.string(),
          status: v.string(),
          failureMessages: v.nullish(v.array(v.string()), []),
        }),
      ),
    }),
  ),
});
type Report = v.InferOutput<typeof Report>;

/** Runs a project of vitest.config.ts and counts its tests; a file that cannot even be loaded is one failure. */
export async function vitestProject(
  checker: Checker,
  project: string,
  folder: string,
  timeoutMinutes: number,
): Promise<Tally> {
  const file = join(folder, `vitest-${project}.json`);
  const triedAgain = join(folder, `second-tries-${project}.json`);
  for (const old of [file, triedAgain]) rmSync(old, { force: true });
  let tally: Tally = { ...NOTHING, failed: 1 };
  let report: Report | undefined;
  const outcome = await checker.run(
    {
      label: `vitest ${project}`,
      command: process.execPath,
      args: [
        // With `unit` goes `unit-apart`, with `interop` `interop-together`.
        ...['node_modules/vitest/vitest.mjs', 'run', '--project', `${project}*`],
        ...['--reporter=verbose', '--reporter=json', `--outputFile.json=${file}`],
        '--reporter=./scripts/lib/check/second-tries.ts',
      ],
      env: { NO_COLOR: '1', [SECOND_TRIES_FILE]: triedAgain },
      timeoutMinutes,
    },
    ({ ok, exit }) => {
      if (!existsSync(file)) return `FAILED, no report, ${exit}`;
      report = v.parse(Report, JSON.parse(readFileSync(file, 'utf8')));
      tally = { ...count(report, ok), secondTries: readSecondTries(triedAgain) };
      return `${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`;
    },
  );
  for (const name of tally.secondTries) checker.say(`  passed at the second try: ${name}`);
  if (tally.failed === 0) return tally;
  const failures = report ? failureTexts(report) : [];
  for (const text of failures) checker.say(text);
  if (failures.length === 0) checker.showEnd(outcome);
  else checker.say(`    log: ${outcome.logPath}`);
  return tally;
}

function count(report: Report, exitedWell: boolean): Tally {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  const failed = report.numFailedTests + broken;
  // An error outside of any test makes vitest fail though every test passed.
  const elsewhere = failed === 0 && !(exitedWell && report.success) ? 1 : 0;
  return {
    ...NOTHING,
    passed: report.numPassedTests,
    failed: failed + elsewhere,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function failureTexts(report: Report): string[] {
  return report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    if (status === 'failed' && assertionResults.length === 0)
      return [`  FAILED ${name}: ${message}`];
    return assertionResults
      .filter((test) => test.status === 'failed')
      .map((test) => {
        const details = (test.failureMessages ?? []).join('\n').split('\n').slice(0, 12);
        return `  FAILED ${test.fullName}\n${details.map((line) => `    ${line}`).join('\n')}`;
      });
  });
}
