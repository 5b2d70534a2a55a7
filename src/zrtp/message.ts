/** The whole message as it is sent: hashes and MACs are over it. */
interface Raw {
  readonly raw: Buffer;
}

/** Ends in a MAC whose key is told later (RFC 6189 §9). */
interface Sealed extends Raw {
  readonly mac: Buffer;
}

/** Names of RFC 6189 §5.1.2 to §5.1.6, four characters each. */
export interface AlgorithmLists {
  readonly hashes: readonly string[];
  readonly ciphers: readonly string[];
  readonly tags: readonly string[];
  readonly agreements: readonly string[];
  readonly renderings: readonly string[];
}

/** §5.2. */
export interface Hello extends Sealed {
  readonly kind: 'Hello';
  readonly version: string;
  readonly client: string;
  readonly h3: Buffer;
  readonly zid: Buffer;
  /** It never begins (P). */
  readonly isPassive: boolean;
  readonly algorithms: AlgorithmLists;
}

/** §5.4. */
export interface Commit extends Sealed {
  readonly kind: 'Commit';
  readonly h2: Buffer;
  readonly zid: Buffer;
  readonly hash: string;
  readonly cipher: string;
  readonly tag: string;
  readonly agreement: string;
  readonly rendering: string;
  /** The hash of the DHPart2 to come, or a number used once: the larger one wins where both begin. */
  readonly value: Buffer;
}

/** Which secrets of earlier calls its sender has, none of which it tells. */
export interface SecretIds {
  readonly rs1: Buffer;
  readonly rs2: Buffer;
}

/** §5.5, §5.6. */
export interface DhPart extends Sealed {
  readonly kind: 'DHPart1' | 'DHPart2';
  readonly h1: Buffer;
  readonly ids: SecretIds;
  readonly publicValue: Buffer;
}

/** §5.7. */
export interface Confirm extends Raw {
  readonly kind: 'Confirm1' | 'Confirm2';
  readonly mac: Buffer;
  readonly iv: Buffer;
  readonly encrypted: Buffer;
}

/** §5.9. */
export interface ErrorReport extends Raw {
  readonly kind: 'Error';
  readonly code: number;
}

/** §5.15. */
export interface Ping extends Raw {
  readonly kind: 'Ping';
  readonly endpoint: Buffer;
}

/** Without anything in it that we need. */
export interface Sign extends Raw {
  readonly kind: 'HelloACK' | 'Conf2ACK' | 'ErrorACK' | 'GoClear';
}

export type Message = Hello | Commit | DhPart | Confirm | ErrorReport | Ping | Sign;

const PREAMBLE = 0x505a;
const HEAD_BYTES = 12;
export const MAC_BYTES = 8;
export const VERSION = '1.10';

/** `body` is what stands between the type and the MAC, if it has one. */
export function writeMessage(
  kind: Message['kind'] | 'PingACK',
  ...body: readonly Uint8Array[]
): Buffer {
  const message = Buffer.concat([Buffer.alloc(HEAD_BYTES), ...body]);
  message.writeUInt16BE(PREAMBLE, 0);
  message.writeUInt16BE(message.length / 4, 2);
  message.write(kind.padEnd(8), 4, 'latin1');
  return message;
}

/** Undefined for what is cut short, too long or not known. */
export function readMessage(raw: Buffer): Message | undefined {
  if (raw.length < HEAD_BYTES || raw.readUInt16BE(0) !== PREAMBLE) return undefined;
  if (raw.readUInt16BE(2) * 4 !== raw.length) return undefined;
  const kind = raw.toString('latin1', 4, HEAD_BYTES).trimEnd();
  switch (kind) {
    case 'Hello':
      return readHello(raw);
    case 'Commit':
      return readCommit(raw);
    case 'DHPart1':
    case 'DHPart2':
      return readDhPart(raw, kind);
    case 'Confirm1':
    case 'Confirm2':
      return readConfirm(raw, kind);
    case 'Error':
      return raw.length === 16 ? { kind, raw, code: raw.readUInt32BE(HEAD_BYTES) } : undefined;
    case 'Ping':
      return raw.length === 24 ? { kind, raw, endpoint: raw.subarray(16, 24) } : undefined;
    case 'HelloACK':
    case 'Conf2ACK':
    case 'ErrorACK':
    case 'GoClear':
      return { kind, raw };
    default:
      return undefined;
  }
}

const HELLO_BYTES = 80;

function readHello(raw: Buffer): Hello | undefined {
  if (raw.length < HELLO_BYTES + MAC_BYTES) return undefined;
  const flags = raw.readUInt32BE(76);
  const counts = [16, 12, 8, 4, 0].map((shift) => (flags >>> shift) & 0xf);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const fits = raw.length === HELLO_BYTES + 4 * total + MAC_BYTES;
  if (!fits || counts.some((count) => count > 7)) return undefined;
  const names = Array.from({ length: total }, (_, index) => nameAt(raw, HELLO_BYTES + 4 * index));
  const [hashes = [], ciphers = [], tags = [], agreements = [], renderings = []] = counts.map(
    (count) => names.splice(0, count),
  );
  return {
    kind: 'Hello',
    raw,
    version: nameAt(raw, 12),
    client: raw.toString('latin1', 16, 32),
    h3: raw.subarray(32, 64),
    zid: raw.subarray(64, 76),
    isPassive: (flags & 0x10000000) !== 0,
    algorithms: { hashes, ciphers, tags, agreements, renderings },
    mac: raw.subarray(-MAC_BYTES),
  };
}

const COMMIT_BYTES = 76;

function readCommit(raw: Buffer): Commit | undefined {
  if (raw.length < COMMIT_BYTES) return undefined;
  const agreement = nameAt(raw, 68);
  // With `Prsh` a name of the secret stands behind it, too; that is not done here.
  const valueBytes = agreement === 'Mult' ? 16 : 32;
  if (raw.length !== COMMIT_BYTES + valueBytes + MAC_BYTES) return undefined;
  return {
    kind: 'Commit',
    raw,
    h2: raw.subarray(12, 44),
    zid: raw.subarray(44, 56),
    hash: nameAt(raw, 56),
    cipher: nameAt(raw, 60),
    tag: nameAt(raw, 64),
    agreement,
    rendering: nameAt(raw, 72),
    value: raw.subarray(COMMIT_BYTES, COMMIT_BYTES + valueBytes),
    mac: raw.subarray(-MAC_BYTES),
  };
}

const DH_PART_BYTES = 76;

function readDhPart(raw: Buffer, kind: DhPart['kind']): DhPart | undefined {
  if (raw.length <= DH_PART_BYTES + MAC_BYTES) return undefined;
  return {
    kind,
    raw,
    h1: raw.subarray(12, 44),
    ids: { rs1: raw.subarray(44, 52), rs2: raw.subarray(52, 60) },
    publicValue: raw.subarray(DH_PART_BYTES, -MAC_BYTES),
    mac: raw.subarray(-MAC_BYTES),
  };
}

/** As short as it is without a signature. */
const CONFIRM_BYTES = 76;

function readConfirm(raw: Buffer, kind: Confirm['kind']): Confirm | undefined {
  if (raw.length < CONFIRM_BYTES) return undefined;
  const [mac, iv, encrypted] = [raw.subarray(12, 20), raw.subarray(20, 36), raw.subarray(36)];
  return { kind, raw, mac, iv, encrypted };
}

function nameAt(raw: Buffer, at: number): string {
  return raw.toString('latin1', at, at + 4);
}
