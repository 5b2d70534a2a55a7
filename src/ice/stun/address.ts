/** A transport address; numeric. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

export function isSameAddress(one: SocketAddress, other: SocketAddress): boolean {
  return one.port === other.port && one.address === other.address;
}

export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** The octets of a numeric address: 4 or 16; undefined for what is none. */
export function octetsOf(address: string): Uint8Array | undefined {
  return familyOf(address) === 4 ? octetsOf4(address) : octetsOf6(address);
}

function octetsOf4(address: string): Uint8Array | undefined {
  const parts = address.split('.');
  const isRight = parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part));
  const octets = parts.map(Number);
  return isRight && octets.every((octet) => octet <= 255) ? Uint8Array.from(octets) : undefined;
}

function octetsOf6(address: string): Uint8Array | undefined {
  const [plain = ''] = address.split('%');
  const [, front = plain, v4] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(plain) ?? [];
  const low = v4 === undefined ? new Uint8Array(0) : octetsOf4(v4);
  if (!low) return undefined;
  const tail = [...pairs(low)].map((value) => value.toString(16)).join(':');
  const halves = `${front}${tail}`.split('::');
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - left.length - right.length;
  if (halves.length > 2 || (halves.length === 2 ? missing < 1 : missing !== 0)) return undefined;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!groups.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined;
  return Uint8Array.from(
    groups.flatMap((group) => {
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    }),
  );
}

function* pairs(octets: Uint8Array): Generator<number> {
  for (let at = 0; at + 1 < octets.length; at += 2)
    yield ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

/** RFC 5952 for 16 octets. */
export function addressOf(octets: Uint8Array): string {
  if (octets.length === 4) return [...octets].join('.');
  const groups = [...pairs(octets)];
  const zeros = longestZeros(groups);
  const text = (list: readonly number[]): string =>
    list.map((value) => value.toString(16)).join(':');
  if (zeros.length < 2) return text(groups);
  const end = zeros.start + zeros.length;
  return `${text(groups.slice(0, zeros.start))}::${text(groups.slice(end))}`;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [index, value] of groups.entries()) {
    length = value === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  }
  return best;
}

/** One spelling for each address (RFC 5952), so that they can be compared. */
export function plainNumeric(address: string): string {
  const octets = octetsOf(address);
  return octets ? addressOf(octets) : address;
}
