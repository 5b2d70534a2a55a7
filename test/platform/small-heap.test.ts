import { execFileSync, spawnSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { flagsFor } from '../../src/platform/small-heap';

/** Keeps three rounds of small objects alive, and tells how large the young generation has become, in bytes. */
const BUSY = `
const kept = [];
for (let round = 0; round < 40; round += 1) {
  kept[round % 3] = Array.from({ length: 20000 }, (_, i) => ({ i, list: [i] }));
}
const { space_size } = require('v8').getHeapSpaceStatistics().find((s) => s.space_name === 'new_space');
console.log(space_size);
`;

/** Drops every second of many small objects, collects, and tells how many octets of pages there are for one that is in use. */
const THINNED = `
let kept;
const fill = () => { kept = Array.from({ length: 60000 }, (_, i) => ({ i, list: [i] })); };
const thin = () => { kept = kept.filter((_, i) => i % 2 === 0); };
fill(); gc(); gc(); thin(); gc(); gc();
const old = require('v8').getHeapSpaceStatistics().find((s) => s.space_name === 'old_space');
console.log(kept.length && old.physical_space_size / old.space_used_size);
`;

function told(before: string, program: string): number {
  const all = `${before}Promise.resolve(globalThis.ready).then(() => {${program}});`;
  return Number(execFileSync(process.execPath, ['--expose-gc', '-e', all], { encoding: 'utf8' }));
}

describe('keepHeapSmall', () => {
  let kept: string;
  beforeAll(() => {
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
    kept = bundle?.text ?? '';
  });

  it('ends the growth of the young generation, which would go on', () => {
    expect(told('', BUSY)).toBeGreaterThan(8 << 20);
    expect(told(kept, BUSY)).toBeLessThanOrEqual(2 << 20);
  });

  it('draws together what lives, which would lie in pages that are half empty', () => {
    expect(told('', THINNED)).toBeGreaterThan(1.3);
    expect(told(kept, THINNED)).toBeLessThan(1.2);
  });

  it('says nothing that this Node does not know', () => {
    const { status, stderr } = spawnSync(process.execPath, ['-e', kept], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('flagsFor', () => {
  it.each([
    ['Node 16', '9.4.146.26-node.26', '--interrupt-budget=540672'],
    ['Node 18', '10.2.154.26-node.36', '--interrupt-budget=540672'],
    ['Node 20', '11.3.244.8-node.38', '--interrupt-budget=540672'],
    ['Node 22', '12.4.254.21-node.35', '--invocation-count-for-turbofan=24000'],
  ])('names what V8 of %s knows', (_, version, flag) => {
    expect(flagsFor(version)).toContain(flag);
  });
});
