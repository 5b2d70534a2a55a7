/** Shapes of negotiated media; structurally those of the media plane, which `sdp/` does not know. */

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
export type AudioCodec = 'PCMA' | 'PCMU';

/** What this end can do at the moment a description is built. */
export interface LocalMedia {
  /** Numeric address for the c= line. */
  readonly address: string;
  readonly audio: {
    /** RTCP is on the next port, so that RFC 3605's attribute is not needed. */
    readonly rtpPort: number;
    /** In order of preference. */
    readonly codecs: readonly AudioCodec[];
    /** Length of packet we like to receive, ms. */
    readonly ptimeMs: number;
  };
  /** Absent when there is no picture to send. */
  readonly video?: {
    readonly rtpPort: number;
    /** Six hexadecimal digits, RFC 6184 §8.1. */
    readonly profileLevelId: string;
    /** `sps,pps`, each Base64; empty when not known. */
    readonly spropParameterSets: string;
  };
}

export interface RemoteEndpoint {
  readonly address: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** One agreed stream; `direction` is ours. */
export interface AudioStream {
  readonly codec: AudioCodec;
  readonly payloadType: number;
  readonly remote: RemoteEndpoint;
  readonly direction: Direction;
  /** Length of packets to send, ms. */
  readonly ptimeMs: number;
}

export interface VideoStream {
  readonly codec: 'H264';
  readonly payloadType: number;
  readonly remote: RemoteEndpoint;
  readonly direction: Direction;
  readonly packetizationMode: 0 | 1;
}

/** The outcome of one offer/answer exchange. */
export interface NegotiatedMedia {
  readonly audio: AudioStream;
  readonly video?: VideoStream;
  /** The peer does not want to hear us (RFC 3264 §8.4). */
  readonly heldByPeer: boolean;
}

/** A description that cannot be used, with words for the log and the Reason phrase. */
export class SdpException extends Error {
  override readonly name = 'SdpException';
  constructor(
    readonly code: 'malformed' | 'no-usable-audio' | 'not-an-answer',
    message: string,
  ) {
    super(message);
  }
}
