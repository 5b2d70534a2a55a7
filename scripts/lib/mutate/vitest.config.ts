import { defineConfig } from 'vitest/config';

/** The unit tests alone, one file at a time in each runner: what Stryker runs (see `scripts/mutate`). */
export default defineConfig({
  test: {
    include: ['test/{agent,config,control,sdp,sip}/**/*.test.ts'],
    testTimeout: 30_000,
  },
});
