export type LogField = string | number | boolean | undefined;
export type LogFields = Readonly<Record<string, LogField>>;

/** `key=value` pairs, values quoted where they must be; what is undefined is left out. */
export function logfmt(fields: LogFields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${logfmtValue(value)}`)
    .join(' ');
}

/** Quotes what would break the line apart; control characters never reach a terminal. */
function logfmtValue(value: LogField): string {
  const text = String(value);
  return /^[\w.:;@/+<>?&%*-]+$/.test(text) ? text : quoted(text);
}

/** In double quotes, with the escapes of JSON. */
export function quoted(text: string): string {
  // Those that JSON leaves as they are, and a terminal may obey.
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
