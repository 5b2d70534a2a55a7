/** Writes docs/reference from the schemas: `npx tsx scripts/docs/main.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandsReference } from './commands';
import { configurationReference } from './configuration';

const folder = resolve(import.meta.dirname, '../../docs/reference');

mkdirSync(folder, { recursive: true });
for (const [name, text] of [
  ['commands.md', commandsReference()],
  ['configuration.md', configurationReference()],
] as const) {
  writeFileSync(join(folder, name), text);
  console.log(`docs/reference/${name}`);
}
