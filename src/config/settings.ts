import { isIP, isIPv4 } from 'node:net';
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

/** RFC 3261 §19.1.1 as far as an address needs it: user, host, port, parameters. */
const SIP_URI =
  /^sip:(?:[^\s<>"@:;?]+@)?(?:\[[\da-f:.]+\]|[^\s<>"@:;?[\]]+)(?::(?<port>[^;?@]*))?(?<params>(?:;[^\s<>"?;@]+)*)$/i;

/** A SIP URI whose port exists and whose transport is spoken here. */
export function sipUri(expected: string, description: string, hasUser = false) {
  return setting(
    v.pipe(
      v.string(),
      v.check((text) => SIP_URI.test(text) && (text.includes('@') || !hasUser)),
      v.check(
        (text) => isPort(SIP_URI.exec(text)?.groups?.port),
        'a port from 1 to 65535 behind the host, or none',
      ),
      v.check((text) => {
        const transport = /;transport=([^;]*)/i.exec(SIP_URI.exec(text)?.groups?.params ?? '')?.[1];
        return (transport ?? 'udp').toLowerCase() === 'udp';
      }, 'no transport but UDP, the only one spoken'),
    ),
    expected,
    description,
  );
}

/** Numeric only: a name would have to be looked up, which nothing can interrupt. */
const RTSP_URL = /^rtsp:\/\/(?<host>[^/:\s]+)(?::(?<port>[^/\s]*))?\/[^\s\x00-\x1f\x7f]*$/;

export function rtspUrl(description: string) {
  return setting(
    v.pipe(
      v.string(),
      v.check((text) => {
        const { host = '', port } = RTSP_URL.exec(text)?.groups ?? {};
        return isIPv4(host) && isPort(port);
      }),
    ),
    'a URL as "rtsp://127.0.0.1:554/live", its host a numeric IPv4 address',
    description,
  );
}

function isPort(text: string | undefined): boolean {
  if (text === undefined) return true;
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** Numeric addresses and prefixes. */
export function addressList(description: string) {
  return listOf(isAddressOrPrefix, 'addresses, as "192.0.2.7" or "192.0.2.0/24"', description);
}

/** Names, `*` for any run of characters, and what `addressList` takes. */
export function callerList(description: string) {
  return listOf(
    (text) => isAddressOrPrefix(text) || /^sip:[^\s<>"@:;?]+@[^\s<>"@:;?]+$/.test(text),
    'names, as "sip:home@example.org" or "sip:*@example.org", and addresses, as "192.0.2.7" or "192.0.2.0/24"',
    description,
  );
}

function listOf(isEntry: (text: string) => boolean, entries: string, description: string) {
  return setting(
    v.pipe(v.array(v.pipe(v.string(), v.check(isEntry))), v.minLength(1)),
    `a list of ${entries}`,
    description,
  );
}

function isAddressOrPrefix(text: string): boolean {
  const [, address = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return Number(length ?? 0) <= bits;
}

export function ipAddress(description: string) {
  return setting(v.pipe(v.string(), v.ip()), 'a numeric IP address', description);
}

/** An inclusive range of ports with room for one video call at least. */
export function pairOfPorts(description: string) {
  return setting(
    v.pipe(
      v.strictTuple([portNumber, portNumber]),
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
