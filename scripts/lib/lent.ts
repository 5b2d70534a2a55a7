import { resolve } from 'node:path';
import type { Plugin } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');

/** Files of which those that load on demand have no copy: they take what the running bundle has, so that an error is known by its class. */
export const LENT: readonly string[] = [
  'src/agent/exception.ts',
  'src/sip/transport/flow.ts',
  'src/sip/transport/stream.ts',
];

const nameOf = (path: string): string => `'${path.slice('src/'.length, -'.ts'.length)}'`;

/** Where the bundle begins: its program, and what it lends, each by its file, which does not run before it is asked for. */
export const LENDING_ENTRY = [
  "require('./src/cli/index.ts');",
  ...LENT.map((path) => `exports[${nameOf(path)}] = () => require('./${path}');`),
].join('\n');

/**
 * For files that load on demand. The bundle is asked as the main module of the process, not by its path: that is the one
 * that runs, whatever link or folder it was started from; another copy of it would be another agent.
 */
export const borrowing: Plugin = {
  name: 'what the bundle lends is taken from it',
  setup: ({ onLoad, onResolve }) => {
    const namespace = 'lent';
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const lent = LENT.find((each) => resolve(resolveDir, `${path}.ts`) === resolve(ROOT, each));
      return lent === undefined ? undefined : { path: lent, namespace, sideEffects: false };
    });
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `module.exports = require.main.exports[${nameOf(path)}]();`,
    }));
  },
};
