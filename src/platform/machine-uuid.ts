import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** What of a machine stays the same when it starts anew: the first that there is counts. */
const IDENTITIES = ['etc/machine-id', 'proc/device-tree/serial-number'];

/**
 * A UUID of this machine (RFC 9562 §5.5), the same at every start. `purpose` makes it another one: nobody learns
 * `machine-id` from it.
 */
export function machineUuid(purpose: string, root = '/'): string {
  const identity =
    IDENTITIES.map((path) => read(join(root, path))).find((text) => text !== '') ??
    hardwareAddress(join(root, 'sys/class/net')) ??
    hostname();
  const hash = createHash('sha1').update(`dashvoip ${purpose} ${identity}`).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*/, '$1-$2-$3-$4-$5');
}

/** The least of those that a manufacturer has given (IEEE 802: not local, not none). */
function hardwareAddress(folder: string): string | undefined {
  try {
    const all = readdirSync(folder).map((name) => read(join(folder, name, 'address')));
    return all
      .filter((one) => /^.[048c](:..){5}$/.test(one) && !/^00(:00){5}$/.test(one))
      .sort()[0];
  } catch {
    return undefined;
  }
}

/** Empty where there is none. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1').replace(/[\0\s]+$/, '');
  } catch {
    return '';
  }
}
