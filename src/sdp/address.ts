/** Version of a numeric address of c= or o=, undefined for a host name or nonsense. */
export function ipVersion(address: string): 4 | 6 | undefined {
  if (isIPv4(address)) return 4;
  return isIPv6(address) ? 6 : undefined;
}

/** The unspecified address: nobody receives there (RFC 3264 §8.4). */
export function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || (ipVersion(address) === 6 && /^[0:]+$/.test(address));
}

/** Longest host name, RFC 1035 §2.3.4. */
const MAX_NAME = 253;

/**
 * The address of a c= or a=rtcp line without its time-to-live: numeric or a host name (RFC 8866 §9),
 * empty when it is neither.
 */
export function readAddress(text: string | number | undefined): string {
  const address = String(text ?? '').split('/')[0] ?? '';
  return ipVersion(address) || isHostName(address) ? address : '';
}

/** RFC 1123 §2.1; a last label of digits belongs to an address that went wrong. */
function isHostName(text: string): boolean {
  if (text.length > MAX_NAME) return false;
  const labels = text.replace(/\.$/, '').split('.');
  return (
    labels.every((label) => /^[a-z\d_-]{1,63}$/i.test(label)) &&
    !/^\d*$/.test(labels[labels.length - 1] ?? '')
  );
}

function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
}

/** RFC 4291 §2.2: eight groups, one run of zeros shortened, perhaps an IPv4 tail. */
function isIPv6(text: string): boolean {
  const tail = text.slice(text.lastIndexOf(':') + 1);
  const groups = tail.includes('.') ? text.replace(tail, isIPv4(tail) ? '0:0' : 'x') : text;
  const halves = groups.split('::');
  if (!groups.includes(':') || halves.length > 2) return false;
  const listed = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!listed.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false;
  return halves.length === 2 ? listed.length < 8 : listed.length === 8;
}
