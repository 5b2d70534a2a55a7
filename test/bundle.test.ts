import { resolve } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { BUILDS, SURFACES } from '../scripts/lib/bundling';

const ROOT = resolve(import.meta.dirname, '..');
/** Of the bundle without what loads on demand, bytes. */
const BUDGET = 450_000;

const built = await Promise.all(
  BUILDS.map(async (options) => {
    const quiet = { ...options, sourcemap: false, write: false, absWorkingDir: ROOT } as const;
    const { outputFiles } = await build(quiet);
    return outputFiles[0]?.text ?? '';
  }),
);
const [bundle = ''] = built;

describe('the bundle', () => {
  it('leaves what loads on demand to files of their own, and keeps its budget', () => {
    for (const name of ['probe', 'more', ...SURFACES])
      expect(bundle).toContain(`require("./dashvoip-${name}.cjs")`);
    expect(bundle).not.toContain('mqtt-packet');
    expect(bundle).not.toContain('BEGIN:VCARD');
    expect(Buffer.byteLength(bundle)).toBeLessThanOrEqual(BUDGET);
  });

  it('brings no second loader of modules into memory, which takes 3 MB', () => {
    for (const text of built) expect(text.match(/\bimport\(/g)).toBeNull();
  });
});
