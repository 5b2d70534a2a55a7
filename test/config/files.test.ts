import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configWarnings, loadConfig } from '../../src/config';

describe('a password that others can read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dashvoip-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const place = (name: string, value: object, mode: number): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(value));
    chmodSync(path, mode);
    return path;
  };
  const account = { uri: 'sip:a@b', username: 'a' };
  const exposed = (path: string): string[] => {
    const line = /^every user of this machine can read the password in (.+): chmod o-r$/;
    return configWarnings(loadConfig(path), path).map((text) => line.exec(text)?.[1] ?? text);
  };

  it('in the configuration itself or in its file is told', () => {
    chmodSync(folder, 0o755);
    const open = place('open.json', { account: { ...account, password: 'x' } }, 0o644);
    expect(exposed(open)).toEqual([open]);
    expect(exposed(place('shut.json', { account: { ...account, password: 'x' } }, 0o640))).toEqual(
      [],
    );
    const secret = place('secret', { x: 1 }, 0o604);
    const naming = place('naming.json', { account: { ...account, passwordFile: 'secret' } }, 0o644);
    expect(exposed(naming)).toEqual([secret]);
    chmodSync(secret, 0o600);
    expect(exposed(naming)).toEqual([]);
    const list = [{ uri: 'sip:c@d', username: 'c', password: 'x' }];
    const several = place('several.json', { accounts: list }, 0o644);
    expect(exposed(several)).toEqual([several]);
    expect(exposed(place('none.json', { account: { uri: 'sip:a@b' } }, 0o644))).toEqual([]);
  });

  it('of callers, of which there are records alone, is told, too', () => {
    chmodSync(folder, 0o755);
    const path = place('calls.json', { policy: { callersFile: 'those' } }, 0o644);
    expect(exposed(path)).toEqual([]);
    const those = place('those', {}, 0o644);
    expect(exposed(path)).toEqual([
      `every user of this machine can read the password’s record in ${those}: chmod o-r`,
    ]);
  });

  it('is none behind a folder that keeps them out', () => {
    chmodSync(folder, 0o700);
    const path = place('open.json', { account: { ...account, password: 'x' } }, 0o644);
    expect(exposed(path)).toEqual([]);
  });
});

describe('a configuration file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dashvoip-config-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const account = (passwordFile: string): string =>
    JSON.stringify({ account: { uri: 'sip:a@b', username: 'a', passwordFile } });

  it('is read with the password file of each account', () => {
    file('first', 'hunter1');
    const one = { uri: 'sip:a@b', username: 'a', passwordFile: 'first' };
    const good = file('several.json', JSON.stringify({ accounts: [one] }));
    expect(loadConfig(good).accounts.map(({ password }) => password)).toEqual(['hunter1']);
    const lost = JSON.stringify({ accounts: [{ ...one, passwordFile: 'gone' }] });
    expect(() => loadConfig(file('lost.json', lost))).toThrow('accounts[0].passwordFile: found');
  });

  it('is read with the password file of each server of ICE, which nobody else may read', () => {
    file('turn', 'hunter3');
    const servers = [{ uri: 'turn:a', username: 'a', passwordFile: 'turn' }, { uri: 'stun:b' }];
    const path = file('ice.json', JSON.stringify({ media: { ice: { servers } } }));
    const { media } = loadConfig(path);
    expect(media.ice?.servers.map(({ password }) => password)).toEqual(['hunter3', undefined]);
    expect(media.rtpTimeout).toBe(20);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'turn'), 0o644);
    expect(configWarnings(loadConfig(path), path).join()).toContain(join(folder, 'turn'));
    const both = { ...servers[0], password: 'x' };
    const wrong = file('both.json', JSON.stringify({ media: { ice: { servers: [both] } } }));
    expect(() => loadConfig(wrong)).toThrow('expected only one of password and passwordFile');
    const none = file('none.json', JSON.stringify({ media: { ice: { servers: [{ uri: 'x' }] } } }));
    expect(() => loadConfig(none)).toThrow(
      'media.ice.servers[0].uri: found "x", expected a URI as',
    );
  });

  it('is read with the password file beside it', () => {
    file('secret', 'hunter2\r\nsecond line\n');
    expect(loadConfig(file('good.json', account('secret'))).account?.password).toBe('hunter2');
  });

  it('may begin with a byte order mark', () => {
    expect(loadConfig(file('bom.json', '\uFEFF{}')).sip.port).toBe(5060);
  });

  it.each([
    ['{"sip": {"port": 5060,}}', '1:23', 'a key in double quotes'],
    ['{\n  "sip": x\n}', '2:10', 'a value'],
    ['{"sip" 5}', '1:8', '":" after the key'],
    ['{"a": [1 2]}', '1:10', '"," or "]"'],
    ['{"a": 1', '1:8', '"," or "}"'],
    ['{} {}', '1:4', 'nothing more'],
    ['', '1:1', 'a value'],
    ["{'a': 1}", '1:2', 'a key in double quotes'],
  ])('that is not JSON is named with its place: %s', (text, place, expected) => {
    const path = file('broken.json', text);
    expect(() => loadConfig(path)).toThrow(
      `${path}:${place}: found text that is not JSON, expected ${expected}`,
    );
  });

  it('that is not JSON is not quoted', () => {
    const path = file('leak.json', '{"account": {"password": "hunter2" x}}');
    expect(() => loadConfig(path)).toThrow(/^((?!hunter2).)*$/s);
  });

  it('names a file that cannot be read', () => {
    const path = join(folder, 'absent.json');
    expect(() => loadConfig(path)).toThrow(`expected a readable file at ${path}`);
    expect(() => loadConfig(file('no-secret.json', account('absent')))).toThrow(
      /account\.passwordFile: found ENOENT/,
    );
    file('empty', '\n');
    expect(() => loadConfig(file('empty.json', account('empty')))).toThrow(
      /found an empty first line/,
    );
  });
});
