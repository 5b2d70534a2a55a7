import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

// JavaScript without types.
const part = (name: string): string => resolve('scripts/lib/mutate', name);
const { FOREIGN, NOT_RUN }: { FOREIGN: RegExp; NOT_RUN: readonly string[] } = await import(
  part('runner.mjs')
);
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
