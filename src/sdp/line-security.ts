import type { Fingerprint, WrittenLine } from './types';

/** What a line says of how its sender is reached and known, and whether it may share one way with others. */
export interface LineSecurity {
  /** a=mid (RFC 5888). */
  readonly mid: string | undefined;
  /** It is in the group that shares one way (RFC 8843 §7.2). */
  readonly isBundled: boolean;
  /** RTCP may share RTP's port (RFC 5761 §5.1.1). */
  readonly sharesPort: boolean;
  readonly fragment: string | undefined;
  readonly password: string | undefined;
  readonly setup: string | undefined;
  /** Those that can be used, the strongest first. */
  readonly fingerprints: readonly Fingerprint[];
}

const DTLS_SRTP = /^UDP\/TLS\/RTP\/SAVPF?$/i;
const HASHES = { 'sha-512': 64, 'sha-384': 48, 'sha-256': 32 } as const;

export function isDtlsSrtp(protocol: string): boolean {
  return DTLS_SRTP.test(protocol);
}

/** What stands above all lines stands for one that says nothing of its own. */
export function readLineSecurity({ lines, above }: WrittenLine): LineSecurity {
  const stated = (name: string): string | undefined => valueIn(lines, name) ?? valueIn(above, name);
  const mid = valueIn(lines, 'mid');
  const fingerprints = fingerprintsIn(lines);
  return {
    mid,
    isBundled: mid !== undefined && bundleIn(above).includes(mid),
    sharesPort: lines.includes('a=rtcp-mux'),
    fragment: stated('ice-ufrag'),
    password: stated('ice-pwd'),
    setup: stated('setup')?.toLowerCase(),
    fingerprints: fingerprints.length > 0 ? fingerprints : fingerprintsIn(above),
  };
}

function valueIn(lines: readonly string[], name: string): string | undefined {
  const start = `a=${name}:`;
  return lines.find((line) => line.startsWith(start))?.slice(start.length);
}

/** Identifiers of the lines that share one way. */
function bundleIn(above: readonly string[]): readonly string[] {
  const [, mids = ''] = above.map((line) => /^a=group:BUNDLE (.*)/i.exec(line)).find(Boolean) ?? [];
  return mids.split(' ');
}

/** RFC 8122 §5: several are possible. */
function fingerprintsIn(lines: readonly string[]): Fingerprint[] {
  const found = lines.flatMap((line): Fingerprint[] => {
    const [, name = '', text = ''] = /^a=fingerprint:(\S+) ([\da-f:]+)$/i.exec(line) ?? [];
    const hash = name.toLowerCase();
    if (hash !== 'sha-256' && hash !== 'sha-384' && hash !== 'sha-512') return [];
    const digest = text.split(':').map((digits) => Number.parseInt(digits, 16));
    return digest.length === HASHES[hash] && digest.every(isOctet) ? [{ hash, digest }] : [];
  });
  return found.sort((one, other) => other.digest.length - one.digest.length);
}

function isOctet(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= 255;
}
