import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUILDS } from '../../scripts/lib/bundling';
import { parseCallers, withCaller } from '../../src/platform';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-caller-'));
const config = join(folder, 'agent.json');
const file = join(folder, 'callers');
afterAll(() => rmSync(folder, { recursive: true }));

const COMMAND = [join(folder, 'dashvoip.cjs'), 'config', 'set-caller'];

function setCaller(input: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...COMMAND, ...args], {
    ...{ input, encoding: 'utf8', timeout: 20_000 },
  });
  return { code: status, out: stdout, err: stderr };
}

const ACCOUNTS = [{ uri: 'sip:van@example.net' }, { uri: 'sip:bus@example.org' }];

describe('dashvoip config set-caller', () => {
  beforeAll(async () => {
    for (const { outfile = '', ...options } of BUILDS) {
      if (/dashvoip(-terminal)?\.cjs$/.test(outfile))
        await build({ ...options, outfile: join(folder, basename(outfile)) });
    }
    const account = { uri: 'sip:car@example.org' };
    writeFileSync(config, JSON.stringify({ account, accounts: ACCOUNTS }));
  });

  it('writes a line for each realm, for its owner alone', () => {
    expect(setCaller('correct horse\nmore\n', 'mother', '--config', config)).toEqual({
      code: 0,
      out: `written to ${file}: sip:mother@example.org, sip:mother@example.net\n`,
      err: '',
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'utf8');
    expect(text).toBe(withCaller('', 'mother', ['example.org', 'example.net'], 'correct horse'));
  });

  it('leaves others as they are, and gives the same one another password', () => {
    const before = readFileSync(file, 'utf8');
    const args = ['friend', '--config', config, '--json'];
    expect(JSON.parse(setCaller('battery staple\n', ...args).out)).toEqual({
      ...{ ok: true, file, callers: ['sip:friend@example.org', 'sip:friend@example.net'] },
    });
    expect(readFileSync(file, 'utf8').startsWith(before)).toBe(true);
    expect(setCaller('another one\n', 'mother', '--config', config).code).toBe(0);
    const after = readFileSync(file, 'utf8');
    expect(parseCallers(after).callers).toHaveLength(4);
    expect(after).not.toContain(before.split('\n')[0]);
  });

  it('takes file and realm from the policy', () => {
    const other = join(folder, 'other.json');
    const policy = { callersFile: 'mine', callersRealm: 'house' };
    writeFileSync(other, JSON.stringify({ policy }));
    expect(setCaller('correct horse\n', 'mother', '--config', other).out).toBe(
      `written to ${join(folder, 'mine')}: sip:mother@house\n`,
    );
  });

  const HELP = '; see "dashvoip config set-caller --help"';
  it.each([
    [['mother'], 'correct horse', `expected --config, which says where callers are kept${HELP}`],
    [
      ['mo:ther', '--config', config],
      'correct horse',
      `NAME: found "mo:ther", expected up to 64 letters, digits and marks, as "mother"${HELP}`,
    ],
    [
      ['mother', '--config', config],
      'short',
      `password: found 5 characters, expected 8 to 256${HELP}`,
    ],
  ])('is told how to ask by %j', (args, input, message) => {
    expect(setCaller(input, ...args)).toEqual({ code: 2, out: '', err: `dashvoip: ${message}\n` });
  });
});
