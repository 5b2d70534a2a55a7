import * as v from 'valibot';

/** What a value should have been, in words, for problem reports and the reference. */
export interface FieldMetadata {
  readonly expected: string;
  /** The value is never shown. */
  readonly secret?: true;
  /** An exported TypeScript interface declares its shape: the JSON Schema is made from that. */
  readonly typescript?: string;
}

/** A leaf of a schema: what may stand there, what is expected in words, and what it is for. */
export function field<const S extends v.GenericSchema>(
  schema: S,
  expected: string,
  description: string,
) {
  return v.pipe(schema, v.metadata({ expected }), v.description(description));
}

export function wholeNumber(from: number, to: number, description: string) {
  return field(
    v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to)),
    `a whole number from ${from} to ${to}`,
    description,
  );
}

export function flag(description: string) {
  return field(v.boolean(), 'true or false', description);
}

export function choice<const Names extends readonly string[]>(names: Names, description: string) {
  return field(v.picklist(names), names.map(quote).join(' or '), description);
}

/** Text that is not empty and holds no control character. */
export function text(expected: string, description: string) {
  return field(
    v.pipe(v.string(), v.minLength(1), v.regex(/^[^\x00-\x1f\x7f]*$/)),
    expected,
    description,
  );
}

export function path(description: string) {
  return text('a path', description);
}

export function ipAddress(description: string) {
  return field(v.pipe(v.string(), v.ip()), 'a numeric IP address', description);
}

/** A password or key: checked like other text, shown nowhere. */
export function secretText(expected: string, description: string, minLength = 1) {
  const metadata: FieldMetadata = { expected, secret: true };
  return v.pipe(
    v.string(),
    v.minLength(minLength),
    v.metadata({ ...metadata }),
    v.description(description),
  );
}

/** Fields that stand together; a section whose fields each have a default or are optional may be left out. */
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

/** A value of our own making whose shape an interface declares, named for the reference. */
export function madeOfType<const S extends v.GenericSchema>(schema: S, typescript: string) {
  const metadata: FieldMetadata = { expected: 'an object', typescript };
  return v.pipe(schema, v.metadata({ ...metadata }));
}

function quote(name: string): string {
  return JSON.stringify(name);
}
