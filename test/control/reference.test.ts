import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audioCodecTable } from '../../scripts/docs/audio-codecs';
import { commandsReference } from '../../scripts/docs/commands';
import { configurationReference } from '../../scripts/docs/configuration';
import { conformance } from '../../scripts/docs/conformance';
import { jsonSchemaReference } from '../../scripts/docs/json-schema';
import { watchPicture } from '../../scripts/docs/watch-picture';
import { VERSION } from '../../src/platform';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(root, path), 'utf8');

describe('the reference', () => {
  it.each([
    ['docs/reference/commands.md', commandsReference],
    ['docs/reference/configuration.md', configurationReference],
    ['docs/reference/dashvoip.schema.json', jsonSchemaReference],
    ['docs/conformance.md', conformance],
    ['docs/images/watch.svg', watchPicture],
    ['native/include/dashvoip/codec/audio_codec_table.h', audioCodecTable],
  ])('%s is what the schemas say; if not, run "npx tsx scripts/docs/main.ts"', (path, make) => {
    expect(read(path)).toBe(make());
  });
});

describe('the version', () => {
  it('is that of the package', () => {
    expect(JSON.parse(read('package.json')).version).toBe(VERSION);
  });
});
