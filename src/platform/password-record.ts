import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * What is kept of a password (scrypt, RFC 7914), as a line in PHC form:
 * `$scrypt$ln=13,r=8,p=10$SALT$HASH`, base64 without padding.
 */
export interface PasswordRecord {
  /** N is two to the power of it. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Uint8Array;
  readonly hash: Uint8Array;
}

/** 8 MB of memory, which a camera has to spare, and ten turns in place of more of it. */
const COST = { ln: 13, r: 8, p: 10 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** More than that is not taken from a file: a login must neither take a camera's memory nor its day. */
const MAX_MEMORY = 64 * 2 ** 20;
const MAX_WORK = 2 ** 23;

const RECORD =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/-]{11,86})\$([\w+/-]{22,86})$/;

/** The record of a new password, as a line without its end. */
export async function recordOf(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derived(password, { ...COST, salt, hash: new Uint8Array(HASH_BYTES) });
  const { ln, r, p } = COST;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** The record in a file's first line; undefined when it is none, or would cost too much to compare with. */
export function parseRecord(text: string): PasswordRecord | undefined {
  const [line = ''] = text.split(/\r?\n/, 1);
  const [, ln = '', r = '', p = '', salt = '', hash = ''] = RECORD.exec(line) ?? [];
  const record = {
    ...{ ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  const isSound =
    ln !== '' && [record.ln, record.r, record.p].every((cost) => cost > 0) && isBearable(record);
  return isSound ? record : undefined;
}

/** Whether the record is that of `password`. Takes its time, on a thread of its own. */
export async function isPassword(record: PasswordRecord, password: string): Promise<boolean> {
  return timingSafeEqual(await derived(password, record), record.hash);
}

function isBearable({ ln, r, p }: PasswordRecord): boolean {
  return 128 * r * 2 ** ln <= MAX_MEMORY && r * p * 2 ** ln <= MAX_WORK;
}

function derived(password: string, { ln, r, p, salt, hash }: PasswordRecord): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** ln, r, p, maxmem: 2 * MAX_MEMORY };
  return new Promise((resolve, reject) => {
    // The same letters may be typed in two ways, Korean ones among them (Unicode, NFC and NFD).
    scrypt(password.normalize('NFC'), salt, hash.length, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}
