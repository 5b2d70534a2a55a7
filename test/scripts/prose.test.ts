import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { BUILDS } from '../../scripts/lib/bundling';
import { takeProse, withoutProse } from '../../scripts/lib/prose';
import { configSchema } from '../../src/config';
import { COMMANDS, type NOTIFICATIONS } from '../../src/control';
import { jsonSchemaOf, type openWeb } from '../../src/control/web';
import { openSite } from '../control/web/site';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'dashvoip-prose-'));
const load = createRequire(import.meta.url);

interface Declared {
  readonly configSchema: typeof configSchema;
  readonly COMMANDS: typeof COMMANDS;
  readonly NOTIFICATIONS: typeof NOTIFICATIONS;
}

/** What the bundle has of them. */
async function bundled(): Promise<Declared> {
  const outfile = join(folder, 'declared.cjs');
  const contents = `
    export { configSchema } from './src/config';
    export { COMMANDS, NOTIFICATIONS } from './src/control';`;
  await build({
    ...{ bundle: true, platform: 'node', format: 'cjs', external: ['*.node'], outfile },
    ...{ stdin: { contents, resolveDir: ROOT }, plugins: [withoutProse] },
    absWorkingDir: ROOT,
  });
  return load(outfile);
}

/** The file of the page's server. */
async function webFile(): Promise<{
  readonly jsonSchemaOf: typeof jsonSchemaOf;
  readonly openWeb: typeof openWeb;
}> {
  const outfile = join(folder, 'web.cjs');
  const options = BUILDS.find((each) => each.outfile === 'dist/dashvoip-web.cjs');
  await build({ ...options, outfile, sourcemap: false, absWorkingDir: ROOT });
  return load(outfile);
}

/** What is said anywhere in a value by `description`, `summary` or `notes`. */
function saidIn(value: unknown, seen = new Set<unknown>()): string[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && ['description', 'summary', 'notes'].includes(key)
      ? [inner]
      : saidIn(inner, seen),
  );
}

const { files, prose } = takeProse();
const [declared, web] = await Promise.all([bundled(), webFile()]);

afterAll(() => rmSync(folder, { recursive: true }));

describe('sentences of declarations', () => {
  it('are taken out where they are said of a setting, a command or a notification, and nowhere else', () => {
    const said = new Set(saidIn(declared));
    const numbers = Object.keys(prose);
    expect(numbers.length).toBeGreaterThan(250);
    const unsaid = numbers.filter((number) => !said.has(number)).map((number) => prose[number]);
    // Said of the file itself, and told to nobody.
    expect(unsaid).toEqual(['Which version of the keys.']);
    expect(files.size).toBeGreaterThan(30);
  });

  it('are told in full by the page’s server', () => {
    expect(web.jsonSchemaOf(declared.configSchema)).toEqual(jsonSchemaOf(configSchema));
    const schemas = (commands: typeof COMMANDS) =>
      commands.map(({ schema, replySchema }) => [schema, ...(replySchema ? [replySchema] : [])]);
    expect(schemas(declared.COMMANDS).map((each) => each.map(web.jsonSchemaOf))).toEqual(
      schemas(COMMANDS).map((each) => each.map(jsonSchemaOf)),
    );
  });

  it('are told in full of each command, too', async () => {
    const opened = [
      await openSite(),
      await openSite({ commands: declared.COMMANDS }, undefined, web.openWeb),
    ];
    const [fromSource, fromBundle] = await Promise.all(
      opened.map(async (site) => (await site.ask('/api/commands')).json()),
    );
    await Promise.all(opened.map((site) => site.close()));
    expect(fromBundle).toEqual(fromSource);
    expect(JSON.stringify(fromBundle)).toContain(COMMANDS[0]?.summary);
  });
});
