/** Version of a numeric address of c= or o=, undefined for a host name or nonsense. */
export function ipVersion(address: string): 4 | 6 | undefined {
  if (isIPv4(address)) return 4;
  return isIPv6(address) ? 6 : undefined;
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
