import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { BUILDS, PAGE_BUILD, PAGE_FILES, PAGE_FOLDER } from './bundling';

for (const options of BUILDS) await build(options);

rmSync(PAGE_FOLDER, { recursive: true, force: true });
await build(PAGE_BUILD);
for (const name of PAGE_FILES) copyFileSync(join('src/page', name), join(PAGE_FOLDER, name));
// Packed once, not by a camera at each request.
for (const name of readdirSync(PAGE_FOLDER)) {
  const path = join(PAGE_FOLDER, name);
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level: 9 }));
}
