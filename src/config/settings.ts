import * as v from 'valibot';

/** What a setting should have been, in words, for problem reports and the reference. */
export interface SettingMetadata {
  readonly expected: string;
  /** The value is never shown. */
  readonly secret?: true;
}

/** A leaf of the configuration: its schema, what is expected in words, and what it is for. */
export function setting<const S extends v.GenericSchema>(
  schema: S,
  expected: string,
  description: string,
) {
  return v.pipe(schema, v.metadata({ expected }), v.description(description));
}

export function wholeNumber(from: number, to: number, description: string) {
  return setting(
    v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to)),
    `a whole number from ${from} to ${to}`,
    description,
  );
}

export function flag(description: string) {
  return setting(v.boolean(), 'true or false', description);
}

export function choice<const Names extends readonly string[]>(names: Names, description: string) {
  return setting(v.picklist(names), names.map(quote).join(' or '), description);
}

/** Text that is not empty and holds no control character. */
export function text(expected: string, description: string) {
  return setting(
    v.pipe(v.string(), v.minLength(1), v.regex(/^[^\x00-\x1f\x7f]*$/)),
    expected,
    description,
  );
}

export function pattern(shape: RegExp, expected: string, description: string) {
  return setting(v.pipe(v.string(), v.regex(shape)), expected, description);
}

export function path(description: string) {
  return text('a path', description);
}

export function ipAddress(description: string) {
  return setting(v.pipe(v.string(), v.ip()), 'a numeric IP address', description);
}

/** An inclusive range of ports with room for one video call at least. */
export function pairOfPorts(description: string) {
  return setting(
    v.pipe(
      v.tuple([portNumber, portNumber]),
      v.check(([first, last]) => last - first >= 7),
    ),
    'two port numbers from 1024 to 65535, the second at least 7 above the first',
    description,
  );
}

const portNumber = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1024),
  v.maxValue(65_535),
  v.metadata({ expected: 'a port number from 1024 to 65535' }),
);

/** A password: checked like other text, shown nowhere. */
export function secretText(description: string) {
  const metadata: SettingMetadata = { expected: 'a password', secret: true };
  return v.pipe(
    v.string(),
    v.minLength(1),
    v.metadata({ ...metadata }),
    v.description(description),
  );
}

/** A section of settings; each has a default or is optional, so that it may be left out. */
export function section<const Entries extends v.ObjectEntries>(
  description: string,
  entries: Entries,
) {
  return v.pipe(
    v.object(entries),
    v.metadata({ expected: 'an object' }),
    v.description(description),
  );
}

function quote(name: string): string {
  return JSON.stringify(name);
}
