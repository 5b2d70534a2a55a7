import type { Camera } from '../camera';
import {
  type AudioCodec,
  type MediaEngine,
  MediaException,
  type MediaSession,
  type SessionSettings,
  type SessionSnapshot,
  type VideoParameters,
  type VideoStreamSettings,
} from '../media';
import type { Logger } from '../platform';
import {
  type Direction,
  ipVersion,
  isUnspecified,
  type LocalMedia,
  type NegotiatedMedia,
  Negotiation,
  receives,
  SdpException,
  type VideoStream,
} from '../sdp';
import type { OfferAnswer, OfferRefusal } from '../sip';

/** Length of the packets we ask for and send when the peer asks for nothing, ms. */
const PTIME_MS = 20;

export interface CallMediaOptions {
  readonly engine: MediaEngine;
  readonly camera: Camera;
  readonly codecs: readonly AudioCodec[];
  /** Whether a picture may ever be offered. */
  readonly withVideo: boolean;
  /** Identifies our descriptions, RFC 8866 §5.2. */
  readonly sessionId: number;
  /** Numeric address the peer reaches us at. */
  readonly localAddress: string;
  readonly log: Logger;
}

/**
 * The media of one call: descriptions come and go on the SIP side, streams are set on the engine's.
 * Until the dialog is confirmed we listen only: nothing is said or shown to a phone whose ACK has
 * not come, and its first key frame is not lost.
 */
export class CallMedia implements OfferAnswer {
  readonly #options: CallMediaOptions;
  readonly #session: MediaSession;
  readonly #negotiation: Negotiation;
  readonly #log: Logger;
  #negotiated: NegotiatedMedia | undefined;
  #picture: VideoParameters | undefined;
  #confirmed = false;
  #holding = false;

  /** Binds the call's ports. @throws MediaException when that is not possible. */
  constructor(options: CallMediaOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#session = options.engine.openSession(options.localAddress, options.withVideo);
    this.#negotiation = new Negotiation({
      sessionId: options.sessionId,
      local: () => this.#localMedia(),
    });
  }

  get heldByPeer(): boolean {
    return this.#negotiated?.heldByPeer ?? false;
  }

  get holding(): boolean {
    return this.#holding;
  }

  /** A picture has come that the peer was never asked about. */
  get canAddVideo(): boolean {
    return (
      this.#confirmed &&
      this.#session.ports.videoRtpPort !== undefined &&
      this.#options.camera.picture !== undefined &&
      !this.#negotiation.videoSettled
    );
  }

  createOffer(): string {
    return this.#negotiation.createOffer(this.#holding);
  }

  handleOffer(offer: string): { readonly answer: string } | OfferRefusal {
    const outcome = this.#negotiation.handleOffer(offer, this.#holding);
    if (!('answer' in outcome)) {
      this.#log.warn('offer refused', { status: outcome.status, reason: outcome.reason });
      // RFC 3261 §25.1: what the log says would be too long, and too free, for a Reason-Phrase.
      return { status: outcome.status, warning: outcome.warning };
    }
    return this.#use(outcome.media) ? { answer: outcome.answer } : { status: 488 };
  }

  handleEarlyAnswer(answer: string): void {
    try {
      this.#use(this.#negotiation.handleAnswer(answer, { isEarly: true }));
    } catch (error) {
      if (!(error instanceof SdpException)) throw error;
      this.#log.info('early media cannot be heard', { reason: error.message });
    }
  }

  handleAnswer(answer: string): boolean {
    try {
      return this.#use(this.#negotiation.handleAnswer(answer));
    } catch (error) {
      if (!(error instanceof SdpException)) throw error;
      this.#log.warn('answer cannot be used', { reason: error.message });
      // A hold needs no consent: refused sound (port 0) or a missing description is as silent.
      return this.#holding && this.#negotiated !== undefined;
    }
  }

  /** From now on media flows both ways. */
  confirm(): void {
    this.#confirmed = true;
    this.#configure();
  }

  /** Silences this end at once; the peer learns of it by the next offer. */
  setHolding(holding: boolean): void {
    this.#holding = holding;
    this.#configure();
  }

  snapshot(): SessionSnapshot {
    return this.#session.snapshot();
  }

  close(): void {
    this.#session.close();
  }

  #localMedia(): LocalMedia {
    const { codecs, camera, localAddress } = this.#options;
    const { audioRtpPort, videoRtpPort } = this.#session.ports;
    // A camera that pauses in mid-call keeps its line: the picture goes on when it returns.
    this.#picture = camera.picture ?? this.#picture;
    return {
      address: localAddress,
      audio: { rtpPort: audioRtpPort, codecs, ptimeMs: PTIME_MS },
      ...(videoRtpPort !== undefined && this.#picture
        ? { video: { rtpPort: videoRtpPort, ...this.#picture } }
        : {}),
    };
  }

  #use(negotiated: NegotiatedMedia): boolean {
    const former = this.#negotiated;
    this.#negotiated = keepEndpoints(negotiated, former);
    if (this.#configure()) return true;
    this.#negotiated = former;
    return false;
  }

  #configure(): boolean {
    try {
      this.#session.configure(this.#settings());
      return true;
    } catch (error) {
      if (!(error instanceof MediaException)) throw error;
      this.#log.error('streams not set', { reason: error.message });
      return false;
    }
  }

  #settings(): SessionSettings {
    const { audio, video } = this.#negotiated ?? {};
    const open = this.#confirmed && !this.#holding;
    const listens = !this.#holding && audio !== undefined && receives(audio.direction);
    return {
      ...(audio && isReachable(audio.remote.address)
        ? {
            audio: {
              ...audio,
              direction: open ? audio.direction : listens ? 'recvonly' : 'inactive',
            },
          }
        : {}),
      ...(video && isReachable(video.remote.address)
        ? { video: videoSettings(video, open ? video.direction : 'inactive') }
        : {}),
    };
  }
}

function videoSettings(
  { modeAssumed: _, profileLevelId: __, ...video }: VideoStream,
  direction: Direction,
): VideoStreamSettings {
  return { ...video, direction };
}

/** An old-style hold names no address (RFC 3264 §8.4): the former one still stands for RTCP. */
function keepEndpoints(
  negotiated: NegotiatedMedia,
  former: NegotiatedMedia | undefined,
): NegotiatedMedia {
  const { audio, video } = negotiated;
  return {
    ...negotiated,
    audio: isReachable(audio.remote.address)
      ? audio
      : { ...audio, remote: former?.audio.remote ?? audio.remote },
    ...(video && !isReachable(video.remote.address)
      ? { video: { ...video, remote: former?.video?.remote ?? video.remote } }
      : {}),
  };
}

function isReachable(address: string): boolean {
  return ipVersion(address) !== undefined && !isUnspecified(address);
}
