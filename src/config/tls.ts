import * as v from 'valibot';
import { field, flag, path, section, wholeNumber } from '../schema';

const FINGERPRINT = /^(?:[\da-f]{2}:){31}[\da-f]{2}$|^[\da-f]{64}$/i;

/** How servers show over TLS who they are. */
const servers = {
  verify: v.optional(
    flag(
      'Take only servers whose certificate is signed by an authority that is trusted, and is for the name in the URI (RFC 5922). Switched off, whoever answers is taken: whoever stands between hears everything and can call.',
    ),
    true,
  ),
  caFile: v.exactOptional(
    path(
      'Certificates (PEM) of the authorities that are trusted, in place of the system’s; relative to the configuration file, and read again when it has changed.',
    ),
  ),
  fingerprints: v.exactOptional(
    field(
      v.pipe(v.array(v.pipe(v.string(), v.regex(FINGERPRINT))), v.minLength(1)),
      'a list of SHA-256 fingerprints, as "AB:CD:…" of 32 octets in hexadecimal digits',
      'Certificates that are taken for themselves, as the self-signed one of a PBX; then no other is, and neither names nor dates matter. `openssl x509 -in FILE -noout -fingerprint -sha256` shows it.',
    ),
  ),
  looseNames: v.optional(
    flag(
      'Take wildcards, and the common name of a certificate that has no other: RFC 5922 forbids both, and some providers know no better.',
    ),
    false,
  ),
};

/** Of one account. */
export const accountTls = section(
  'How the servers of this account show over TLS who they are: its registrar, its proxy, and its domain. Without it as `sip.tls` says.',
  servers,
);

/** Of the listening point, and of servers that no account says anything of. */
export const sipTls = v.pipe(
  v.object({
    port: v.optional(wholeNumber(0, 65_535, 'TCP port for TLS; 0 takes any free one.'), 5061),
    certificateFile: v.exactOptional(
      path(
        'Certificate of this camera (PEM), those that vouch for it behind it: shown to who connects to us, and to servers that ask. Without it the agent makes itself one at each start, which nobody vouches for. Relative to the configuration file, and read again when it has changed.',
      ),
    ),
    keyFile: v.exactOptional(path('Its private key (PEM, without a passphrase).')),
    ...servers,
  }),
  v.forward(
    v.partialCheck(
      [['certificateFile'], ['keyFile']],
      ({ certificateFile, keyFile }) => (certificateFile === undefined) === (keyFile === undefined),
      'certificateFile and keyFile, or neither',
    ),
    ['keyFile'],
  ),
  v.metadata({ expected: 'an object' }),
  v.description('SIP over TLS, with "tls" among the transports.'),
);
