import { execFileSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** Keeps three rounds of small objects alive, and tells how large the young generation has become, in bytes. */
const BUSY = `
const kept = [];
for (let round = 0; round < 40; round += 1) {
  kept[round % 3] = Array.from({ length: 20000 }, (_, i) => ({ i, list: [i] }));
}
const { space_size } = require('v8').getHeapSpaceStatistics().find((s) => s.space_name === 'new_space');
console.log(space_size);
`;

function youngGeneration(before: string): number {
  return Number(
    execFileSync(
      process.execPath,
      ['-e', `${before}Promise.resolve(globalThis.ready).then(() => {${BUSY}});`],
      { encoding: 'utf8' },
    ),
  );
}

describe('keepHeapSmall', () => {
  it('ends the growth of the young generation, which would go on', () => {
    const [bundle] = buildSync({
      stdin: {
        contents:
          "import { keepHeapSmall } from './small-heap'; globalThis.ready = keepHeapSmall();",
        resolveDir: 'src/platform',
      },
      bundle: true,
      platform: 'node',
      write: false,
    }).outputFiles;
    expect(youngGeneration('')).toBeGreaterThan(8 << 20);
    expect(youngGeneration(bundle?.text ?? '')).toBeLessThanOrEqual(2 << 20);
  });
});
