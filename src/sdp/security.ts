import type { MediaDescription } from 'sdp-transform';
import { type CryptoLine, createCrypto, offeredCrypto } from './crypto';
import { type CryptoPlan, type LinePlan, RTP_AVP, RTP_SAVP } from './line-plan';
import type { MediaLine } from './media-line';
import type { LocalMedia, Srtp } from './types';

/** The protocol of a media line, and its keys where it is encrypted. */
export interface Security {
  readonly protocol: string;
  readonly crypto?: CryptoPlan;
  /** What else is said of it. */
  readonly bundle?: Partial<MediaDescription>;
}

/**
 * Of a line that we open. Where encryption is preferred, keys stand in a line of RTP/AVP ("best
 * effort"): whoever knows nothing of them answers as ever, and no second line confuses anybody.
 */
export function offeredSecurity(type: string, local: LocalMedia): Security {
  const { srtp } = local;
  if (!srtp?.mayOfferKeys) return plain(RTP_AVP, type, local);
  const crypto = { offered: offeredCrypto(srtp.newKey) };
  if (srtp.required) return { protocol: RTP_SAVP, crypto };
  return { ...plain(RTP_AVP, type, local), crypto };
}

/** Of a line without keys, which may come by ZRTP. */
function plain(protocol: string, type: string, { zrtp }: LocalMedia): Security {
  return { protocol, ...(zrtp && { bundle: zrtp.describe(type) }) };
}

/** Of a line in a later offer: what it was, the keys too (RFC 4568 §7.1.4: another key begins anew). */
export function offeredAgain(
  { crypto }: { readonly crypto?: CryptoPlan },
  { srtp }: LocalMedia,
): Pick<Security, 'crypto'> {
  const own = crypto?.agreed?.own;
  if (!own || !srtp) return {};
  const all = crypto.offered.length > 0 ? crypto.offered : offeredCrypto(srtp.newKey);
  const others = all.filter(({ suite }) => suite !== own.suite);
  const offered = [own, ...others].map((line, index) => ({ ...line, tag: index + 1 }));
  return { crypto: { offered } };
}

/** Of the answer to a line; undefined for one that is not to be served as it is. */
export function answeredSecurity(
  line: MediaLine,
  local: LocalMedia,
  former: LinePlan | undefined,
): Security | undefined {
  const { protocol, type } = line;
  const { srtp } = local;
  if (local.bundle) {
    const bundle = local.bundle.answer(line, local);
    return bundle && { protocol, bundle };
  }
  if (!isRtp(protocol)) return undefined;
  // Who requires encryption is not served by keys that anybody can read.
  const mayUseKeys = srtp && (!srtp.required || srtp.mayOfferKeys);
  // Two that speak ZRTP need no keys that an exchange knows.
  const prefersZrtp =
    !srtp?.required && !isProtected(protocol) && local.zrtp?.read(line.lines).zrtpHash;
  const peer = mayUseKeys && !prefersZrtp ? line.crypto[0] : undefined;
  if (!srtp || !peer) {
    return isProtected(protocol) || srtp?.required ? undefined : plain(protocol, type, local);
  }
  const before = former && former.kind !== 'refused' ? former.crypto?.agreed : undefined;
  const own =
    before && isSameKey(before.peer, peer)
      ? { ...before.own, tag: peer.tag, name: peer.name }
      : // Where the peer has a new key, we have one, too: both begin at the same place.
        createCrypto(peer, srtp.newKey);
  return { protocol, crypto: { offered: [], agreed: { own, peer } } };
}

/** Of a line of ours that the peer has answered; undefined where it did not take our terms. */
export function agreedSecurity(
  line: MediaLine,
  local: LocalMedia,
  crypto: CryptoPlan | undefined,
): Security | undefined {
  const { protocol, type } = line;
  if (!isRtp(protocol)) return undefined;
  const offered = crypto?.offered ?? [];
  for (const peer of line.crypto) {
    const own =
      offered.find(({ tag, suite }) => tag === peer.tag && suite === peer.suite) ??
      offered.find(({ suite }) => suite === peer.suite);
    if (own) return { protocol, crypto: { offered, agreed: { own, peer } } };
  }
  return isProtected(protocol) || local.srtp?.required ? undefined : plain(protocol, type, local);
}

export function srtpOf(crypto: CryptoPlan | undefined): { readonly srtp?: Srtp } {
  const { own, peer } = crypto?.agreed ?? {};
  return own && peer ? { srtp: { suite: own.suite, send: own.key, receive: peer.key } } : {};
}

/** What is expected of a media line's protocol, in words. */
export function expectedSecurity({ srtp, bundle }: LocalMedia): string {
  if (bundle) return bundle.expected;
  if (!srtp) return 'plain RTP';
  if (!srtp.required) return 'RTP, or SRTP with a=crypto,';
  return srtp.mayOfferKeys ? 'SRTP with a=crypto' : 'SRTP with a=crypto, and SIP over TLS';
}

function isRtp(protocol: string): boolean {
  return /^RTP\/S?AVPF?$/i.test(protocol);
}

/** RFC 3711 §12: without keys there is no such line. */
function isProtected(protocol: string): boolean {
  return /^RTP\/SAVPF?$/i.test(protocol);
}

function isSameKey(one: CryptoLine, other: CryptoLine): boolean {
  return one.suite === other.suite && JSON.stringify(one.key) === JSON.stringify(other.key);
}
