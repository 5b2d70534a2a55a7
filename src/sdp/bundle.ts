import type { MediaDescription, SessionDescription } from 'sdp-transform';
import { isDtlsSrtp, readLineSecurity } from './line-security';
import { sectionsOf } from './sections';
import type { Bundling, Fingerprint, LocalMedia, SecurePeer, WrittenLine } from './types';

/** How we are reached and known where all lines go by ICE and DTLS on one port (RFC 8445, RFC 5763, RFC 8843). */
export interface BundleTerms {
  readonly fragment: string;
  readonly password: string;
  readonly fingerprint: Fingerprint;
}

/** Who speaks, by the first line that says enough of it; undefined where none does. */
export function securePeerIn(offer: string): SecurePeer | undefined {
  const { session, media } = sectionsOf(offer);
  const [peer] = media.flatMap(({ head, lines }) => {
    const [type = '', , protocol = ''] = head.split(' ');
    return securePeerOf({ type, protocol, lines, above: session.lines }) ?? [];
  });
  return peer;
}

/** Answers lines by ICE and DTLS; any other is refused. */
export class Bundle implements Bundling {
  readonly expected = 'UDP/TLS/RTP/SAVPF with ICE and a fingerprint,';
  readonly #terms: BundleTerms;

  constructor(terms: BundleTerms) {
    this.#terms = terms;
  }

  answer(line: WrittenLine, local: LocalMedia): Partial<MediaDescription> | undefined {
    const { mid, isBundled, sharesPort } = readLineSecurity(line);
    const peer = securePeerOf(line);
    if (!peer || mid === undefined || !isBundled || !sharesPort) return undefined;
    const { fragment, password, fingerprint } = this.#terms;
    return {
      mid,
      // Of one stream: lips and voice are kept together.
      msid: [{ id: 'dashvoip', appdata: line.type }],
      iceUfrag: fragment,
      icePwd: password,
      fingerprint: { type: fingerprint.hash, hash: hexadecimal(fingerprint.digest) },
      setup: peer.role === 'client' ? 'active' : 'passive',
      candidates: [candidateOf(local)],
      endOfCandidates: 'end-of-candidates',
    };
  }

  refusal(line: WrittenLine): Partial<MediaDescription> {
    const { mid } = readLineSecurity(line);
    return mid === undefined ? {} : { mid };
  }

  describe(media: readonly MediaDescription[]): Partial<SessionDescription> {
    const mids = media.flatMap(({ port, mid }) => (port === 0 ? [] : (mid ?? [])));
    return { icelite: 'ice-lite', groups: [{ type: 'BUNDLE', mids: mids.join(' ') }] };
  }
}

function securePeerOf(line: WrittenLine): SecurePeer | undefined {
  const { fragment, password, setup, fingerprints } = readLineSecurity(line);
  const [fingerprint] = fingerprints;
  if (!isDtlsSrtp(line.protocol) || !fragment || !password || !fingerprint) return undefined;
  // RFC 5763 §5: whoever may choose begins, so that nothing waits for the other's first word.
  return setup === 'active' || setup === 'actpass' || setup === 'passive'
    ? { fingerprint, role: setup === 'active' ? 'server' : 'client' }
    : undefined;
}

type Candidate = NonNullable<MediaDescription['candidates']>[number];

function candidateOf({ address, audio }: LocalMedia): Candidate {
  return {
    foundation: '1',
    component: 1,
    transport: 'udp',
    // RFC 8445 §5.1.2.1: of a host's only address.
    priority: 2 ** 24 * 126 + 2 ** 8 * 65_535 + 255,
    ip: address,
    port: audio.rtpPort,
    type: 'host',
  };
}

function hexadecimal(digest: readonly number[]): string {
  return digest.map((octet) => octet.toString(16).padStart(2, '0').toUpperCase()).join(':');
}
