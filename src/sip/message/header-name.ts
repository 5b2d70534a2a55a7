/** Header fields this stack reads by type or writes itself; others keep the spelling received. */
export const KNOWN_NAMES = [
  'Accept',
  'Allow',
  'Allow-Events',
  'Authentication-Info',
  'Authorization',
  'Call-ID',
  'Contact',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Length',
  'Content-Type',
  'CSeq',
  'Date',
  'Diversion',
  'Error-Info',
  'Event',
  'Expires',
  'Flow-Timer',
  'From',
  'History-Info',
  'Max-Forwards',
  'Min-Expires',
  'P-Asserted-Identity',
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

/** A known name and the octets of it and its colon, for comparison without cutting a string out. */
interface Prefix {
  readonly name: string;
  readonly octets: Uint8Array;
}

/** Prefixes by their first three octets, so that one comparison mostly does. */
const PREFIXES: readonly (readonly Prefix[])[] = bucketPrefixes();

function bucketPrefixes(): Prefix[][] {
  const buckets: Prefix[][] = Array.from({ length: 256 }, () => []);
  for (const name of KNOWN_NAMES) {
    const octets = Buffer.from(`${name}:`);
    buckets[bucketOf(octets, 0)]?.push({ name, octets });
  }
  return buckets;
}

function bucketOf(bytes: Uint8Array, start: number): number {
  const first = (bytes[start] ?? 0) * 9;
  return (first + (bytes[start + 1] ?? 0) * 3 + (bytes[start + 2] ?? 0)) & 0xff;
}

/** The known name that stands in `bytes` at `start` in its registered spelling, a colon behind it. */
export function findName(bytes: Uint8Array, start: number): string | undefined {
  const bucket = PREFIXES[bucketOf(bytes, start)];
  if (!bucket) return undefined;
  for (let i = 0; i < bucket.length; i++) {
    const prefix = bucket[i];
    if (prefix && startsWithAt(bytes, start, prefix.octets)) return prefix.name;
  }
  return undefined;
}

function startsWithAt(bytes: Uint8Array, start: number, octets: Uint8Array): boolean {
  for (let i = octets.length - 1; i >= 0; i--) if (bytes[start + i] !== octets[i]) return false;
  return true;
}
