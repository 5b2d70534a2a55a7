import type { CertificateFacts } from './server-identity';
import { isFor, namesOf, oneLine } from './server-identity';
import type { TlsPolicy } from './tls-policy';

export interface PresentedCertificate extends CertificateFacts {
  /** SHA-256, as `AB:CD:...`. */
  readonly fingerprint256: string;
  /** As `Nov 26 23:00:00 2026 GMT`. */
  readonly validFrom: string;
  readonly validTo: string;
}

export type VerifiedBy = 'authority' | 'fingerprint' | 'nothing';

export type TlsVerdict =
  | { readonly verifiedBy: VerifiedBy }
  /** In words, which name the certificate's owner, its issuer and the reason. */
  | { readonly refusal: string };

/** Whether a policy cannot be followed without knowing the day. */
export function needsTheDay({ verify, fingerprints }: TlsPolicy): boolean {
  return verify && fingerprints === undefined;
}

/** What is to be thought of a far end that has shown this certificate, signed by a chain with that error. */
export function judge(
  certificate: PresentedCertificate | undefined,
  chainError: string | undefined,
  policy: TlsPolicy,
  serverName: string,
): TlsVerdict {
  if (!policy.verify) return { verifiedBy: 'nothing' };
  if (!certificate) return { refusal: 'the far end shows no certificate' };
  const refused = (reason: string): TlsVerdict => ({
    refusal: `certificate of ${namesOf(certificate)}, issued by ${oneLine(certificate.issuer)}, refused: ${reason}`,
  });
  if (policy.fingerprints) {
    return policy.fingerprints.some((one) => isSame(one, certificate.fingerprint256))
      ? { verifiedBy: 'fingerprint' }
      : refused(`its fingerprint is ${certificate.fingerprint256}, and another one is configured`);
  }
  if (chainError !== undefined) return refused(wordsOf(chainError, certificate, policy));
  return isFor(certificate, serverName, policy.looseNames ?? false)
    ? { verifiedBy: 'authority' }
    : refused(`it is not for ${serverName}`);
}

function isSame(configured: string, found: string): boolean {
  const bare = (text: string): string => text.replaceAll(':', '').toLowerCase();
  return bare(configured) === bare(found);
}

/** Codes of OpenSSL's verification as Node has them. */
function wordsOf(code: string, certificate: PresentedCertificate, { caFile }: TlsPolicy): string {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `it ran out on ${certificate.validTo}`;
    case 'CERT_NOT_YET_VALID':
      return `it is valid from ${certificate.validFrom} only, and this machine has an earlier date`;
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `nobody but itself has signed it; if it is right, tls.fingerprints can name it: ${certificate.fingerprint256}`;
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return `its issuer is not among the authorities of ${caFile ?? 'this system'} (${code}); tls.caFile can name another file`;
    case 'CERT_REVOKED':
      return 'it has been revoked';
    case 'INVALID_PURPOSE':
      return 'it is not meant for servers';
    default:
      return code;
  }
}
