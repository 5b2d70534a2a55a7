import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { measureSizes } from '../../scripts/lib/size/sizes';

describe('the size on a camera', () => {
  const { parts, installed } = measureSizes();

  it.each(parts.filter(({ budget }) => budget !== undefined))(
    'keeps $name in its budget',
    ({ bytes, budget }) => {
      expect(bytes).toBeGreaterThan(50_000);
      expect(bytes).toBeLessThanOrEqual(budget ?? 0);
    },
  );

  it('is known for each way to come by Node', () => {
    expect(installed).toHaveLength(4);
    const [none, ...runtimes] = installed;
    for (const { bytes, runtimeBytes } of runtimes) {
      expect(runtimeBytes).toBeGreaterThan(60e6);
      expect(bytes).toBe((none?.bytes ?? 0) + runtimeBytes);
    }
  });

  it('is printed for people and for programs', () => {
    const text = execFileSync('scripts/size', {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(text).toMatch(/dashvoip\.node.*≤ 900\.0/);
    expect(text).toMatch(/Node 22 and its own C library +\d+\.\d +\d+\.\d/);
    const json = execFileSync('scripts/size', ['--json'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(JSON.parse(json)).toEqual(measureSizes());
  });
});
