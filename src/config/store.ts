import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  describeField,
  entriesOf,
  itemOf,
  type Problem,
  property,
  type Schema,
  schemaAt,
} from '../schema';
import { ConfigException } from './exception';
import { checkConfig, loadConfig, readConfigFile } from './load';
import { migrate, NEWEST_VERSION, withVersion } from './migration';
import { type Config, configSchema } from './schema';

/** A setting that was asked for and cannot be had, in words. */
export class SettingException extends Error {
  override readonly name = 'SettingException';
  constructor(
    /** What of the question is wrong. */
    readonly about: 'path' | 'value' | 'file',
    message: string,
  ) {
    super(message);
  }
}

/** Settings that changed, by what becomes of them. */
export interface Change {
  readonly applied: readonly string[];
  readonly restart: readonly string[];
}

/** Puts in force what of `paths` it can, and returns those. */
export type Apply = (config: Config, paths: readonly string[]) => readonly string[];

/** The configuration that is in force, and the file that it comes from. */
export class ConfigStore {
  readonly #file: string | undefined;
  readonly #apply: Apply;
  #config: Config;
  /** Settings that wait for the next start stay listed until they are taken back. */
  readonly #inForce: Config;

  /** @param file none where the agent was started without one: nothing can be set then. */
  constructor(file: string | undefined, config: Config, apply: Apply) {
    this.#file = file;
    this.#config = config;
    this.#inForce = config;
    this.#apply = apply;
  }

  /** What stands at `path`, secrets left out. @throws SettingException for a path that there is not. */
  get(path?: string): unknown {
    const shown = withoutSecrets(configSchema, this.#config);
    if (path === undefined) return shown;
    const steps = stepsOf(path);
    knownSchema(steps, this.#config);
    return steps.reduce(property, shown);
  }

  /** What is wrong with a whole configuration. */
  check(value: unknown): readonly Problem[] {
    try {
      checkConfig(value, '');
      return [];
    } catch (error) {
      if (error instanceof ConfigException) return error.problems;
      throw error;
    }
  }

  /** Writes one setting and puts it in force; null takes it out. @throws SettingException, and ConfigException for the value */
  set(path: string, value: unknown): Change {
    const file = this.#writableFile();
    const steps = stepsOf(path);
    const schema = knownSchema(steps, this.#config);
    const written = inFile(() => readConfigFile(file));
    const { settings, version } = inFile(() => migrate(written, file));
    // A file that is no object at all is not written over.
    const changed = isPlain(settings) ? withMember(settings, steps, value) : settings;
    checkConfig(changed, file);
    if (describeField(schema).secret || !isDeepStrictEqual(withoutSecrets(schema, value), value)) {
      throw new SettingException(
        'path',
        `${path}: no secret is taken here; put it into a file of mode 0600 and name that in account.passwordFile`,
      );
    }
    // What is not shown cannot be given back by who has it changed.
    const former = steps.reduce(property, settings);
    if (value !== null && !isDeepStrictEqual(withoutSecrets(schema, former), former)) {
      throw new SettingException(
        'path',
        `${path}: a password stands there, which would be lost; put it into a file of mode 0600 and name that in passwordFile`,
      );
    }
    const text = `${JSON.stringify(withVersion(changed, written), null, 2)}\n`;
    writeConfigFile(file, text, version === NEWEST_VERSION ? ['last'] : ['last', `v${version}`]);
    return this.reload();
  }

  /** Puts in force what the file says by now. @throws SettingException: what was in force stays so */
  reload(): Change {
    const file = this.#writableFile();
    const config = inFile(() => loadConfig(file));
    const changed = changedPaths(this.#config, config);
    this.#config = config;
    const applied = this.#apply(config, changed);
    const waits = changedPaths(this.#inForce, config).filter((path) => !applied.includes(path));
    return { applied, restart: changed.filter((path) => waits.includes(path)) };
  }

  #writableFile(): string {
    if (this.#file !== undefined) return this.#file;
    throw new SettingException(
      'file',
      'the agent was started without a configuration file; start it with --config FILE',
    );
  }
}

/** What is wrong in the file is no fault of whoever asked. */
function inFile<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigException) throw new SettingException('file', error.message);
    throw error;
  }
}

/** `policy.autoAnswer` as steps; a list is set as a whole. */
function stepsOf(path: string): string[] {
  return path.split('.');
}

function knownSchema(steps: readonly string[], config: Config): Schema {
  let here: unknown = config;
  let schema: Schema = configSchema;
  for (const [place, step] of steps.entries()) {
    const known = Object.keys(entriesOf(schema, here) ?? {});
    const next = known.includes(step) ? schemaAt(schema, here, [step]) : undefined;
    if (!next) {
      const found = JSON.stringify(steps.join('.'));
      const expected = placesBelow(steps.slice(0, place), known);
      throw new SettingException('path', `path: found ${found}, expected ${expected}`);
    }
    schema = next;
    here = property(here, step);
  }
  return schema;
}

function placesBelow(steps: readonly string[], known: readonly string[]): string {
  if (known.length === 0) return `nothing below ${steps.join('.')}`;
  return `one of ${known.map((key) => [...steps, key].join('.')).join(', ')}`;
}

/** A copy of `value` with another member at the end of `steps`; of value null, without it. */
function withMember(value: unknown, steps: readonly string[], inner: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return inner;
  const others = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const { [step]: former, ...kept }: Record<string, unknown> = { ...others };
  if (rest.length === 0 && inner === null) return kept;
  return { ...kept, [step]: withMember(former, rest, inner) };
}

function withoutSecrets(schema: Schema, value: unknown): unknown {
  const item = itemOf(schema);
  if (item && Array.isArray(value)) return value.map((inner) => withoutSecrets(item, inner));
  const entries = entriesOf(schema, value);
  if (!entries || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const child = Object.hasOwn(entries, key) ? entries[key] : undefined;
      if (!child || describeField(child).secret) return [];
      return [[key, withoutSecrets(child, inner)]];
    }),
  );
}

/** The innermost settings in which two configurations differ, secrets among them. */
function changedPaths(one: unknown, other: unknown, path = ''): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (!isPlain(one) || !isPlain(other)) return [path];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return keys.flatMap((key) =>
    changedPaths(one[key], other[key], path === '' ? key : `${path}.${key}`),
  );
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What was there is kept under the names of `kept`; whoever is killed in between leaves the one or the other whole. */
function writeConfigFile(file: string, text: string, kept: readonly string[]): void {
  try {
    // What a link leads to is written, not the link.
    const path = realpathSync(file);
    const mode = statSync(path).mode & 0o777;
    const former = readFileSync(path);
    for (const name of kept) replaceFile(`${path}.${name}`, former, mode);
    replaceFile(path, text, mode);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingException('file', `cannot write ${file}: ${reason}`);
  }
}

function replaceFile(path: string, content: string | Uint8Array, mode: number): void {
  const draft = `${path}.new`;
  const handle = openSync(draft, 'w', mode);
  try {
    // A draft that somebody was killed at has the mode of then.
    fchmodSync(handle, mode);
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, path);
  // Of a name, too, only the folder on the disk tells after a power cut.
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
