import * as v from 'valibot';
import { check, field } from '../schema';
import { ConfigException } from './exception';
import { STEPS } from './steps';

/** The version of today's keys. A file that says none is of the first. */
export const NEWEST_VERSION = STEPS.length + 1;

/** The key of the file that says which keys are the others. It is no setting. */
const fileSchema = v.object({
  version: v.optional(
    field(
      v.pipe(
        v.number(),
        v.safeInteger(),
        v.minValue(1),
        v.check(
          (version) => version <= NEWEST_VERSION,
          `${NEWEST_VERSION} at most, the newest version that this dashvoip knows: a newer one wrote the file, and kept the former one beside it`,
        ),
      ),
      'a whole number from 1',
      'Which version of the keys.',
    ),
    1,
  ),
});

/** A configuration in today's keys, not checked yet. */
export interface Migrated {
  readonly settings: unknown;
  /** Of the keys that it was written in. */
  readonly version: number;
}

/** Takes a configuration of any version to today's keys. @throws ConfigException for one of a version to come */
export function migrate(value: unknown, source: string): Migrated {
  // The check of today's keys has the words for it.
  if (!isSettings(value)) return { settings: value, version: NEWEST_VERSION };
  const { version: _, ...settings } = value;
  const checked = check(fileSchema, 'version' in value ? { version: value.version } : {});
  if ('problems' in checked) throw new ConfigException(source, checked.problems);
  const { version } = checked.value;
  return {
    settings: STEPS.slice(version - 1).reduce((former, step) => step(former), settings),
    version,
  };
}

/** Settings as they are written: in today's version, which the first one need not say. */
export function withVersion(settings: unknown, former: unknown): unknown {
  const isSaid = NEWEST_VERSION > 1 || (isSettings(former) && 'version' in former);
  return isSettings(settings) && isSaid ? { version: NEWEST_VERSION, ...settings } : settings;
}

function isSettings(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
