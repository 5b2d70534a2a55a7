import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

// JavaScript without types.
const part = (name: string): string => resolve('scripts/lib/mutate', name);
interface Parts {
  readonly FOREIGN: RegExp;
  readonly NOT_RUN: readonly string[];
  readonly bundleTests: (files: readonly string[], outfile: string) => Promise<void>;
}
const { FOREIGN, NOT_RUN, bundleTests }: Parts = await import(part('runner.mjs'));
const collector: object = await import(part('test-collector.mjs'));

const ROOMS = ['sip', 'sdp', 'agent', 'control', 'config'];

it('scripts/mutate has what the tests that it runs take of vitest', () => {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join('test', room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .filter((name) => !NOT_RUN.some((left) => name.endsWith(`${left}.test.ts`)))
      .map((name) => join('test', room, name)),
  );
  const missing = files.flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    if (FOREIGN.test(text)) return [];
    const names = /import \{([^}]*)\} from 'vitest'/.exec(text)?.[1]?.split(',') ?? [];
    return names
      .map((name) => name.trim())
      .filter((name) => name !== '' && !name.startsWith('type ') && !(name in collector))
      .map((name) => `${file}: ${name}`);
  });
  expect(files.length).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

it('scripts/mutate loads the tests that it is to run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dashvoip-mutate-'));
  try {
    const outfile = join(folder, 'tests.mjs');
    await bundleTests(['test/platform/address.test.ts', 'test/schema/check.test.ts'], outfile);
    const { collected } = await import(outfile);
    const files = new Set(collected.tests.map(({ file }: { file: string }) => file));
    expect([...files]).toEqual(['test/platform/address.test.ts', 'test/schema/check.test.ts']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
