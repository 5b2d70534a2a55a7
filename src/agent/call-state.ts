import type { SessionSnapshot, SrtpSuite } from '../media';
import type { Diverted, SessionEnd } from '../sip';
import type { ZrtpStatus } from '../zrtp';

export type CallState =
  /** INVITE sent, nothing heard. */
  | 'dialing'
  /** The far end rings. */
  | 'ringing'
  /** The far end calls; we ring. */
  | 'incoming'
  | 'active'
  | 'held'
  | 'ended';

export type Holder = 'us' | 'peer' | 'both';

/** A call at one moment. */
export interface CallStatus {
  readonly call: number;
  readonly direction: 'incoming' | 'outgoing';
  readonly state: CallState;
  /** Which account it is of, by its name; absent where none is configured. */
  readonly account?: string;
  /** The default account and why the call does not go out by it, in words. */
  readonly insteadOf?: string;
  /** Who holds; present when the state is `held`. */
  readonly heldBy?: Holder;
  /** URI of the far end. */
  readonly remote: string;
  readonly displayName?: string;
  /** Name in the phone book; of a caller only where it is proved who he is. */
  readonly contact?: string;
  /** Who has sent the call on to us, and why, as the registrar says it (Diversion, History-Info). */
  readonly diverted?: Diverted;
  /** Whom the far end named in its place, and is called now. */
  readonly redirectedTo?: string;
  /** Seconds since it was answered; 0 before. */
  readonly durationS: number;
  /** Who is in the conference that the far end is, as it tells (RFC 4575); absent where it is none, or tells nothing. */
  readonly participants?: readonly Participant[];
  /** How it ended, in words; present when the state is `ended`. */
  readonly ended?: string;
  readonly media?: SessionSnapshot;
  /** Present once the two descriptions have met. */
  readonly agreed?: AgreedMedia;
  /** What keeps media from flowing, in words; absent when nothing does. */
  readonly problems?: readonly string[];
}

/** One in the conference of a far end. */
export interface Participant {
  readonly uri: string;
  readonly displayName?: string;
  /** How he is there, as RFC 4575 §5.7.3 names it: `connected`, `on-hold`, `alerting`...; absent where it is not told. */
  readonly status?: string;
}

/** What the two descriptions agreed on, as far as the counters do not tell it. */
export interface AgreedMedia {
  /** How keys are sent: RFC 4733, or INFO when the far end has no telephone-event. */
  readonly keys: KeysBy;
  /** Present when sound and picture are encrypted, both. */
  readonly encryption?: CallEncryption;
  /** Where it is spoken, or asked for. */
  readonly zrtp?: ZrtpStatus;
  readonly picture?: {
    readonly payloadType: number;
    /** Of the format that was taken, RFC 6184 §8.1; the stream itself is of the camera's. Of H.265: 24 digits (ITU-T H.265 §7.3.3). */
    readonly profileLevelId: string;
    readonly cameraProfileLevelId?: string;
    /** Of H.264. */
    readonly packetizationMode?: 0 | 1;
    /** The far end named no packetization-mode. */
    readonly modeAssumed: boolean;
    /** Of packets that the far end missed (RFC 4588); absent: they go once more as they were. */
    readonly rtxPayloadType?: number;
    /** What the far end takes at most, bit/s. */
    readonly maxBitrate?: number;
  };
}

/** How a call is encrypted, RFC 3711. */
export interface CallEncryption {
  /** Of sound. */
  readonly suite: SrtpSuite;
  /**
   * Keys came in the session descriptions (SDES, RFC 4568), or between the two ends alone, by DTLS (RFC 5763) or
   * ZRTP (RFC 6189).
   */
  readonly keysBy: 'sdes' | 'dtls' | 'zrtp';
  /** By DTLS or ZRTP, or SIP went by TLS, at least to the next hop: otherwise who could read it has the keys. */
  readonly keysHidden: boolean;
}

/** The way a key takes: in the stream of sound (RFC 4733), or by INFO. */
export type KeysBy = 'rtp' | 'info';

/** How a call ended, for people. */
export function endInWords(end: SessionEnd, answered: boolean): string {
  const reason = `${end.status} ${end.reason}`.trim();
  switch (end.by) {
    case 'local':
      if (answered) return 'hung up here';
      return end.status === 487 ? 'given up here' : `refused here (${reason})`;
    case 'remote':
      if (answered) return 'hung up by the far end';
      if (end.status === 487) return 'given up by the far end';
      return end.status === 486 || end.status === 600
        ? 'busy'
        : `refused by the far end (${reason})`;
    case 'network':
      if (answered) return `lost: the far end is gone (${reason})`;
      return end.status === 408 ? 'the far end did not answer in time' : `failed (${reason})`;
  }
}
