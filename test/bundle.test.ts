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
const fileOf = (name: string): string =>
  built[BUILDS.findIndex(({ outfile }) => outfile === `dist/${name}.cjs`)] ?? '';

describe('the bundle', () => {
  it('leaves what loads on demand to files of their own, and keeps its budget', () => {
    for (const name of ['more', 'terminal', 'tls', 'ice', 'zrtp', ...SURFACES])
      expect(bundle).toContain(`require("./dashvoip-${name}.cjs")`);
    expect(bundle).not.toContain('mqtt-packet');
    expect(bundle).not.toContain('ICE has found no way');
    expect(bundle).not.toContain('BEGIN:VCARD');
    expect(bundle).not.toContain('urn:ietf:params:xml:ns:reginfo');
    expect(bundle).not.toContain('unclosed tag');
    expect(fileOf('dashvoip-more')).toContain('unclosed tag');
    expect(bundle).not.toContain('The SIP listening point.');
    expect(fileOf('dashvoip-web')).toContain('The SIP listening point.');
    expect(Buffer.byteLength(bundle)).toBeLessThanOrEqual(BUDGET);
  });

  it('is the agent alone: the terminal is read for other words than `run`, and needs no agent', () => {
    expect(bundle).not.toContain('usage: dashvoip');
    const terminal = fileOf('dashvoip-terminal');
    expect(terminal).toContain('require("./dashvoip-probe.cjs")');
    expect(terminal).not.toContain('RTP/AVP');
  });

  it('brings no second loader of modules into memory, which takes 3 MB', () => {
    for (const text of built) expect(text.match(/\bimport\(/g)).toBeNull();
  });
});
