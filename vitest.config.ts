import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const UNIT = 'test/**/*.test.ts';
const OTHER_STAGES = ['test/interop/**', 'test/package/**', 'test/board/**'];
/** Unit tests that put something in the place of modules or globals, which others must not meet. */
const REPLACES = /import \{[^}]*\bvi\b[^}]*\} from 'vitest'/;
const APART = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name}`)
  .filter((name) => name.endsWith('.test.ts') && REPLACES.test(readFileSync(name, 'utf8')));

/** Of the board's tests those that need no call on an emulated machine. */
const TARGET = ['boot', 'node-versions', 'qemu-user', 'size'].map(
  (name) => `test/board/${name}.test.ts`,
);

/** Calls whose verdicts are of signalling: they mostly wait for timers, and disturb each other's sound only. */
const TOGETHER = [
  ...['accounts', 'bad-luck', 'hard-cases', 'mailbox', 'message', 'mqtt', 'outbound', 'peer-gone'],
  ...['callers', 'keys', 'registrar', 'sipp', 'tcp', 'tls', 'transfer'],
].map((name) => `test/interop/${name}.test.ts`);
/** Real phones on a shared machine: a stall of some 50 ms spoils a recording. Twice is a failure. */
const WITH_PHONES = { pool: 'forks', retry: 1, testTimeout: 60_000, hookTimeout: 60_000 } as const;

/** What is awaited comes late on a busy machine: the second that vitest gives is not a verdict. */
const PATIENT = { testTimeout: 120_000, expect: { poll: { timeout: 30_000 } } };

/**
 * `unit` touches no network and waits for nothing; `interop` starts real phones, one call at a time where sound or
 * picture is measured; `package` checks the Buildroot recipe; `target` what is built for a camera; `board` makes calls on virtual boards.
 */
export default defineConfig({
  test: {
    // Vitest leaves one core idle, which is half of a machine that has two.
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          name: 'unit',
          include: [UNIT],
          exclude: [...OTHER_STAGES, ...APART],
          // No module of src/ keeps a state: a worker loads each once, and not again for each of 240 files.
          isolate: false,
          ...PATIENT,
        },
      },
      { test: { name: 'unit-apart', include: APART, exclude: OTHER_STAGES, ...PATIENT } },
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          exclude: TOGETHER,
          fileParallelism: false,
          ...WITH_PHONES,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'interop-together',
          include: TOGETHER,
          maxWorkers: 3,
          ...WITH_PHONES,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: { name: 'package', include: ['test/package/**/*.test.ts'], testTimeout: 60_000 },
      },
      {
        test: {
          name: 'target',
          include: TARGET,
          pool: 'forks',
          fileParallelism: false,
          // An emulated processor beside other work.
          retry: 1,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'board',
          include: ['test/board/**/*.test.ts'],
          exclude: TARGET,
          pool: 'forks',
          fileParallelism: false,
          retry: 1,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
