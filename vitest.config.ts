import { defineConfig } from 'vitest/config';

/**
 * `unit` touches no network and waits for nothing; `interop` starts real phones, one call at a time; `package`
 * checks the Buildroot recipe; `board` boots virtual boards.
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
          name: 'board',
          include: ['test/board/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
