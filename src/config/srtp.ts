import { choice, flag } from '../schema';

/** Encryption of sound and picture. See docs/encryption.md. */
const POLICIES = ['required', 'preferred', 'off'] as const;

export const srtp = choice(
  POLICIES,
  'Whether sound and picture are encrypted (SRTP, keys by SDES): only calls that are; where the far end can; or none. An account may say otherwise.',
);

export const zrtp = choice(
  POLICIES,
  'Whether both ends make the keys (ZRTP) where none come by SDES; `required` takes no others.',
);

export const sdesWithoutTls = flag(
  'Send keys by SIP that is not encrypted (UDP, TCP), too: whoever reads the SIP messages can then listen to the call.',
);

export const accountSrtp = choice(
  POLICIES,
  'For calls of this account in place of `media.srtp`; `required` where its PBX has encryption switched on for this telephone.',
);

export const accountSdesWithoutTls = flag(
  'For calls of this account in place of `media.sdesWithoutTls`.',
);
