import { defineConfig } from 'vitest/config';

/** Of the board's tests those that need no call on an emulated machine. */
const TARGET = ['boot', 'node-versions', 'qemu-user', 'size'].map(
  (name) => `test/board/${name}.test.ts`,
);

/**
 * `unit` touches no network and waits for nothing; `interop` starts real phones, one call at a time; `package`
 * checks the Buildroot recipe; `target` what is built for a camera; `board` makes calls on virtual boards.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/interop/**', 'test/package/**', 'test/board/**'],
          testTimeout: 30_000,
          // What is awaited comes late on a busy machine: the second that vitest gives is not a verdict.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          // Real phones on a shared machine: a stall of some 50 ms spoils a recording. Twice is a failure.
          retry: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
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
        },
      },
    ],
  },
});
