import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, type Random, replaceFile } from '../platform';
import { FOR_EVER } from './confirm';
import type { KnownPeer } from './stream';

/** What is kept of a call for the next one with the same far end. */
export interface Kept {
  readonly secret: Buffer;
  /** The one before it: the far end may not know yet that there is a new one. */
  readonly former?: Buffer;
  readonly isVerified: boolean;
  /** How long it is good, s; 0xffffffff for ever. */
  readonly expiresInS: number;
}

interface Entry {
  readonly zid: string;
  readonly rs1: string;
  readonly rs2?: string;
  readonly verified: boolean;
  /** Civil time, ms; absent: for ever. */
  readonly until?: number;
}

/** Who was met last stands last. */
const MOST_PEERS = 500;
const ZID_BYTES = 12;
const NOBODY: KnownPeer = { secrets: {}, isVerified: false };

/**
 * Our ZID, and what far ends are known by theirs (RFC 6189 §4.9): `zrtp.json`, for its owner alone. Without a
 * directory both last until the process ends.
 */
export class ZrtpMemory {
  readonly zid: Buffer;
  readonly #peers: Map<string, Entry>;
  readonly #path: string | undefined;
  readonly #clock: Clock;
  readonly #log: Logger;
  #written: Promise<void> = Promise.resolve();

  /** What cannot be read is not there, which the log says. Never rejects. */
  static async open(
    directory: string | undefined,
    parts: { readonly clock: Clock; readonly random: Random; readonly log: Logger },
  ): Promise<ZrtpMemory> {
    const path = directory === undefined ? undefined : join(directory, 'zrtp.json');
    return new ZrtpMemory(
      path,
      path === undefined ? undefined : await read(path, parts.log),
      parts,
    );
  }

  private constructor(
    path: string | undefined,
    kept: { readonly zid: string; readonly peers: readonly Entry[] } | undefined,
    {
      clock,
      random,
      log,
    }: { readonly clock: Clock; readonly random: Random; readonly log: Logger },
  ) {
    this.#path = path;
    this.#clock = clock;
    this.#log = log;
    this.zid = kept ? Buffer.from(kept.zid, 'hex') : Buffer.from(random.bytes(ZID_BYTES));
    this.#peers = new Map(kept?.peers.slice(-MOST_PEERS).map((entry) => [entry.zid, entry]));
    if (!kept) this.#write();
  }

  known(zid: Buffer): KnownPeer {
    const entry = this.#peers.get(zid.toString('hex'));
    if (!entry || (entry.until ?? Infinity) <= this.#clock.wallTime().getTime()) return NOBODY;
    const { rs1, rs2, verified } = entry;
    return {
      secrets: {
        rs1: Buffer.from(rs1, 'hex'),
        ...(rs2 === undefined ? {} : { rs2: Buffer.from(rs2, 'hex') }),
      },
      isVerified: verified,
    };
  }

  /** In place of what was kept of this far end. */
  keep(zid: Buffer, { secret, former, isVerified, expiresInS }: Kept): void {
    const name = zid.toString('hex');
    this.#peers.delete(name);
    // §4.9: it wishes to be forgotten.
    if (expiresInS > 0) {
      this.#peers.set(name, {
        ...{ zid: name, rs1: secret.toString('hex'), verified: isVerified },
        ...(former ? { rs2: former.toString('hex') } : {}),
        ...(expiresInS === FOR_EVER
          ? {}
          : { until: this.#clock.wallTime().getTime() + 1000 * expiresInS }),
      });
      this.#makeRoom();
    }
    this.#write();
  }

  /** Resolves when all that can be written is. */
  settled(): Promise<void> {
    return this.#written;
  }

  /** Those whose string was never compared go first, and of them who was met longest ago. */
  #makeRoom(): void {
    if (this.#peers.size <= MOST_PEERS) return;
    const all = [...this.#peers.values()];
    const { zid } = all.find(({ verified }) => !verified) ?? all[0] ?? { zid: '' };
    this.#peers.delete(zid);
  }

  #write(): void {
    const path = this.#path;
    if (path === undefined) return;
    const peers = [...this.#peers.values()];
    const text = `${JSON.stringify({ zid: this.zid.toString('hex'), peers })}\n`;
    this.#written = this.#written
      .then(() => replaceFile(path, text))
      .catch((error: unknown) =>
        this.#log.warn('what ZRTP has to remember is not kept', { path, reason: String(error) }),
      );
  }
}

async function read(path: string, log: Logger) {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (isRecord(value) && isHex(value.zid, ZID_BYTES) && Array.isArray(value.peers)) {
      return { zid: value.zid, peers: value.peers.filter(isEntry) };
    }
    throw new Error('expected zid and peers, found something else');
  } catch (error) {
    const isNew = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isNew) {
      log.warn('what ZRTP remembers cannot be read: every far end is a new one', {
        ...{ path, reason: error instanceof SyntaxError ? 'it is no JSON' : String(error) },
      });
    }
    return undefined;
  }
}

function isEntry(value: unknown): value is Entry {
  return (
    isRecord(value) &&
    isHex(value.zid, ZID_BYTES) &&
    isHex(value.rs1, 32) &&
    (value.rs2 === undefined || isHex(value.rs2, 32)) &&
    typeof value.verified === 'boolean' &&
    (value.until === undefined || typeof value.until === 'number')
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isHex(value: unknown, bytes: number): value is string {
  return typeof value === 'string' && value.length === 2 * bytes && /^[\da-f]*$/.test(value);
}
