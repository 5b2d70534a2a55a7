import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('scripts/trace puts names and places of the source into a trace of a minified bundle', () => {
  writeFileSync(
    join(folder, 'calls.ts'),
    'export function answerNext(): never {\n  throw new Error("a bug");\n}\n',
  );
  writeFileSync(
    join(folder, 'main.ts'),
    'import { answerNext } from "./calls";\n\nanswerNext();\n',
  );
  const bundle = join(folder, 'dashvoip.cjs');
  execFileSync('npx', [
    ...['--no-install', 'esbuild', join(folder, 'main.ts'), '--bundle', '--platform=node'],
    ...['--format=cjs', '--minify', '--sourcemap=external', `--outfile=${bundle}`],
    '--log-level=error',
  ]);
  let trace = '';
  try {
    execFileSync(process.execPath, [bundle], { stdio: 'pipe' });
  } catch (error) {
    trace = String(Object(error).stderr);
  }
  expect(trace).toMatch(/dashvoip\.cjs:\d+:\d+/);
  const told = execFileSync('scripts/trace', [`${bundle}.map`], { input: trace, encoding: 'utf8' });
  expect(told).toContain('Error: a bug');
  expect(told).toMatch(/at .*\(.*calls\.ts:2:9\)/);
  expect(told).toMatch(/at .*\(.*main\.ts:3:1\)/);
  expect(told).not.toMatch(/at .*dashvoip\.cjs:\d/);
});
