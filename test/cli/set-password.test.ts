import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILDS } from '../../scripts/lib/bundling';
import { isPassword, parseRecord } from '../../src/platform';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-password-'));
const file = join(folder, 'web.password');
afterAll(() => rmSync(folder, { recursive: true }));

const COMMAND = [join(folder, 'dashvoip.cjs'), 'config', 'set-password'];
/** Longer than a busy machine takes; what comes at once is not waited for. */
const IN_TIME = { timeout: 20_000 };

function setPassword(input: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...COMMAND, ...args], {
    ...{ input, encoding: 'utf8', timeout: 20_000 },
  });
  return { code: status, out: stdout, err: stderr };
}

const holds = async (password: string): Promise<boolean> => {
  const record = parseRecord(readFileSync(file, 'utf8')) ?? expect.fail('no record');
  return isPassword(record, password);
};

describe('dashvoip config set-password', () => {
  beforeAll(async () => {
    for (const { outfile = '', ...options } of BUILDS) {
      if (/dashvoip(-terminal)?\.cjs$/.test(outfile))
        await build({ ...options, outfile: join(folder, basename(outfile)) });
    }
    writeFileSync(join(folder, 'agent.json'), '{"web":{"passwordFile":"web.password"}}');
    writeFileSync(join(folder, 'none.json'), '{"web":{}}');
  });

  it('writes the record of the first line of standard input, for its owner alone', async () => {
    const config = join(folder, 'agent.json');
    expect(setPassword('correct horse\nmore\n', '--config', config)).toEqual({
      ...{ code: 0, out: `written to ${file}\n`, err: '' },
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await holds('correct horse')).toBe(true);
    expect(readFileSync(file, 'utf8')).not.toContain('horse');
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  const HELP = '; see "dashvoip config set-password --help"';
  it.each([
    [2, 'short', [file], `password: found 5 characters, expected 8 to 256${HELP}`],
    [2, 'x'.repeat(257), [file], `password: found 257 characters, expected 8 to 256${HELP}`],
    [2, '', [file], 'standard input: found nothing, expected the password; see "dashvoip --help"'],
    [2, 'correct horse', [], `expected FILE, or --config with web.passwordFile in it${HELP}`],
    [
      1,
      'correct horse',
      ['--config', join(folder, 'none.json')],
      `${join(folder, 'none.json')}: web.passwordFile: found nothing, expected the path of the file to write`,
    ],
    [
      1,
      'correct horse',
      ['/proc/nowhere/web.password'],
      "cannot write /proc/nowhere/web.password: ENOENT: no such file or directory, mkdir '/proc/nowhere'",
    ],
  ])('ends with %i for %j and %j, and one line that says why', (code, input, args, message) => {
    expect(setPassword(input, ...args)).toEqual({ code, out: '', err: `dashvoip: ${message}\n` });
  });

  it.skipIf(process.getuid?.() !== 0)(
    'written by root, is for whom the configuration is for',
    () => {
      const config = join(folder, 'package.json');
      writeFileSync(config, '{"web":{"passwordFile":"package.password"}}');
      const record = join(folder, 'package.password');
      const set = () => {
        expect(setPassword('correct horse\n', '--config', config).code).toBe(0);
        const { uid, gid, mode } = statSync(record);
        return [uid, gid, mode & 0o777];
      };
      // As the package installs it: the agent is in the group.
      chownSync(config, 0, 12_345);
      chmodSync(config, 0o640);
      expect(set()).toEqual([0, 12_345, 0o640]);
      // What is there stays whose it is.
      chownSync(record, 12_346, 12_346);
      chmodSync(record, 0o600);
      expect(set()).toEqual([12_346, 12_346, 0o600]);
      rmSync(record);
      chmodSync(config, 0o644);
      expect(set()).toEqual([0, 0, 0o600]);
    },
  );

  it('asks twice on a terminal, and shows nothing of what is typed', async () => {
    const child = spawn(
      'script',
      ['-qec', [process.execPath, ...COMMAND, file].join(' '), '/dev/null'],
      { stdio: 'pipe' },
    );
    let shown = '';
    child.stdout.on('data', (text) => {
      shown += String(text);
    });
    const asked = (question: string) => expect.poll(() => shown, IN_TIME).toContain(question);
    await asked('password of the web page: ');
    child.stdin.write('battery staplex\x7f\r');
    await asked('the same again: ');
    child.stdin.write('battery staple\r');
    await asked(`written to ${file}`);
    expect(shown).not.toContain('staple');
    expect(await holds('battery staple')).toBe(true);
    child.stdin.end();
  });
});
