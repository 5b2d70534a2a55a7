import { build } from 'esbuild';
import { BUILDS } from './bundling';

for (const options of BUILDS) await build(options);
