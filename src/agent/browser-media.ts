import type { PeerAddress, SecureSettings, SrtpSuite } from '../media';
import type { Random } from '../platform';
import { Bundle, type Bundling, type RemoteEndpoint, type SecurePeer, securePeerIn } from '../sdp';
import type { CallEncryption } from './call-state';
import { AgentException } from './exception';

/** Who this end is to browsers: a certificate of its own (RFC 5763 §5); DER. */
export interface DtlsIdentity {
  readonly certificate: Uint8Array;
  readonly key: Uint8Array;
  /** SHA-256 of the certificate. */
  readonly fingerprint: Uint8Array;
}

interface SecureListener {
  readonly onSecured: () => void;
  readonly onFailed: () => void;
}

/** How the media of a browser's call come, by ICE and DTLS; with an ICE password of its own. */
export class SecureMedia {
  /** Says so in our description. */
  readonly bundle: Bundling;
  readonly settings: SecureSettings;
  readonly #listener: SecureListener;
  #remote: RemoteEndpoint | undefined;
  #encryption: CallEncryption | undefined;

  constructor(peer: SecurePeer, identity: DtlsIdentity, random: Random, listener: SecureListener) {
    // RFC 8445 §5.3: 24 bits at least, and 128.
    const fragment = iceText(random.bytes(6));
    const password = iceText(random.bytes(18));
    const fingerprint = { hash: 'sha-256', digest: [...identity.fingerprint] } as const;
    this.bundle = new Bundle({ fragment, password, fingerprint });
    this.settings = {
      ice: { fragment, password },
      dtls: {
        role: peer.role,
        certificate: [...identity.certificate],
        key: [...identity.key],
        fingerprint: peer.fingerprint,
      },
    };
    this.#listener = listener;
  }

  /** Where the far end was found; undefined before. */
  get remote(): RemoteEndpoint | undefined {
    return this.#remote;
  }

  get encryption(): CallEncryption | undefined {
    return this.#encryption;
  }

  /** ICE and DTLS are done. */
  secured({ address, port }: PeerAddress, suite: SrtpSuite): void {
    this.#remote = { address, rtpPort: port, rtcpPort: port, rtcpMux: true };
    this.#encryption = { suite, keysBy: 'dtls', keysHidden: true };
    this.#listener.onSecured();
  }

  /** They did not get done. */
  failed(): void {
    this.#listener.onFailed();
  }
}

/** Who speaks in an offer. @throws AgentException when it cannot be served. */
export function speakerOf(offer: string): SecurePeer {
  const peer = securePeerIn(offer);
  if (peer) return peer;
  throw new AgentException(
    'no-resource',
    'the offer cannot be served: expected UDP/TLS/RTP/SAVPF with ICE, a fingerprint (SHA-256) and a setup',
  );
}

/** Of ice-chars (RFC 8839 §5.4) alone. */
function iceText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
