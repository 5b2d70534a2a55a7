import { isIP } from 'node:net';

/** What a certificate says of whom it is for and who says so: as `X509Certificate` of Node has it. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** As `DNS:example.org, URI:sip:example.org, IP Address:192.0.2.7`. */
  readonly subjectAltName: string | undefined;
}

/** Alternative names of a certificate by their kind, RFC 5280 §4.2.1.6. */
interface AltNames {
  /** Domains of `sip:` URIs that name no user (RFC 5922 §7.1). */
  readonly sip: readonly string[];
  readonly dns: readonly string[];
  readonly addresses: readonly string[];
}

/** Node puts what could be mistaken into quotes, as JSON does. */
const ENTRY = /(?:^|, )([A-Z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^,"]*)/g;

/**
 * Whether a certificate is for `serverName`, RFC 5922 §7: the domains of its SIP URIs count, without any its DNS
 * names; no wildcards (§7.2). A numeric address has to be among its addresses.
 * @param isLoose wildcards of the first label, and the common name where there are no alternative names
 */
export function isFor(
  certificate: CertificateFacts,
  serverName: string,
  isLoose: boolean,
): boolean {
  const { sip, dns, addresses } = altNamesOf(certificate.subjectAltName ?? '');
  const wanted = serverName.toLowerCase().replace(/\.$/, '');
  if (isIP(wanted) !== 0) return addresses.includes(canonical(wanted));
  const named = sip.length > 0 && !isLoose ? sip : [...sip, ...dns];
  const names =
    named.length === 0 && isLoose && addresses.length === 0
      ? commonNamesOf(certificate.subject)
      : named;
  return names.some((name) => name === wanted || (isLoose && coversByWildcard(name, wanted)));
}

/** Whom it is for, for words. */
export function namesOf({ subject, subjectAltName }: CertificateFacts): string {
  const { sip, dns, addresses } = altNamesOf(subjectAltName ?? '');
  const names = [...new Set([...sip, ...dns, ...addresses])];
  return names.length > 0 ? names.slice(0, 5).join(', ') : oneLine(subject);
}

/** As `CN=Example Root, O=Example`. */
export function oneLine(distinguishedName: string): string {
  return distinguishedName.trim().split('\n').join(', ').slice(0, 200);
}

function altNamesOf(text: string): AltNames {
  const names = { sip: [] as string[], dns: [] as string[], addresses: [] as string[] };
  for (const [, kind, raw = ''] of text.matchAll(ENTRY)) {
    const value = raw.startsWith('"') ? unquoted(raw) : raw;
    if (value === undefined) continue;
    const name = value.toLowerCase();
    if (kind === 'DNS') names.dns.push(name);
    else if (kind === 'IP Address') names.addresses.push(canonical(name));
    else if (kind === 'URI') {
      // §7.1: a URI with a user part is for that user, not for the domain.
      const domain = /^sips?:([^@;?:]+)(?:[;?].*)?$/.exec(name)?.[1];
      if (domain !== undefined) names.sip.push(domain);
    }
  }
  return names;
}

function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function commonNamesOf(subject: string): string[] {
  return subject
    .split('\n')
    .filter((line) => line.startsWith('CN='))
    .map((line) => line.slice(3).toLowerCase());
}

/** RFC 6125 §6.4.3: a whole first label, and a domain of two labels at least behind it. */
function coversByWildcard(pattern: string, name: string): boolean {
  const rest = /^\*(\.[^.*]+\.[^*]+)$/.exec(pattern)?.[1];
  return (
    rest !== undefined &&
    name.endsWith(rest) &&
    !name.slice(0, -rest.length).includes('.') &&
    name.length > rest.length
  );
}

/** An IPv6 address in its one spelling. */
function canonical(address: string): string {
  if (isIP(address) !== 6) return address;
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}
