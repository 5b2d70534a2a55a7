import type { Random } from '../platform';
import type { SrtpTerms } from '../sdp';
import { keepsSecrets, type TransportProtocol } from '../sip';

/** Whether sound and picture are encrypted, as it is configured. */
export interface EncryptionSettings {
  readonly srtp: 'required' | 'preferred' | 'off';
  /** Keys may go by SIP that anybody can read. */
  readonly sdesWithoutTls: boolean;
}

/**
 * What it means for a call whose descriptions go by `protocol`; undefined where nothing is encrypted.
 * @param canEncrypt false for a build, or a Node, without the means.
 */
export function srtpTerms(
  { srtp, sdesWithoutTls }: EncryptionSettings,
  protocol: TransportProtocol,
  canEncrypt: boolean,
  random: Random,
): SrtpTerms | undefined {
  const required = srtp === 'required';
  if (srtp === 'off' || (!canEncrypt && !required)) return undefined;
  return {
    required,
    mayOfferKeys: canEncrypt && (sdesWithoutTls || keepsSecrets(protocol)),
    newKey: (bytes) => random.bytes(bytes),
  };
}

/** Why there can be no call on these terms, in words; undefined when there can. */
export function encryptionProblem(
  terms: SrtpTerms | undefined,
  protocol: TransportProtocol,
  canEncrypt: boolean,
): string | undefined {
  if (!terms?.required || terms.mayOfferKeys) return undefined;
  return canEncrypt
    ? `srtp is "required", and keys do not go by SIP over ${protocol}: use TLS, or set sdesWithoutTls`
    : 'srtp or zrtp is "required", and this node has no OpenSSL';
}
