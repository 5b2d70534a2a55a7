/** Header fields this stack reads by type or writes itself; others keep the spelling received. */
const KNOWN_NAMES = [
  'Accept',
  'Allow',
  'Allow-Events',
  'Authentication-Info',
  'Authorization',
  'Call-ID',
  'Contact',
  'Content-Encoding',
  'Content-Length',
  'Content-Type',
  'CSeq',
  'Date',
  'Error-Info',
  'Event',
  'Expires',
  'From',
  'Max-Forwards',
  'Min-Expires',
  'Path',
  'Privacy',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Require',
  'Reason',
  'Record-Route',
  'Refer-To',
  'Referred-By',
  'Replaces',
  'Require',
  'Retry-After',
  'Route',
  'Server',
  'Service-Route',
  'Session-Expires',
  'Min-SE',
  'Subject',
  'Subscription-State',
  'Supported',
  'Timestamp',
  'To',
  'Unsupported',
  'User-Agent',
  'Via',
  'Warning',
  'WWW-Authenticate',
] as const;

export type KnownHeaderName = (typeof KNOWN_NAMES)[number];

/** Compact forms: RFC 3261 §7.3.3, and the registrations of RFC 3515, 3892, 4028, 6665. */
const COMPACT_FORMS: Readonly<Record<string, KnownHeaderName>> = {
  b: 'Referred-By',
  c: 'Content-Type',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
};

const BY_LOWER_CASE = new Map<string, string>([
  ...KNOWN_NAMES.map((name) => [name.toLowerCase(), name] as const),
  ...Object.entries(COMPACT_FORMS),
]);

/** Exact spellings first: they are what nearly every peer sends. */
const BY_SPELLING = new Map<string, string>([
  ...KNOWN_NAMES.map((name) => [name, name] as const),
  ...BY_LOWER_CASE,
]);

/**
 * The one name a header field goes by here, whatever its case or form: the registered spelling
 * for a known field, lower case for any other.
 */
export function canonicalName(spelling: string): string {
  const exact = BY_SPELLING.get(spelling);
  if (exact !== undefined) return exact;
  const lower = spelling.toLowerCase();
  return BY_LOWER_CASE.get(lower) ?? lower;
}

/** Known names by length and first letter, so that a parser need not cut the name out to know it. */
const BUCKETS = new Map<number, readonly string[]>();
for (const name of KNOWN_NAMES) {
  const key = bucketOf(name.length, name.charCodeAt(0));
  BUCKETS.set(key, [...(BUCKETS.get(key) ?? []), name]);
}

function bucketOf(length: number, firstCode: number): number {
  return length * 128 + firstCode;
}

/** The known name that stands in `text` from `start` to `end` in its registered spelling. */
export function findName(text: string, start: number, end: number): string | undefined {
  const bucket = BUCKETS.get(bucketOf(end - start, text.charCodeAt(start)));
  if (bucket) for (const name of bucket) if (text.startsWith(name, start)) return name;
  return undefined;
}
