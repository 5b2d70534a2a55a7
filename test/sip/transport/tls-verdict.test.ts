// Shows RFC 5922.

import { describe, expect, it } from 'vitest';
import { knowsTheDay } from '../../../src/platform';
import { judge, needsTheDay } from '../../../src/sip/transport/tls-verdict';

const FINGERPRINT = Array(32).fill('AB').join(':');
const certificate = {
  subject: 'CN=pbx',
  issuer: 'O=Example\nCN=Example Root',
  subjectAltName: 'DNS:example.org',
  fingerprint256: FINGERPRINT,
  validFrom: 'Jan  1 00:00:00 2026 GMT',
  validTo: 'Nov 26 23:00:00 2026 GMT',
};
const strict = { verify: true };

describe('what is thought of a far end by its certificate', () => {
  it('takes one that is signed and for the name', () => {
    expect(judge(certificate, undefined, strict, 'example.org')).toEqual({
      verifiedBy: 'authority',
    });
  });

  it.each([
    ['other.example', undefined, 'it is not for other.example'],
    ['example.org', 'CERT_HAS_EXPIRED', 'it ran out on Nov 26 23:00:00 2026 GMT'],
    ['example.org', 'CERT_NOT_YET_VALID', 'valid from Jan  1 00:00:00 2026 GMT only'],
    ['example.org', 'DEPTH_ZERO_SELF_SIGNED_CERT', `tls.fingerprints can name it: ${FINGERPRINT}`],
    ['example.org', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'not among the authorities of this system'],
    ['example.org', 'SOMETHING_NEW', 'SOMETHING_NEW'],
  ])('refuses for %s with %s, naming owner, issuer and reason', (name, chainError, reason) => {
    const verdict = judge(certificate, chainError, strict, name);
    expect(verdict).toEqual({
      refusal: expect.stringMatching(
        /^certificate of example\.org, issued by O=Example, CN=Example Root, refused: /,
      ),
    });
    expect(JSON.stringify(verdict)).toContain(reason);
  });

  it('names the file of authorities that is asked', () => {
    const verdict = judge(
      ...([certificate, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'] as const),
      ...([{ verify: true, caFile: '/etc/pbx.pem' }, 'example.org'] as const),
    );
    expect(JSON.stringify(verdict)).toContain('/etc/pbx.pem');
  });

  it('takes one by its fingerprint whoever has signed it, and no other', () => {
    const pinned = { verify: true, fingerprints: ['00'.repeat(32), 'ab'.repeat(32)] };
    const chainError = 'CERT_HAS_EXPIRED';
    expect(judge(certificate, chainError, pinned, 'x')).toEqual({ verifiedBy: 'fingerprint' });
    const other = { ...certificate, fingerprint256: Array(32).fill('AC').join(':') };
    expect(judge(other, undefined, pinned, 'example.org')).toEqual({
      refusal: expect.stringContaining(other.fingerprint256),
    });
  });

  it('takes anybody where it is told to, and nobody without a certificate otherwise', () => {
    expect(judge(undefined, 'ANY', { verify: false }, 'x')).toEqual({ verifiedBy: 'nothing' });
    expect(judge(undefined, undefined, strict, 'x')).toHaveProperty('refusal');
  });

  it('needs the day for what authorities say only', () => {
    expect([
      needsTheDay(strict),
      needsTheDay({ verify: false }),
      needsTheDay({ verify: true, fingerprints: [FINGERPRINT] }),
    ]).toEqual([true, false, false]);
    expect(knowsTheDay(new Date(0))).toBe(false);
    expect(knowsTheDay(new Date(Date.UTC(2026, 5)))).toBe(true);
  });
});
