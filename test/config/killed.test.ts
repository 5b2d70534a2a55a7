import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigStore, loadConfig } from '../../src/config';
import { life } from '../support/mortal-fs';

vi.mock('node:fs', async (original) => {
  const { mortalFs } = await import('../support/mortal-fs');
  return mortalFs(await original<typeof import('node:fs')>());
});

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => life.begin());

const former = { sip: { port: 5070 }, account: { uri: 'sip:car@example.org', password: 'secret' } };

function fileOf(text: string): string {
  const file = join(mkdtempSync(join(folder, 'run-')), 'config.json');
  writeFileSync(file, text, { mode: 0o600 });
  // What a former run was killed at lies about, for everybody to read.
  writeFileSync(`${file}.new`, '{"torn', { mode: 0o644 });
  return file;
}

const storeOf = (file: string): ConfigStore =>
  new ConfigStore(file, loadConfig(file), (_, paths) => paths);
const portIn = (file: string): number => loadConfig(file).sip.port;

describe('a process that is killed while it writes the configuration', () => {
  it.each([0, 0.5, 1])(
    'leaves the former or the new one, whole, at every call of the file system (%d of the write arrives)',
    (arrives) => {
      const found: number[] = [];
      for (let calls = 0; ; calls++) {
        const file = fileOf(JSON.stringify(former));
        const store = storeOf(file);
        store.set('sip.port', 5080);
        life.begin(calls, arrives);
        try {
          store.set('sip.port', 5090);
        } catch {
          // Nobody is there any more to hear it.
        }
        const wasKilled = life.isOver;
        life.begin();
        found.push(portIn(file));
        expect([5080, 5090]).toContain(portIn(file));
        // What was kept is whole, too, and nothing of it is for others to read.
        expect([5070, 5080]).toContain(portIn(`${file}.last`));
        for (const name of readdirSync(join(file, '..'))) {
          const { mode } = statSync(join(file, '..', name));
          const text = readFileSync(join(file, '..', name), 'utf8');
          expect([name, text.includes('secret') && (mode & 0o077) !== 0]).toEqual([name, false]);
        }
        // The next one starts from there.
        storeOf(file).set('sip.port', 5100);
        expect(portIn(file)).toBe(5100);
        if (!wasKilled) break;
      }
      // Killed at twelve calls at least; before the last rename it is the former one, then the new one.
      expect(found.length).toBeGreaterThan(12);
      expect(found).toEqual([...found].sort());
      expect(new Set(found)).toEqual(new Set([5080, 5090]));
    },
  );
});

describe('a root that cannot be written', () => {
  it('is told, and what was in force stays so', () => {
    const file = fileOf(JSON.stringify(former));
    const store = storeOf(file);
    life.isReadOnly = true;
    expect(() => store.set('policy.autoAnswer', true)).toThrow(
      `cannot write ${file}: EROFS: read-only file system`,
    );
    expect(store.get('policy.autoAnswer')).toBe(false);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(former);
  });
});
