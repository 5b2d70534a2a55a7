import type { MediaDescription, SessionDescription } from 'sdp-transform';
import type { AudioCodec } from '../codecs';

/** Shapes of negotiated media; structurally those of the media plane, which `sdp/` does not know. */

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** Cipher and authentication of SRTP: RFC 4568 §6.2, RFC 6188 §4, RFC 7714 §14.2. */
export type SrtpSuite =
  | 'AES_CM_128_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_32'
  | 'AES_256_CM_HMAC_SHA1_80'
  | 'AES_256_CM_HMAC_SHA1_32'
  | 'AEAD_AES_128_GCM'
  | 'AEAD_AES_256_GCM';

/** What one end encrypts with. */
export interface SrtpKey {
  /** Master key and master salt, one behind the other. */
  readonly master: readonly number[];
  /** Master key identifier that its packets carry; absent for none. */
  readonly mki?: readonly number[];
}

/** How a stream is encrypted, RFC 3711. */
export interface Srtp {
  readonly suite: SrtpSuite;
  readonly send: SrtpKey;
  readonly receive: SrtpKey;
}

/** Whether sound and picture are encrypted, by keys in the description (SDES, RFC 4568). */
export interface SrtpTerms {
  /** Without it there is no call; otherwise it is where the peer can. */
  readonly required: boolean;
  /** The way of the description keeps keys secret, or need not: otherwise we offer none. */
  readonly mayOfferKeys: boolean;
  /** Unpredictable bytes. */
  readonly newKey: (bytes: number) => Uint8Array;
}

/** In a description, of ZRTP. */
export interface ZrtpAnnounced {
  /** The value of `a=zrtp-hash`. */
  readonly zrtpHash?: string;
}

/** Keys come by the way of media (ZRTP, RFC 6189), where the description brings none. */
export interface ZrtpTerms {
  /** What stands in our line of that kind (§8). */
  describe(media: string): Partial<MediaDescription>;
  /** What the peer says of it in a line. */
  read(lines: readonly string[]): ZrtpAnnounced;
}

/** Of a certificate (RFC 8122). */
export interface Fingerprint {
  readonly hash: 'sha-256' | 'sha-384' | 'sha-512';
  readonly digest: readonly number[];
}

/** Who begins the handshake of DTLS: the client. */
export type DtlsRole = 'client' | 'server';

/** The far end of a call by ICE and DTLS; `role` is ours. */
export interface SecurePeer {
  readonly fingerprint: Fingerprint;
  readonly role: DtlsRole;
}

/** A media line of the peer's as it is written. */
export interface WrittenLine {
  readonly type: string;
  readonly protocol: string;
  readonly lines: readonly string[];
  /** What stands above all media lines. */
  readonly above: readonly string[];
}

/** Answers lines by ICE and DTLS, all on one port; what does it is loaded with the first such call. */
export interface Bundling {
  /** What is asked of an offer, in words. */
  readonly expected: string;
  /** What the answer says of a line beside its media; undefined for one that cannot be served. */
  answer(line: WrittenLine, local: LocalMedia): Partial<MediaDescription> | undefined;
  /** Of one that is refused (RFC 8843 §7.3.3). */
  refusal(line: WrittenLine): Partial<MediaDescription>;
  /** What the answer says above its media lines. */
  describe(media: readonly MediaDescription[]): Partial<SessionDescription>;
}

/** Says in our descriptions how we are reached by ICE; what does it is loaded where ICE is configured. */
export interface IceWriter {
  /** @param media our lines as they are without. */
  describe(media: readonly MediaDescription[]): Partial<SessionDescription>;
}

/** What this end can do at the moment a description is built. */
export interface LocalMedia {
  /** Numeric address for the c= line. */
  readonly address: string;
  /** Absent: nothing is encrypted, and nothing that is is taken. */
  readonly srtp?: SrtpTerms;
  readonly zrtp?: ZrtpTerms;
  /** With it nothing but lines by ICE and DTLS is served. */
  readonly bundle?: Bundling;
  readonly ice?: IceWriter;
  readonly audio: {
    /** RTCP is on the next port, so that RFC 3605's attribute is not needed. */
    readonly rtpPort: number;
    /** In order of preference. */
    readonly codecs: readonly AudioCodec[];
    /** Length of packet we like to receive, ms. */
    readonly ptimeMs: number;
    /** As a good telephone has them, if absent. */
    readonly wishes?: AudioWishes;
  };
  /** Absent when there is no picture to send. */
  readonly video?: PictureParameters & {
    readonly rtpPort: number;
    /** Of the camera's codec; absent: H.264. */
    readonly form?: PictureForm;
    /** Whose packets they will be; absent: it is not known yet, and nothing goes by RTX. */
    readonly sources?: VideoSources;
  };
}

/** Who speaks in the packets of the picture (RFC 5576). */
export interface VideoSources {
  readonly ssrc: number;
  /** Of packets that are sent once more (RFC 4588). */
  readonly rtxSsrc: number;
  readonly cname: string;
}

/** What the camera's parameter sets say. */
export interface PictureParameters {
  /** Six hexadecimal digits, RFC 6184 §8.1; of H.265 the 24 of its general profile, tier and level. */
  readonly profileLevelId: string;
  /** `sps,pps`, of H.265 `vps,sps,pps`, each Base64; empty when not known. */
  readonly spropParameterSets: string;
}

/** What this end wishes of the sound that is sent and received, beyond the codec. */
export interface AudioWishes {
  /** Little or nothing is to be sent in pauses of speech, both ways. */
  readonly silenceSuppression: boolean;
  readonly opus: {
    /** bit/s at most, both ways. */
    readonly bitrate: number;
    /** Sound of a higher rate is of no use here, Hz. */
    readonly playbackRate: number;
    readonly constantBitrate: boolean;
  };
}

export const USUAL_WISHES: AudioWishes = {
  silenceSuppression: false,
  opus: { bitrate: 32_000, playbackRate: 48_000, constantBitrate: false },
};

/** What the far end wants of what we send (a=fmtp), within our own wishes. */
export interface EncoderSettings {
  readonly bitrate?: number;
  readonly playbackRate?: number;
  readonly constantBitrate?: boolean;
  readonly forwardErrorCorrection?: boolean;
  readonly discontinuous?: boolean;
  /** AMR: which of its modes may be sent, one bit each. */
  readonly modes?: number;
}

/** Where a stream of the peer's is received. Addresses stand as it wrote them: numeric, or a name. */
export interface RemoteEndpoint {
  readonly address: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
  /** Of RTCP, where RFC 3605 names another one. */
  readonly rtcpAddress?: string;
  /** Agreed on: RTCP shares RTP's port at both ends (RFC 5761). */
  readonly rtcpMux?: true;
}

export interface AudioFormat {
  readonly codec: AudioCodec;
  readonly payloadType: number;
}

/** A payload type of keys (RFC 4733) or noise (RFC 3389), which counts at some codec's clock. */
export interface MarkFormat {
  readonly payloadType: number;
  readonly kind: 'keys' | 'noise';
  readonly clockRate: number;
}

/** One agreed stream; `direction` is ours. */
export interface AudioStream extends AudioFormat {
  /** All that may come, at any time (RFC 3264 §6.1); `codec` and `payloadType` are what we send. */
  readonly receive: readonly AudioFormat[];
  readonly encoder?: EncoderSettings;
  /** Payload type of telephone-event (RFC 4733); absent when the peer has none. */
  readonly telephoneEvent?: number;
  /** Its clock, where that is not the one of `codec`, Hz. */
  readonly telephoneEventRate?: number;
  /** Payload type of comfort noise (RFC 3389) at the clock of `codec`; absent where one of both does not wish it in pauses. */
  readonly comfortNoise?: number;
  /** Keys and noise that may come beside those, at the clocks of other codecs. */
  readonly alsoMarks?: readonly MarkFormat[];
  readonly remote: RemoteEndpoint;
  /** Absent: not encrypted. */
  readonly srtp?: Srtp;
  /** What the peer says of its ZRTP. */
  readonly zrtpHash?: string;
  readonly direction: Direction;
  /** Length of packets to send, ms. */
  readonly ptimeMs: number;
  /** The peer asks for VoIP metrics, or for reference times, by RTCP (RFC 3611). */
  readonly voipMetrics?: true;
  readonly receiverRoundTrip?: true;
}

export type PictureCodec = 'H264' | 'H265';

/** A picture over RTP, RFC 6184 §8.1 or RFC 7798 §7.1, as it stands in our description. */
export interface PictureFormat {
  readonly payloadType: number;
  /** Of H.264. */
  readonly packetizationMode: 0 | 1;
  /** As PictureParameters has it. */
  readonly profileLevelId: string;
}

/** One of the peer's, of any line. */
export interface PeerFormat {
  readonly payloadType: number;
  /** Name in capitals; empty when not known. */
  readonly encoding: string;
  readonly clockRate: number;
  /** Of a=fmtp, names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A format of the peer's that was taken. */
export interface ChosenFormat extends PictureFormat {
  /** The peer named no packetization-mode. */
  readonly modeAssumed: boolean;
  /** The peer lets each end have its own level, RFC 6184 §8.1. */
  readonly levelAsymmetry: boolean;
}

/** How pictures of one codec are offered, taken and described. */
export interface PictureForm {
  readonly codec: PictureCodec;
  /** All we can offer; what is `agreed` on comes first, and numbers in `taken` had another meaning. */
  offered(
    own: PictureParameters,
    agreed: readonly PictureFormat[],
    taken: readonly number[],
  ): readonly PictureFormat[];
  /**
   * Of the peer's formats the one that suits our stream best; undefined for none.
   * @param offered our own formats, when those are of an answer: it need not repeat what we said of them.
   */
  choose(
    formats: readonly PeerFormat[],
    own: PictureParameters,
    offered?: readonly PictureFormat[],
  ): ChosenFormat | undefined;
  /** The a=fmtp value of our stream. */
  parameters(format: PictureFormat, own: PictureParameters, levelAsymmetry: boolean): string;
}

export interface VideoStream extends PictureFormat {
  readonly codec: PictureCodec;
  readonly remote: RemoteEndpoint;
  /** Absent: not encrypted. */
  readonly srtp?: Srtp;
  /** What the peer says of its ZRTP. */
  readonly zrtpHash?: string;
  readonly direction: Direction;
  /** The peer named no packetization-mode. */
  readonly modeAssumed: boolean;
  /** Of what is sent once more (RFC 4588); absent: it goes as it was. */
  readonly rtxPayloadType?: number;
  /** What the peer takes at most, bit/s; absent when it sets no limit. */
  readonly maxBitrate?: number;
}

/** The outcome of one offer/answer exchange. */
export interface NegotiatedMedia {
  readonly audio: AudioStream;
  readonly video?: VideoStream;
  /** The peer does not want to hear us (RFC 3264 §8.4). */
  readonly heldByPeer: boolean;
}

/** Why a description is refused, for a Warning header: codes of RFC 3261 §20.43. */
export interface Warning {
  readonly code: WarningCode;
  readonly text: string;
}

export type WarningCode =
  /** Incompatible network address formats. */
  | 301
  /** Incompatible transport protocol. */
  | 302
  /** Media type not available. */
  | 304
  /** Incompatible media format. */
  | 305
  /** Miscellaneous. */
  | 399;

/** A refusal as SIP sends it: the status owed, and the words that go with it. */
export interface Refusal {
  readonly status: 400 | 488;
  readonly reason: string;
  readonly warning: Warning;
}

/** A description that cannot be used, with words for the log and the Warning. */
export class SdpException extends Error {
  override readonly name = 'SdpException';
  constructor(
    readonly code: 'malformed' | 'no-usable-audio' | 'not-an-answer',
    message: string,
    readonly warning: WarningCode = 399,
  ) {
    super(message);
  }

  /** RFC 3261 §21.4.1 for what cannot be read, §21.4.26 for what cannot be served. */
  get refusal(): Refusal {
    const status = this.code === 'malformed' ? 400 : 488;
    return { status, reason: this.message, warning: { code: this.warning, text: this.message } };
  }
}
