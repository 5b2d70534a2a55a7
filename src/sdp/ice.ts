import type { MediaDescription } from 'sdp-transform';
import { ipVersion, isUnspecified } from './address';
import { parseDescription } from './description';
import { readLineSecurity } from './line-security';
import type { MediaLine } from './media-line';

export type IceCandidateKind = 'host' | 'srflx' | 'prflx' | 'relay';

/** A way to an end, RFC 8839 §5.1; over UDP. */
export interface IceCandidate {
  readonly foundation: string;
  /** 1 is RTP, 2 is RTCP. */
  readonly component: 1 | 2;
  readonly priority: number;
  readonly address: string;
  readonly port: number;
  readonly kind: IceCandidateKind;
  readonly related?: { readonly address: string; readonly port: number };
}

/** What one line of the peer's says of ICE. */
export interface IceLine {
  readonly type: string;
  readonly fragment: string;
  readonly password: string;
  readonly candidates: readonly IceCandidate[];
  /** Where it is received without ICE. */
  readonly address: string;
  readonly port: number;
  /** That is none of the candidates: something on the way has changed it (RFC 8839 §4.2.5). */
  readonly isMismatched: boolean;
}

export interface IceDescription {
  /** RFC 8445 §2.5. */
  readonly isLite: boolean;
  /** In the order of the lines; undefined for one that is disabled, or has no ICE. */
  readonly lines: readonly (IceLine | undefined)[];
}

/** What our description says of ICE in one line. */
export interface IceTerms {
  readonly fragment: string;
  readonly password: string;
  readonly candidates: readonly IceCandidate[];
  /** Where we are received, of each component, where that is not the line's own (RFC 8839 §4.2.1.2). */
  readonly defaults: readonly IceCandidate[];
  /** The other ends of the pairs in use (RFC 8839 §5.2); of the controlling end's offers. */
  readonly remote: readonly Pick<IceCandidate, 'component' | 'address' | 'port'>[];
}

/** More than anybody has; the rest is passed over. */
const MAX_CANDIDATES = 64;
const CANDIDATE =
  /^a=candidate:([\w+/]{1,32}) ([12]) udp (\d{1,10}) (\S{1,64}) (\d{1,5}) typ (host|srflx|prflx|relay)(?: |$)/i;
const KINDS: readonly IceCandidateKind[] = ['host', 'srflx', 'prflx', 'relay'];
/** RFC 8840 §4.1.1: an end that names its candidates later is received at none yet. */
const DISCARD_PORT = 9;

/** What the peer's description says of ICE; nothing where it cannot be read. */
export function readIce(text: string): IceDescription {
  try {
    const { media } = parseDescription(text);
    const isLite = media.some(({ above }) => above.includes('a=ice-lite'));
    return { isLite, lines: media.map(iceLine) };
  } catch {
    // Whoever negotiates says why.
    return { isLite: false, lines: [] };
  }
}

function iceLine(line: MediaLine): IceLine | undefined {
  const { fragment, password } = readLineSecurity(line);
  if (line.port === 0 || !fragment || !password) return undefined;
  const candidates = line.lines.flatMap(candidateOf).slice(0, MAX_CANDIDATES);
  const { address, rtpPort } = line.remote;
  // An old-style hold (RFC 3264 §8.4) names no address, and some name no candidates once a pair is chosen.
  const isThere =
    rtpPort === DISCARD_PORT ||
    isUnspecified(address) ||
    candidates.length === 0 ||
    candidates.some((one) => one.address === address && one.port === rtpPort);
  return {
    ...{ type: line.type, fragment, password, candidates, address, port: rtpPort },
    isMismatched: !isThere,
  };
}

/** §5.1: what nobody knows, names and other transports, is passed over. */
function candidateOf(line: string): IceCandidate[] {
  const [, foundation = '', component, priority, address = '', port, kind] =
    CANDIDATE.exec(line) ?? [];
  const known = KINDS.find((one) => one === kind?.toLowerCase());
  const number = Number(port);
  if (!known || ipVersion(address) === undefined || number < 1 || number > 65_535) return [];
  return [
    {
      foundation,
      component: component === '1' ? 1 : 2,
      priority: Math.min(Number(priority), 2 ** 31 - 1),
      address: address.toLowerCase(),
      port: number,
      kind: known,
    },
  ];
}

/** A media line of ours with what there is to say of ICE. */
export function withIce(line: MediaDescription, terms: IceTerms): MediaDescription {
  const { fragment, password, candidates, defaults, remote } = terms;
  const rtp = defaults.find(({ component }) => component === 1);
  const rtcp = defaults.find(({ component }) => component === 2);
  const ofRemote = remote.map(({ component, address, port }) => `${component} ${address} ${port}`);
  return {
    ...line,
    ...(rtp
      ? { port: rtp.port, connection: { version: ipVersion(rtp.address) ?? 4, ip: rtp.address } }
      : {}),
    ...(rtcp
      ? {
          rtcp: {
            port: rtcp.port,
            netType: 'IN',
            ipVer: ipVersion(rtcp.address) ?? 4,
            address: rtcp.address,
          },
        }
      : {}),
    iceUfrag: fragment,
    icePwd: password,
    candidates: candidates.map(written),
    ...(ofRemote.length > 0 ? { remoteCandidates: ofRemote.join(' ') } : {}),
  };
}

/** RFC 8839 §5.4: our answer says that the offer's addresses were changed on the way. */
export function withMismatch(line: MediaDescription): MediaDescription {
  return { ...line, invalid: [...(line.invalid ?? []), { value: 'ice-mismatch' }] };
}

function written({
  address,
  kind,
  related,
  ...candidate
}: IceCandidate): NonNullable<MediaDescription['candidates']>[number] {
  return {
    ...candidate,
    transport: 'udp',
    ip: address,
    type: kind,
    ...(related ? { raddr: related.address, rport: related.port } : {}),
  };
}
