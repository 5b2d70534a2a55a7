/** Writes what is made from the schemas, tables and views of src, and of what the tests say of themselves: `npx tsx scripts/docs/main.ts`. */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { audioCodecTable } from './audio-codecs';
import { commandsReference } from './commands';
import { configurationReference } from './configuration';
import { conformance } from './conformance';
import { jsonSchemaReference } from './json-schema';
import { watchPicture } from './watch-picture';

const root = resolve(import.meta.dirname, '../..');

for (const [path, text] of [
  ['docs/reference/commands.md', commandsReference()],
  ['docs/reference/configuration.md', configurationReference()],
  ['docs/reference/dashvoip.schema.json', jsonSchemaReference()],
  ['docs/conformance.md', conformance()],
  ['docs/images/watch.svg', watchPicture()],
  ['native/include/dashvoip/codec/audio_codec_table.h', audioCodecTable()],
] as const) {
  writeFileSync(join(root, path), text);
  console.log(path);
}
