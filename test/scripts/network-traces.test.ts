import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { networkTraces, TRACE_FOLDER, traceText } from '../../scripts/lib/network-traces/traces';

describe('the traces of networks', () => {
  it.each(networkTraces())('$name is what its script makes', (trace) => {
    const path = join(resolve(import.meta.dirname, '../..'), TRACE_FOLDER, `${trace.name}.trace`);
    const wanted = traceText(trace);
    expect(
      readFileSync(path, 'utf8') === wanted,
      `${path}: run npx tsx scripts/lib/network-traces/main.ts`,
    ).toBe(true);
  });

  it('are networks on which one can talk, with losses and moments of nothing', () => {
    for (const { name, ways } of networkTraces()) {
      const came = ways.filter((way) => way !== undefined).sort((a, b) => a - b);
      const lost = 1 - came.length / ways.length;
      expect(lost, name).toBeGreaterThan(0.003);
      expect(lost, name).toBeLessThan(0.03);
      expect(came[Math.floor(came.length / 2)], name).toBeLessThan(15);
      expect(came.at(-1), name).toBeGreaterThan(100);
    }
  });
});
