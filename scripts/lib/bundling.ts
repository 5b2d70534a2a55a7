import { basename, resolve } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import { borrowing, LENDING_ENTRY } from './lent';
import { withoutProse, withProse } from './prose';

const ROOT = resolve(import.meta.dirname, '../..');

/** Ways in that load when they are configured: each a file of its own beside the bundle. */
export const SURFACES: readonly string[] = ['mqtt', 'web'];

/** What the agent seldom needs, by `import('./NAME')` beside it: all in one file that is loaded then. Of classes it shares those of `LENT`. */
export const SELDOM: readonly string[] = [
  'src/agent/browser-call.ts',
  'src/agent/caller-proof.ts',
  'src/agent/watching.ts',
  'src/agent/focus-watch.ts',
  'src/agent/live-sign.ts',
  'src/agent/naming.ts',
  'src/agent/phone-book/card-file.ts',
  'src/agent/help/kit.ts',
  'src/media/sctp-module.ts',
  'src/sdp/h265.ts',
  'src/sip/invite/enclosures.ts',
  'src/sip/publication/publication.ts',
  'src/sip/transport/sctp-sockets.ts',
  'src/sip/transport/self-made.ts',
  'src/sip/transport/tls-sockets.ts',
];
/** What is configured often, and takes little beside what is above: each in a file of its own, by the file's name. */
export const APART: Readonly<Record<string, string>> = {
  tls: 'src/sip/transport/tls-transport.ts',
};
/** By what stands in `import('./NAME')`. */
const FILES: ReadonlyMap<string, string> = new Map([
  ...SELDOM.map((path) => [basename(path, '.ts'), 'more'] as const),
  ...Object.entries(APART).map(([file, path]) => [basename(path, '.ts'), file] as const),
  ...['terminal', 'ice', 'zrtp'].map((name) => [name, name] as const),
]);

const outFile = (name: string): string => `dashvoip-${name}.cjs`;

/** `import('./NAME')` of what is seldom needed, and of those, becomes that of its file, when it runs. */
const seldomOnDemand: Plugin = {
  name: 'what is seldom needed loads on demand',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\/[\w-]+$/ }, ({ kind, path }) => {
      const file = FILES.get(path.slice('./'.length));
      if (kind !== 'dynamic-import' || file === undefined) return undefined;
      return { path: `./${outFile(file)}`, external: true };
    });
  },
};

/** `import('./control/NAME')` of a surface, and that of the probe, too. */
const onDemand: Plugin = {
  name: 'what loads on demand',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.\/probe$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${outFile('probe')}`, external: true } : undefined,
    );
    onResolve({ filter: /^\.\/control\/\w+$/ }, ({ kind, path }) => {
      const name = path.slice('./control/'.length);
      if (kind !== 'dynamic-import' || !SURFACES.includes(name)) return undefined;
      return { path: `./${outFile(name)}`, external: true };
    });
  },
};

/**
 * Of the mqtt package the client alone: our streams are sockets of `net` and `tls`, so that its ways to connect (WebSocket,
 * SOCKS) go; what Node has comes from Node; nobody reads its debug lines; and its timers for browsers are none of ours.
 */
const IN_PLACE: Readonly<Record<string, string>> = {
  './lib/connect': '',
  'worker-timers': '',
  debug: 'const silent = () => {}; module.exports = () => silent;',
  inherits: "module.exports = require('util').inherits;",
  'readable-stream': "module.exports = require('stream');",
};
const smallMqtt: Plugin = {
  name: 'the mqtt client alone',
  setup: ({ onLoad, onResolve }) => {
    const namespace = 'in-place';
    onResolve({ filter: /./ }, ({ importer, path }) =>
      importer.includes('/node_modules/') && Object.hasOwn(IN_PLACE, path)
        ? { path, namespace }
        : undefined,
    );
    onLoad({ filter: /./, namespace }, ({ path }) => ({ contents: IN_PLACE[path] ?? '' }));
  },
};

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node16.20',
  // Node's own brings a loader of 3 MB along with the first file that it loads; `require` is there already.
  supported: { 'dynamic-import': false },
  minify: true,
  sourcemap: 'external',
  legalComments: 'none',
  logLevel: 'warning',
} satisfies BuildOptions;

/** What esbuild makes: the bundle, terminal and probe, which no agent needs, and a file for each thing that loads on demand. */
export const BUILDS: readonly (BuildOptions & typeof common)[] = [
  {
    ...common,
    stdin: { contents: LENDING_ENTRY, resolveDir: ROOT },
    external: ['*.node'],
    banner: { js: '#!/usr/bin/env node' },
    plugins: [seldomOnDemand, onDemand, withoutProse],
    outfile: 'dist/dashvoip.cjs',
  },
  {
    ...common,
    entryPoints: ['src/probe/index.ts'],
    external: ['*.node'],
    outfile: `dist/${outFile('probe')}`,
  },
  {
    ...common,
    entryPoints: ['src/cli/terminal.ts'],
    external: ['*.node'],
    plugins: [onDemand],
    outfile: `dist/${outFile('terminal')}`,
  },
  {
    ...common,
    entryPoints: ['src/zrtp/index.ts'],
    plugins: [borrowing],
    outfile: `dist/${outFile('zrtp')}`,
  },
  {
    ...common,
    stdin: {
      contents: SELDOM.map((path) => `export * from './${path}';`).join('\n'),
      resolveDir: ROOT,
    },
    plugins: [borrowing],
    outfile: `dist/${outFile('more')}`,
  },
  {
    ...common,
    entryPoints: ['src/agent/ice/index.ts'],
    plugins: [borrowing],
    outfile: `dist/${outFile('ice')}`,
  },
  ...Object.entries(APART).map(([name, path]) => ({
    ...common,
    entryPoints: [path],
    plugins: [seldomOnDemand, borrowing],
    outfile: `dist/${outFile(name)}`,
  })),
  ...SURFACES.map((name) => ({
    ...common,
    entryPoints: [`src/control/${name}/index.ts`],
    plugins: [smallMqtt, withProse],
    outfile: `dist/${outFile(name)}`,
  })),
];

/** The folder that the web page is served from. */
export const PAGE_FOLDER = 'dist/page';
/** What of the page is as it is written. */
export const PAGE_FILES: readonly string[] = ['index.html', 'icon.svg'];

/** The page in the browser: those of the last three years. */
export const PAGE_BUILD = {
  bundle: true,
  platform: 'browser',
  format: 'esm',
  target: ['es2022', 'chrome110', 'firefox110', 'safari16.4'],
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  entryPoints: [
    { in: 'src/page/main.tsx', out: 'page' },
    { in: 'src/page/page.css', out: 'page' },
  ],
  outdir: PAGE_FOLDER,
} satisfies BuildOptions;
