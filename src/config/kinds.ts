import { isIP, isIPv4 } from 'node:net';
import * as v from 'valibot';
import { field } from '../schema';

const TRANSPORTS = ['udp', 'tcp', 'tls', 'sctp'];

/** RFC 3261 §19.1.1 as far as an address needs it: user, host, port, parameters. */
const SIP_URI =
  /^(?<scheme>sips?):(?:[^\s<>"@:;?]+@)?(?<host>\[[\da-f:.]+\]|[^\s<>"@:;?[\]]+)(?::(?<port>[^;?@]*))?(?<params>(?:;[^\s<>"?;@]+)*)$/i;

/** Several servers for one purpose. */
export function sipUriList(description: string) {
  return field(
    v.pipe(v.array(v.pipe(v.string(), v.check(isReachable))), v.minLength(2), v.maxLength(4)),
    'a list of 2 to 4 URIs, as "sip:edge1.example.org;transport=tls"',
    description,
  );
}

/** A SIP URI whose port exists and whose transport can be spoken here. */
function isReachable(text: string): boolean {
  const [port, transport] = [SIP_URI.exec(text)?.groups?.port, transportOf(text) ?? 'udp'];
  return SIP_URI.test(text) && isPort(port) && TRANSPORTS.includes(transport);
}

/** A SIP URI whose port exists and whose transport can be spoken here. */
export function sipUri(expected: string, description: string, hasUser = false) {
  return field(
    v.pipe(
      v.string(),
      v.check((text) => SIP_URI.test(text) && (text.includes('@') || !hasUser)),
      v.check(
        (text) => isPort(SIP_URI.exec(text)?.groups?.port),
        'a port from 1 to 65535 behind the host, or none',
      ),
      v.check(
        (text) => TRANSPORTS.includes(transportOf(text) ?? 'udp'),
        'the transport udp, tcp, tls or sctp, or none',
      ),
    ),
    expected,
    description,
  );
}

/** The transport that a SIP URI names; `sips` does it by its scheme (RFC 3261 §26.2.2). */
export function transportOf(uri: string): string | undefined {
  const { scheme, params = '' } = SIP_URI.exec(uri)?.groups ?? {};
  const named = /;transport=([^;]*)/i.exec(params)?.[1]?.toLowerCase();
  if (scheme?.toLowerCase() !== 'sips') return named;
  return named === undefined || named === 'tcp' ? 'tls' : `${named} with sips`;
}

/** In small letters; empty when it is no SIP URI. */
export function hostOf(uri: string): string {
  return SIP_URI.exec(uri)?.groups?.host?.toLowerCase() ?? '';
}

/** Numeric only: a name would have to be looked up, which nothing can interrupt. */
const RTSP_URL = /^rtsp:\/\/(?<host>[^/:\s]+)(?::(?<port>[^/\s]*))?\/[^\s\x00-\x1f\x7f]*$/;

export function rtspUrl(description: string) {
  return field(
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

/** Where NMEA 0183 comes from. Numeric addresses, as above. */
export function nmeaPlace(description: string) {
  return field(
    v.pipe(
      v.string(),
      v.regex(/^(\/.+|(udp|tcp):(\[[\d:a-f]+\]|[\d.]+):\d+)$/),
      v.check((text) => isPort(/^\w.*:(.*)$/.exec(text)?.[1])),
    ),
    'a path as "/dev/ttyS1", "udp:127.0.0.1:10110" or "tcp:127.0.0.1:2947"',
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

/** Addresses of record: whom, and no servers. */
export function personList(most: number, description: string) {
  return field(
    v.pipe(
      v.array(
        v.pipe(
          v.string(),
          v.check((text) => isReachable(text) && text.includes('@')),
        ),
      ),
      v.maxLength(most),
    ),
    `a list of at most ${most} addresses, as "sip:home@example.org"`,
    description,
  );
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
  return field(
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

/** A secret stands in the configuration or in a file of its own: of two nobody knows which is meant. */
export function onlyOneOf(secret: string, file: string) {
  const isRight = (holder: Readonly<Record<string, unknown>>): boolean =>
    holder[secret] === undefined || holder[file] === undefined;
  return { isRight, expected: `only one of ${secret} and ${file}` };
}

/** Of whatever has a password. */
export const ONE_PASSWORD = onlyOneOf('password', 'passwordFile');

/** An inclusive range of ports with room for one video call at least. */
export function pairOfPorts(description: string) {
  return field(
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
