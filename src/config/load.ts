import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { check } from '../schema';
import { ConfigException } from './exception';
import { locateJsonError } from './json-error';
import { type Config, configSchema } from './schema';

/** Checks a parsed configuration. @throws ConfigException naming everything that is wrong. */
export function checkConfig(value: unknown, source: string): Config {
  const checked = check(configSchema, value);
  if ('problems' in checked) throw new ConfigException(source, checked.problems);
  return checked.value;
}

/** Reads a configuration file and the password file it names. @throws ConfigException */
export function loadConfig(file: string): Config {
  const config = checkConfig(parseJson(readText(file, file, ''), file), file);
  const { account } = config;
  if (account?.passwordFile === undefined) return config;
  const path = resolve(dirname(file), account.passwordFile);
  const [password = ''] = readText(path, file, 'account.passwordFile').split(/\r?\n/);
  if (password === '') {
    throw new ConfigException(file, [
      {
        path: 'account.passwordFile',
        found: `an empty first line in ${path}`,
        expected: 'the password there',
      },
    ]);
  }
  return { ...config, account: { ...account, password } };
}

/** Files of a configuration that hold its password and that every user of this machine can read. */
export function exposedSecrets(file: string, { account }: Config): string[] {
  const holder =
    account?.passwordFile === undefined ? file : resolve(dirname(file), account.passwordFile);
  return account?.password !== undefined && isReadableByAll(resolve(holder)) ? [holder] : [];
}

/** The file itself, and no folder on the way that keeps others out. */
function isReadableByAll(path: string): boolean {
  const allows = (place: string, bit: number): boolean => (statSync(place).mode & bit) !== 0;
  if (!allows(path, 0o004)) return false;
  let folder = path;
  while (folder !== dirname(folder)) {
    folder = dirname(folder);
    if (!allows(folder, 0o001)) return false;
  }
  return true;
}

function readText(path: string, source: string, setting: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigException(source, [
      { path: setting, found: reason, expected: `a readable file at ${path}` },
    ]);
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { line, column, expected } = locateJsonError(text);
    throw new ConfigException(`${file}:${line}:${column}`, [
      { path: '', found: 'text that is not JSON', expected },
    ]);
  }
}
