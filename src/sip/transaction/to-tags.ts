import { createHmac } from 'node:crypto';
import type { Random } from '../../platform';
import type { ParseFailure, SipRequest } from '../message';

/**
 * Our To tags. A UAS without state has to give a repeated request the same tag (RFC 3261 §8.2.7), so
 * the tag is computed; from a secret, so that whoever names it has had our answer (§19.3 wants 32
 * random bits). Requests that belong together, as an INVITE, its CANCEL and the ACK of its refusal,
 * have the same.
 */
export class ToTags {
  readonly #secret: Uint8Array;

  constructor(random: Random) {
    this.#secret = random.bytes(32);
  }

  of({ callId, from, topVia }: SipRequest | ParseFailure): string {
    const hmac = createHmac('sha256', this.#secret);
    hmac.update(`${callId ?? ''}\n${from?.tag ?? ''}\n${topVia?.branch ?? ''}`);
    return hmac.digest('hex').slice(0, 16);
  }
}
