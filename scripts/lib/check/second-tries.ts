import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import type { Reporter, TestCase } from 'vitest/node';

/** Environment variable that names the file this reporter writes. */
export const SECOND_TRIES_FILE = 'DASHVOIP_SECOND_TRIES';

/** A vitest reporter that keeps the names of tests that passed only when tried again. */
export default class SecondTries implements Reporter {
  readonly #names: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const tries = test.diagnostic()?.retryCount ?? 0;
    if (tries > 0 && test.ok()) this.#names.push(test.fullName);
  }

  onTestRunEnd(): void {
    const file = process.env[SECOND_TRIES_FILE];
    if (file !== undefined) writeFileSync(file, JSON.stringify(this.#names));
  }
}

/** What the reporter wrote; a run that ended before its end has nothing to tell. */
export function readSecondTries(file: string): string[] {
  return existsSync(file)
    ? v.parse(v.array(v.string()), JSON.parse(readFileSync(file, 'utf8')))
    : [];
}
