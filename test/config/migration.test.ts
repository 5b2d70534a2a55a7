import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { ConfigStore, checkConfig, configWarnings, loadConfig } from '../../src/config';

// Two changes of keys that have not been made: answerAtOnce, answerSoon, autoAnswer.
vi.mock('../../src/config/steps', () => {
  const renamed = (from: string, to: string) => (former: Readonly<Record<string, unknown>>) => {
    const policy = Object(former.policy);
    const { [from]: value, ...others } = policy;
    return value === undefined ? former : { ...former, policy: { ...others, [to]: value } };
  };
  return { STEPS: [renamed('answerAtOnce', 'answerSoon'), renamed('answerSoon', 'autoAnswer')] };
});

const folder = mkdtempSync(join(tmpdir(), 'dashvoip-migration-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function fileWith(value: object): string {
  const file = join(folder, `config-${++files}.json`);
  writeFileSync(file, JSON.stringify(value), { mode: 0o640 });
  return file;
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const storeOf = (file: string): ConfigStore =>
  new ConfigStore(file, loadConfig(file), (_, paths) => paths);

describe('a configuration of a former version', () => {
  it.each([
    [{ policy: { answerAtOnce: true }, sip: { port: 0 } }, 1],
    [{ version: 1, policy: { answerAtOnce: true }, sip: { port: 0 } }, 1],
    [{ version: 2, policy: { answerSoon: true }, sip: { port: 0 } }, 2],
  ])('is read in its own keys, which is told: %j', (value, version) => {
    const file = fileWith(value);
    const config = loadConfig(file);
    expect([config.policy.autoAnswer, config.sip.port]).toEqual([true, 0]);
    expect(configWarnings(config, file)).toEqual([
      expect.stringContaining(`${file} is of version ${version}, and is read as one of 3`),
    ]);
    // Reading writes nothing.
    expect(json(file)).toEqual(value);
  });

  it('is written in today’s keys with the first setting, and kept as it was', () => {
    const former = { policy: { answerAtOnce: true }, sip: { port: 0 } };
    const file = fileWith(former);
    const store = storeOf(file);
    expect(store.set('policy.doNotDisturb', true)).toEqual({
      applied: ['policy.doNotDisturb'],
      restart: [],
    });
    const policy = { autoAnswer: true, doNotDisturb: true };
    expect(json(file)).toEqual({ version: 3, policy, sip: { port: 0 } });
    expect(json(`${file}.v1`)).toEqual(former);
    expect(json(`${file}.last`)).toEqual(former);
    expect(statSync(`${file}.v1`).mode & 0o777).toBe(0o640);
    store.set('sip.port', 5070);
    expect(json(`${file}.v1`)).toEqual(former);
    expect(existsSync(`${file}.v3`)).toBe(false);
    expect(configWarnings(loadConfig(file), file)).toEqual([]);
  });

  it('is checked in its own keys, too', () => {
    expect(storeOf(fileWith({})).check({ policy: { answerAtOnce: 1 } })).toEqual([
      { path: 'policy.autoAnswer', found: '1', expected: 'true or false' },
    ]);
    expect(() => checkConfig({ version: 3, policy: { answerAtOnce: true } }, 'f')).toThrow(
      'policy.answerAtOnce: found an unknown key',
    );
  });

  it('whose settings have any form is refused in words, not by its steps', () => {
    for (const value of [{ policy: 5 }, { policy: [] }, { policy: null }]) {
      expect(() => checkConfig(value, 'f')).toThrow('policy: found');
    }
    expect(() => checkConfig([], 'f')).toThrow('found [], expected an object');
  });
});

describe('a version', () => {
  it('to come is refused, with where to go from there, whatever else the file says', () => {
    const file = fileWith({ version: 4, policy: { perhaps: true } });
    const words = `${file}: version: found 4, expected 3 at most, the newest version that this dashvoip knows: a newer one wrote the file, and kept the former one beside it`;
    expect(() => loadConfig(file)).toThrow(words);
    const store = new ConfigStore(file, checkConfig({}, 'defaults'), () => []);
    expect(() => store.set('policy.autoAnswer', true)).toThrow(words);
    expect(json(file)).toEqual({ version: 4, policy: { perhaps: true } });
  });

  it.each([
    ['two', '"two"'],
    [0, '0'],
    [1.5, '1.5'],
    [null, 'null'],
    [1e300, '1e+300'],
  ])('is a whole number from 1: %j is none', (version, found) => {
    expect(() => checkConfig({ version }, 'f')).toThrow(`version: found ${found}, expected `);
  });

  it('is no setting', () => {
    const file = fileWith({ version: 3 });
    const store = storeOf(file);
    expect(() => store.set('version', 1)).toThrow('path: found "version", expected one of sip');
    expect(store.get()).not.toHaveProperty('version');
  });
});
