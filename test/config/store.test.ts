import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Config, ConfigStore, checkConfig, loadConfig } from '../../src/config';

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** A store over a file with `value`, where what lies below `live` can be put in force at once. */
function store(value: object, live: RegExp = /^policy/) {
  const file = join(folder, `config-${++files}.json`);
  writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
  const told: { config: Config; paths: readonly string[] }[] = [];
  const made = new ConfigStore(file, loadConfig(file), (config, paths) => {
    told.push({ config, paths });
    return paths.filter((path) => live.test(path));
  });
  const written = (): unknown => JSON.parse(readFileSync(file, 'utf8'));
  return { store: made, file, told, written };
}

describe('what is configured', () => {
  const ACCOUNT = { uri: 'sip:car@example.org', username: 'car', password: 'secret' };

  it('is told with its defaults and without its secrets', () => {
    const { store: made } = store({ account: ACCOUNT });
    expect(made.get('account')).toEqual({
      uri: 'sip:car@example.org',
      username: 'car',
      expires: 300,
      messageWaiting: false,
      publishPresence: false,
    });
    expect(made.get('account.password')).toBeUndefined();
    expect(made.get('sip.port')).toBe(5060);
    expect(JSON.stringify(made.get())).not.toContain('secret');
  });

  it('is told of several accounts without their secrets', () => {
    const { store: made } = store({ accounts: [{ ...ACCOUNT, name: 'first' }] });
    expect(made.get('accounts')).toEqual([
      {
        uri: ACCOUNT.uri,
        username: 'car',
        name: 'first',
        expires: 300,
        messageWaiting: false,
        publishPresence: false,
      },
    ]);
  });

  it.each([
    ['sip.prot', 'expected one of sip.address, sip.port'],
    ['nothing', 'expected one of sip, account'],
    ['sip.port.x', 'expected nothing below sip.port'],
    ['__proto__', 'expected one of sip'],
    ['', 'expected one of sip'],
  ])('has no %j, which says what there is', (path, words) => {
    expect(() => store({}).store.get(path)).toThrow(words);
  });

  it('is checked as a whole', () => {
    const { store: made } = store({});
    expect(made.check({ log: { level: 'loud' } })).toEqual([
      { path: 'log.level', found: '"loud"', expected: '"error" or "warn" or "info" or "debug"' },
    ]);
    expect(made.check({})).toEqual([]);
  });
});

describe('one setting', () => {
  it('is written, with the former file beside it, and put in force', () => {
    const { store: made, file, told, written } = store({ sip: { port: 0 } });
    expect(made.set('policy.autoAnswer', true)).toEqual({
      applied: ['policy.autoAnswer'],
      restart: [],
    });
    expect(written()).toEqual({ sip: { port: 0 }, policy: { autoAnswer: true } });
    expect(JSON.parse(readFileSync(`${file}.last`, 'utf8'))).toEqual({ sip: { port: 0 } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.new`)).toBe(false);
    expect(told).toHaveLength(1);
    expect(told[0]?.config.policy.autoAnswer).toBe(true);
    expect(made.get('policy.autoAnswer')).toBe(true);
  });

  it('is taken out by null', () => {
    const { store: made, written } = store({ policy: { autoAnswer: true, doNotDisturb: true } });
    made.set('policy.autoAnswer', null);
    expect(written()).toEqual({ policy: { doNotDisturb: true } });
  });

  it('that is wrong leaves file and force as they were', () => {
    const { store: made, file, told, written } = store({});
    expect(() => made.set('sip.port', 99_999)).toThrow('found 99999, expected a whole number');
    expect(written()).toEqual({});
    expect(existsSync(`${file}.last`)).toBe(false);
    expect(told).toEqual([]);
  });

  it.each([
    ['account.password', 'new'],
    ['account', { uri: 'sip:car@example.org', password: 'new' }],
    ['accounts', [{ uri: 'sip:van@example.org', password: 'new' }]],
  ])('is no secret: %s', (path, value) => {
    const { store: made, file } = store({ account: { uri: 'sip:car@example.org' } });
    expect(() => made.set(path, value)).toThrow(/put it into a file of mode 0600/);
    expect(readFileSync(file, 'utf8')).not.toContain('new');
  });

  it.each([
    ['account', { uri: 'sip:car@example.org' }],
    ['accounts', [{ uri: 'sip:van@example.org' }]],
  ])('of several members keeps a password that stands there: %s', (path, value) => {
    const held = Array.isArray(value)
      ? [{ ...value[0], password: 'old' }]
      : { ...value, password: 'old' };
    const { store: made, written } = store({ [path]: held });
    expect(() => made.set(path, value)).toThrow('a password stands there, which would be lost');
    expect(written()).toEqual({ [path]: held });
    made.set(path, null);
    expect(written()).toEqual({});
  });

  it('is written to where a link leads, which stays one', () => {
    const { file } = store({});
    const link = join(folder, `link-${files}.json`);
    symlinkSync(file, link);
    const made = new ConfigStore(link, loadConfig(link), () => []);
    made.set('policy.autoAnswer', true);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ policy: { autoAnswer: true } });
    expect(existsSync(`${file}.last`)).toBe(true);
  });

  it.each([
    ['{"policy":', 'text that is not JSON'],
    ['[1]', 'found [1], expected an object'],
    [undefined, 'ENOENT'],
  ])('is not written into a file that says %j by now', (text, words) => {
    const { store: made, file } = store({});
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
    expect(() => made.set('policy.autoAnswer', true)).toThrow(words);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(text);
    expect(made.get('policy.autoAnswer')).toBe(false);
  });

  it('cannot be set where there is no file', () => {
    const none = new ConfigStore(undefined, checkConfig({}, 'defaults'), () => []);
    expect(() => none.set('policy.autoAnswer', true)).toThrow('--config FILE');
    expect(() => none.reload()).toThrow('--config FILE');
  });
});

describe('a file that was edited', () => {
  it('is put in force as far as it can be, and says what waits for the next start, until it is taken back', () => {
    const { store: made, file } = store({});
    const edit = (value: object): void => writeFileSync(file, JSON.stringify(value));
    edit({ policy: { autoAnswer: true }, sip: { port: 5070 } });
    expect(made.reload()).toEqual({ applied: ['policy.autoAnswer'], restart: ['sip.port'] });
    expect(made.reload()).toEqual({ applied: [], restart: [] });
    edit({ policy: { autoAnswer: true } });
    expect(made.reload()).toEqual({ applied: [], restart: [] });
  });

  it('and is wrong changes nothing', () => {
    const { store: made, file, told } = store({});
    writeFileSync(file, '{"policy":');
    expect(() => made.reload()).toThrow('text that is not JSON');
    writeFileSync(file, '{"policy":{"autoAnswer":1}}');
    expect(() => made.reload()).toThrow('policy.autoAnswer: found 1, expected true or false');
    expect(told).toEqual([]);
    expect(made.get('policy.autoAnswer')).toBe(false);
  });

  it('tells of a password by its path alone', () => {
    const account = { uri: 'sip:car@example.org', username: 'car' };
    const { store: made, file } = store({ account: { ...account, password: 'one' } }, /^account/);
    writeFileSync(file, JSON.stringify({ account: { ...account, password: 'two' } }));
    expect(made.reload()).toEqual({ applied: ['account.password'], restart: [] });
  });
});
