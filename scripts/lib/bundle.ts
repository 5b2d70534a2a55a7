import { build } from 'esbuild';
import { BUILDS } from './bundling';

<<<<<<< HEAD
for (const options of BUILDS) await build(options);
=======
/** Ways in that load when they are configured: each a file of its own beside the bundle. */
export const SURFACES: readonly string[] = ['web'];

const outFile = (surface: string): string => `dashvoip-${surface}.cjs`;

/** `import('./control/NAME')` of a surface becomes one of its file, when it runs. */
const onDemand: Plugin = {
  name: 'surfaces on demand',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\/control\/\w+$/ }, ({ kind, path }) => {
      const name = path.slice('./control/'.length);
      if (kind !== 'dynamic-import' || !SURFACES.includes(name)) return undefined;
      return { path: `./${outFile(name)}`, external: true };
    });
  },
};

const common = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node16.20',
  minify: true,
  sourcemap: 'external',
  legalComments: 'none',
  logLevel: 'warning',
} as const;

await build({
  ...common,
  entryPoints: ['src/cli/index.ts'],
  external: ['*.node'],
  banner: { js: '#!/usr/bin/env node' },
  plugins: [onDemand],
  outfile: 'dist/dashvoip.cjs',
});
for (const name of SURFACES) {
  await build({
    ...common,
    entryPoints: [`src/control/${name}/index.ts`],
    outfile: `dist/${outFile(name)}`,
  });
}
>>>>>>> 154b9e5 (control/web: a server for the web page: commands, events, log, login, within bounds; loaded only when configured)
