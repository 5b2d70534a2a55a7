import { BlockList, isIP } from 'node:net';
import { plainAddress } from '../platform';

/**
 * Who is meant by a list of the configuration: names (`sip:home@example.org`, `*` for any run of
 * characters) and numeric addresses (`192.0.2.7`, `192.0.2.0/24`).
 */
export class CallerList {
  readonly #names: readonly string[];
  readonly #addresses = new BlockList();
  /** Whether it has an address at all: names alone prove nothing on a direct call. */
  readonly hasAddresses: boolean;

  constructor(entries: readonly string[]) {
    const addresses = entries.filter((entry) => !entry.startsWith('sip:'));
    this.#names = entries.filter((entry) => entry.startsWith('sip:')).map(canonicalName);
    this.hasAddresses = addresses.length > 0;
    for (const entry of addresses) this.#add(entry);
  }

  /** @param name an address of record, as `sip:home@example.org`. */
  hasName(name: string): boolean {
    const wanted = canonicalName(name);
    return this.#names.some((pattern) => matches(pattern, wanted));
  }

  hasAddress(address: string): boolean {
    const plain = plainAddress(address);
    return isIP(plain) !== 0 && this.#addresses.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  }

  #add(entry: string): void {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) this.#addresses.addAddress(address, family);
    else this.#addresses.addSubnet(address, Number(prefix), family);
  }
}

/** RFC 3261 §19.1.4: the user part minds case, the host does not. */
function canonicalName(name: string): string {
  const at = name.lastIndexOf('@');
  return name.slice(0, at) + name.slice(at).toLowerCase();
}

/** `*` stands for any run of characters; one pass, whatever the text. */
function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(first) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return text.endsWith(last);
}
