import type { Random } from '../platform';

/** Of one end for one session of ICE (RFC 8445 §5.3). */
export interface Credentials {
  readonly fragment: string;
  readonly password: string;
}

/** 24 bits at least, and 128; of ice-chars (RFC 8839 §5.4) alone. */
export function newCredentials(random: Random): Credentials {
  return { fragment: iceText(random.bytes(6)), password: iceText(random.bytes(18)) };
}

function iceText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
