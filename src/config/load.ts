import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { check } from '../schema';
import { accountsOf } from './account';
import { ConfigException } from './exception';
import { locateJsonError } from './json-error';
import { migrate } from './migration';
import { type Config, configSchema } from './schema';

/** A key that is shorter can be guessed from one challenge and its answer. */
const MIN_KEY_LENGTH = 16;

/** Checks a parsed configuration of any version. @throws ConfigException naming everything that is wrong. */
export function checkConfig(value: unknown, source: string): Config {
  const checked = check(configSchema, migrate(value, source).settings);
  if ('problems' in checked) throw new ConfigException(source, checked.problems);
  return checked.value;
}

/** Reads a configuration file alone: files of secrets that it names need not be there. @throws ConfigException */
export function readConfig(file: string): Config {
  return checkConfig(readConfigFile(file), file);
}

/** Reads a configuration file and the files of secrets that it names. @throws ConfigException */
export function loadConfig(file: string): Config {
  const config = readConfig(file);
  const { account, accounts, control, media, mqtt } = config;
  return {
    ...config,
    ...(account ? { account: withPassword(file, 'account', account) } : {}),
    accounts: accounts.map((one, place) => withPassword(file, `accounts[${place}]`, one)),
    ...(control.keyFile === undefined
      ? {}
      : {
          control: {
            ...control,
            key: readSecret(file, 'control.keyFile', control.keyFile, MIN_KEY_LENGTH),
          },
        }),
    ...(media.ice
      ? {
          media: {
            ...media,
            ice: {
              ...media.ice,
              servers: media.ice.servers.map((one, place) =>
                withPassword(file, `media.ice.servers[${place}]`, one),
              ),
            },
          },
        }
      : {}),
    ...(mqtt?.passwordFile === undefined
      ? {}
      : {
          mqtt: {
            ...mqtt,
            password: readSecret(file, 'mqtt.passwordFile', mqtt.passwordFile, 1),
          },
        }),
  };
}

function withPassword<Holder extends { readonly passwordFile?: string }>(
  file: string,
  place: string,
  holder: Holder,
): Holder {
  const { passwordFile } = holder;
  if (passwordFile === undefined) return holder;
  return { ...holder, password: readSecret(file, `${place}.passwordFile`, passwordFile, 1) };
}

/** What a configuration file says, not checked yet. @throws ConfigException for one that is no JSON or not there */
export function readConfigFile(file: string): unknown {
  return parseJson(readText(file, file, ''), file);
}

/** The first line of a file that `setting` of the configuration `file` names. */
function readSecret(file: string, setting: string, named: string, minLength: number): string {
  const path = resolve(dirname(file), named);
  const [secret = ''] = readText(path, file, setting).split(/\r?\n/);
  if (secret.length >= minLength) return secret;
  const found = secret === '' ? `an empty first line in ${path}` : `a short one in ${path}`;
  const expected = minLength > 1 ? `${minLength} characters or more there` : 'the password there';
  throw new ConfigException(file, [{ path: setting, found, expected }]);
}

/** Files that hold a secret and that every user of this machine can read. */
export function exposedSecrets(
  file: string,
  { sip, account, accounts, control, media, mqtt, policy, web }: Config,
): { readonly path: string; readonly what: 'password' | 'key' | 'password’s record' }[] {
  const holder = (named: string | undefined): string =>
    named === undefined ? file : resolve(dirname(file), named);
  return [
    ...[
      ...accountsOf({ ...(account ? { account } : {}), accounts }),
      ...(media.ice?.servers ?? []),
    ].flatMap(({ password, passwordFile }) =>
      password === undefined ? [] : [{ path: holder(passwordFile), what: 'password' as const }],
    ),
    ...(control.key === undefined ? [] : [{ path: holder(control.keyFile), what: 'key' as const }]),
    ...(sip.tls.keyFile === undefined
      ? []
      : [{ path: holder(sip.tls.keyFile), what: 'key' as const }]),
    ...(mqtt?.password === undefined
      ? []
      : [{ path: holder(mqtt.passwordFile), what: 'password' as const }]),
    ...(mqtt?.keyFile === undefined ? [] : [{ path: holder(mqtt.keyFile), what: 'key' as const }]),
    { path: holder(policy.callersFile), what: 'password’s record' as const },
    ...(web?.passwordFile === undefined
      ? []
      : [{ path: holder(web.passwordFile), what: 'password’s record' as const }]),
    ...(web?.tls?.kind === 'file' ? [{ path: holder(web.tls.keyFile), what: 'key' as const }] : []),
  ].filter(({ path }) => isReadableByAll(resolve(path)));
}

/** The file itself, and no folder on the way that keeps others out. */
function isReadableByAll(path: string): boolean {
  // One that is written later, or on a card that is not there yet, is read by nobody.
  const allows = (place: string, bit: number): boolean =>
    ((statSync(place, { throwIfNoEntry: false })?.mode ?? 0) & bit) !== 0;
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
