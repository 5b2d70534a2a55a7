/** What a description says of ZRTP, RFC 6189 §8. */
export interface Announced {
  /** The hash of its Hello, as `a=zrtp-hash` has it. */
  readonly zrtpHash?: string;
}

/** A line of a description that sdp-transform has no name for. */
export interface DescribedZrtp {
  invalid: { value: string }[];
}

/** @param lines of one media line. Another version is passed over, as whatever cannot be read. */
export function readAnnounced(lines: readonly string[]): Announced {
  for (const line of lines) {
    const [, zrtpHash] = /^a=zrtp-hash:\s*(1\.1\d\s+[\da-f]{64})\s*$/i.exec(line) ?? [];
    if (zrtpHash) return { zrtpHash: zrtpHash.toLowerCase().replace(/\s+/, ' ') };
  }
  return {};
}
