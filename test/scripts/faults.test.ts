import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readFaults } from '../../scripts/lib/mutate/fault';

describe('the faults of scripts/mutate native', () => {
  const faults = readFaults();

  it('are there', () => {
    expect(faults.length).toBeGreaterThan(0);
  });

  it.each(faults)('$name applies to the code as it is', ({ path }) => {
    const check = (): unknown => execFileSync('git', ['apply', '--check', path], { stdio: 'pipe' });
    expect(check).not.toThrow();
  });
});
