import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFaults } from '../../scripts/lib/mutate/fault';

const TESTS = 'native/test';
const TEST_CASE = /\bTEST_CASE(?:_FIXTURE)?\(\s*(?:\w+,\s*)?((?:"(?:[^"\\]|\\.)*"\s*)+)/g;

/** The names of doctest's cases. */
function testCases(): string[] {
  return readdirSync(TESTS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.cc'))
    .flatMap((name) => [...readFileSync(join(TESTS, name), 'utf8').matchAll(TEST_CASE)])
    .map(([, literals = '']) => literals.replace(/"\s*"/g, '').trim().slice(1, -1));
}

/** As doctest filters: `*` stands for anything. */
function filterOf(test: string): RegExp {
  const parts = test.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

describe('the faults of scripts/mutate native', () => {
  const faults = readFaults();
  const cases = testCases();

  it('are there', () => {
    expect(faults.length).toBeGreaterThan(0);
  });

  it.each(faults)('$name applies to the code as it is', ({ path }) => {
    const check = (): unknown => execFileSync('git', ['apply', '--check', path], { stdio: 'pipe' });
    expect(check).not.toThrow();
  });

  it.each(faults)('$name names a test that there is', ({ test }) => {
    expect(cases.filter((name) => filterOf(test).test(name))).not.toEqual([]);
  });
});
