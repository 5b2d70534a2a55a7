import type { Camera } from '../camera';
import {
  type MediaEngine,
  MediaException,
  type MediaSession,
  type SessionSettings,
  type SessionSnapshot,
  type VideoParameters,
  type VideoStreamSettings,
} from '../media';
import type { Clock, Logger } from '../platform';
import {
  type AudioStream,
  type Direction,
  ipVersion,
  isUnspecified,
  type LocalMedia,
  type NegotiatedMedia,
  Negotiation,
  type PictureForms,
  type RemoteEndpoint,
  receives,
  SdpException,
  type SrtpTerms,
  sends,
  type VideoStream,
} from '../sdp';
import type { DtmfKey, OfferAnswer, OfferRefusal } from '../sip';
import type { Zrtp, ZrtpCall } from '../zrtp';
import type { SecureMedia } from './browser-media';
import type { AgreedMedia } from './call-state';
import type { HostNames } from './host-names';
import type { IceKit, IceMedia } from './ice';
import { Playback, type Sound } from './playback';
import type { SoundPlan } from './sound-plan';

/** Length of the packets we ask for and send when the peer asks for nothing, ms. */
const PTIME_MS = 20;

export interface CallMediaOptions {
  readonly engine: MediaEngine;
  readonly camera: Camera;
  readonly forms: PictureForms;
  readonly sound: SoundPlan;
  /** Whether a picture may ever be offered. */
  readonly withVideo: boolean;
  /** On which terms it is encrypted; undefined: not at all. */
  readonly srtp?: SrtpTerms;
  /** Its keys may come by ZRTP. */
  readonly zrtp?: Zrtp;
  /** The far end comes by ICE and DTLS, and its keys by those. */
  readonly secure?: SecureMedia;
  /** Finds its way by ICE where the far end does, too. */
  readonly ice?: IceKit | undefined;
  /** Nobody on the way of our descriptions can read them. */
  readonly keysHidden: boolean;
  /** Identifies our descriptions, RFC 8866 §5.2. */
  readonly sessionId: number;
  /** Numeric address the peer reaches us at. */
  readonly localAddress: string;
  readonly names: HostNames;
  /** What the far end hears while we hold it; silence without. */
  readonly holdSound: () => Sound | undefined;
  readonly listener: CallMediaListener;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface CallMediaListener {
  /** The far end pressed a key, by RFC 4733. */
  onKey(key: DtmfKey): void;
  /** ZRTP has come further, or has gone wrong. */
  onSecurity(): void;
  /** There is nowhere to send sound to, and there never was: why, in words. */
  onNowhere(reason: string): void;
  /** The far end is to be told anew where we are. */
  onOfferWanted(): void;
}

/**
 * The media of one call: descriptions come and go on the SIP side, streams are set on the engine's.
 * Until the dialog is confirmed we listen only: nothing is said or shown to a phone whose ACK has
 * not come, and its first key frame is not lost.
 */
export class CallMedia implements OfferAnswer {
  readonly #options: CallMediaOptions;
  #session: MediaSession;
  #ice: IceMedia | undefined;
  #localAddress: string;
  /** When the streams were opened at another address. */
  #movedAt: number | undefined;
  readonly zrtp: ZrtpCall | undefined;
  readonly #negotiation: Negotiation;
  readonly #log: Logger;
  readonly #stopListening: readonly (() => void)[];
  /** Why host names of the description in force have no address, by name. */
  readonly #failures = new Map<string, string>();
  /** Sound had somewhere to go. */
  #wasReachable = false;
  #negotiated: NegotiatedMedia | undefined;
  #picture: VideoParameters | undefined;
  #confirmed = false;
  #isClosed = false;
  /** The description in force is that of a provisional response. */
  #isEarly = false;
  #holding = false;
  /** Other calls that the far end hears, by their sessions. */
  #hears: readonly number[] = [];
  readonly #music: Playback;
  /** The far end is held, and hears something instead of the microphone. */
  #hasMusic = false;

  /** Binds the call's ports. @throws MediaException when that is not possible. */
  constructor(options: CallMediaOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#localAddress = options.localAddress;
    this.#music = new Playback(options.engine, options.log);
    const { engine, localAddress, withVideo, secure } = options;
    this.#session = engine.openSession(localAddress, withVideo, secure?.settings);
    this.zrtp = options.zrtp?.open({
      events: engine.events,
      session: () => this.#session,
      changed: () => {
        this.#configure();
        options.listener.onSecurity();
      },
      failed: (reason) => options.listener.onNowhere(reason),
    });
    this.#negotiation = new Negotiation({
      sessionId: options.sessionId,
      local: () => this.#localMedia(),
    });
    this.#openIce();
    const isOurs = (session: number): boolean => session === this.#session.id;
    this.#stopListening = [
      engine.events.on('dtmf', (session, digit, durationMs) => {
        if (isOurs(session)) options.listener.onKey({ digit, durationMs });
      }),
      engine.events.on('secured', (session, farEnd, suite) => {
        if (!isOurs(session)) return;
        this.#log.info('secured', { farEnd: farEnd.address, port: farEnd.port, suite });
        secure?.secured(farEnd, suite);
      }),
      engine.events.on('insecure', (session, error) => {
        if (!isOurs(session)) return;
        secure?.failed();
        options.listener.onNowhere(error);
      }),
    ];
  }

  /** Until then it is found out where we can be reached; undefined: no description has to wait. */
  get ready(): Promise<void> | undefined {
    return this.#ice?.ready;
  }

  /** What was agreed on, as far as the counters do not tell it. */
  get agreed(): AgreedMedia | undefined {
    const { audio, video } = this.#negotiated ?? {};
    if (!audio) return undefined;
    const own = this.#picture?.profileLevelId;
    return {
      ...this.#encryption(audio, video),
      ...this.zrtp?.agreed,
      keys: audio.telephoneEvent === undefined ? 'info' : 'rtp',
      ...(video ? { picture: agreedPicture(video, own) } : {}),
    };
  }

  #encryption(
    { srtp }: AudioStream,
    video: VideoStream | undefined,
  ): Pick<AgreedMedia, 'encryption'> {
    const { secure } = this.#options;
    if (secure) return secure.encryption ? { encryption: secure.encryption } : {};
    if (!srtp || (video && !video.srtp)) return {};
    const { keysHidden } = this.#options;
    return { encryption: { suite: srtp.suite, keysBy: 'sdes', keysHidden } };
  }

  /** What keeps media from flowing, in words. */
  get problems(): readonly string[] {
    return [
      ...this.#failures.values(),
      ...(this.#ice?.problems ?? []),
      ...(this.zrtp?.problems ?? []),
    ];
  }

  /** Sends keys by RFC 4733; false when that is not possible now. @throws MediaException */
  sendEvents(digits: string): boolean {
    if (this.#negotiated?.audio.telephoneEvent === undefined) return false;
    try {
      this.#session.sendDtmf(digits);
      return true;
    } catch (error) {
      if (error instanceof MediaException && error.code === 'no-telephone-event') return false;
      throw error;
    }
  }

  get heldByPeer(): boolean {
    return this.#negotiated?.heldByPeer ?? false;
  }

  get holding(): boolean {
    return this.#holding;
  }

  /** A picture has come that the peer was never asked about, or of another codec than was agreed on. */
  get canAddVideo(): boolean {
    const { secure, camera } = this.#options;
    const { codec } = camera.picture ?? {};
    return (
      this.#confirmed &&
      !secure &&
      this.#session.ports.videoRtpPort !== undefined &&
      codec !== undefined &&
      (!this.#negotiation.videoSettled || (this.#negotiated?.video?.codec ?? codec) !== codec)
    );
  }

  createOffer(): string {
    this.#ice?.prepareOffer();
    return this.#negotiation.createOffer(this.#holding);
  }

  handleOffer(offer: string): { readonly answer: string } | OfferRefusal {
    this.#ice?.hear(offer, true);
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
      this.#ice?.hear(answer, false);
      this.#use(this.#negotiation.handleAnswer(answer, { isEarly: true }), true);
    } catch (error) {
      if (!(error instanceof SdpException)) throw error;
      this.#log.info('early media cannot be heard', { reason: error.message });
    }
  }

  /** Closed streams forget whom they have heard: what comes next begins afresh, at the same address too. */
  endEarlyMedia(): void {
    if (!this.#isEarly) return;
    this.#isEarly = false;
    this.#negotiated = undefined;
    this.#failures.clear();
    this.#configure();
  }

  handleAnswer(answer: string): boolean {
    try {
      this.#ice?.hear(answer, false);
      return this.#use(this.#negotiation.handleAnswer(answer));
    } catch (error) {
      if (!(error instanceof SdpException)) throw error;
      this.#log.warn('answer cannot be used', { reason: error.message });
      // A hold needs no consent: refused sound (port 0) or a missing description is as silent.
      this.#endMusic();
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
    this.#changeSound();
    this.#configure();
  }

  /** The far end lost the picture and said so by SIP (RFC 5168). */
  requestKeyFrame(): void {
    this.#options.engine.requestKeyFrame();
  }

  /** Of the media plane; another one after `moveTo`. */
  get sessionId(): number {
    return this.#session.id;
  }

  /** What is heard is of a provisional response. */
  get hasEarlyMedia(): boolean {
    return this.#isEarly;
  }

  /** Which other calls this one hears, by their sessions. */
  hear(calls: readonly number[]): void {
    this.#hears = calls;
    this.#route();
  }

  get localAddress(): string {
    return this.#localAddress;
  }

  /**
   * Opens the streams anew at another address of this machine: what they counted begins anew, too. They
   * send from there at once; the peer learns of it by the next offer. @throws MediaException
   */
  moveTo(localAddress: string): void {
    const { engine, withVideo, clock } = this.#options;
    const former = this.#session;
    this.#session = engine.openSession(localAddress, withVideo);
    this.#localAddress = localAddress;
    this.#movedAt = clock.now();
    this.#openIce();
    former.close();
    this.#changeSound();
    this.#configure();
  }

  snapshot(): SessionSnapshot {
    const snapshot = this.#session.snapshot();
    if (this.#movedAt === undefined) return snapshot;
    return { silentMs: this.#options.clock.now() - this.#movedAt, ...snapshot };
  }

  close(): void {
    this.#isClosed = true;
    this.zrtp?.close();
    for (const stop of this.#stopListening) stop();
    this.#ice?.close();
    this.#session.close();
  }

  #openIce(): void {
    const { ice, listener } = this.#options;
    const onChange = (): boolean => this.#configure();
    this.#ice = ice?.open(this.#session, this.#localAddress, { listener, onChange }, this.#ice);
  }

  #localMedia(): LocalMedia {
    const { sound, camera, forms, srtp, secure } = this.#options;
    const { ports, videoSources } = this.#session;
    const { audioRtpPort, videoRtpPort } = ports;
    // A camera that pauses in mid-call keeps its line: the picture goes on when it returns.
    this.#picture = camera.picture ?? this.#picture;
    const form = this.#picture && forms.of(this.#picture.codec);
    return {
      address: this.#localAddress,
      ...(srtp ? { srtp } : {}),
      ...(this.zrtp && { zrtp: this.zrtp }),
      ...(secure ? { bundle: secure.bundle } : {}),
      ...(this.#ice ? { ice: this.#ice } : {}),
      audio: { rtpPort: audioRtpPort, ...sound, ptimeMs: PTIME_MS },
      ...(videoRtpPort !== undefined && this.#picture && form
        ? {
            video: {
              rtpPort: videoRtpPort,
              ...this.#picture,
              form,
              ...(videoSources ? { sources: videoSources } : {}),
            },
          }
        : {}),
    };
  }

  #use(negotiated: NegotiatedMedia, isEarly = false): boolean {
    this.endEarlyMedia();
    const former = this.#negotiated;
    this.#negotiated = keepEndpoints(negotiated, former);
    this.#ice?.begin(this.#negotiated);
    if (!this.#configure()) {
      this.#negotiated = former;
      return false;
    }
    this.#isEarly = isEarly;
    this.#lookUpNames();
    return true;
  }

  /** Meanwhile media that wait for a name go nowhere. */
  #lookUpNames(): void {
    const { names } = this.#options;
    this.#failures.clear();
    for (const host of this.#hostNames) {
      if (names.known(host, this.#family) !== undefined) continue;
      names.find(host, this.#family, (finding) => {
        // The description may be another one by now, or the call over.
        if (!this.#hostNames.includes(host) || this.#isClosed) return;
        if ('address' in finding) this.#configure();
        else this.#onNoAddress(host, finding.failure);
      });
    }
  }

  #onNoAddress(host: string, reason: string): void {
    this.#failures.set(host, reason);
    const isSound = host === this.#negotiated?.audio.remote.address;
    // The answer may still name another place than early media did.
    if (isSound && !this.#wasReachable && !this.#isEarly) this.#options.listener.onNowhere(reason);
  }

  get #family(): 4 | 6 {
    return ipVersion(this.#localAddress) ?? 4;
  }

  get #hostNames(): string[] {
    const { audio, video } = this.#negotiated ?? {};
    if (this.#options.secure) return [];
    const addresses = [audio?.remote, video?.remote].flatMap((remote) =>
      remote ? [remote.address, remote.rtcpAddress ?? ''] : [],
    );
    const names = addresses.filter((host) => host !== '' && ipVersion(host) === undefined);
    return [...new Set(names)];
  }

  /** Where to send, in numbers; undefined while that is nowhere. */
  #resolve(kind: 'audio' | 'video', remote: RemoteEndpoint): RemoteEndpoint | undefined {
    const { secure } = this.#options;
    if (secure) return secure.remote;
    const described = this.#described(remote);
    return this.#ice ? this.#ice.where(kind, described) : described;
  }

  #described({ address, rtcpAddress, ...ports }: RemoteEndpoint): RemoteEndpoint | undefined {
    const numeric = (host: string): string | undefined =>
      ipVersion(host) ? host : this.#options.names.known(host, this.#family);
    const known = numeric(address);
    if (known === undefined || isUnspecified(known)) return undefined;
    const rtcp = rtcpAddress === undefined ? undefined : numeric(rtcpAddress);
    return { address: known, ...ports, ...(rtcp === undefined ? {} : { rtcpAddress: rtcp }) };
  }

  /** Music only once it is sure that the microphone and other calls are not heard beside it. */
  #changeSound(): void {
    const sound = this.#holding ? this.#options.holdSound() : undefined;
    this.#hasMusic = sound !== undefined;
    if (!this.#route()) this.#hasMusic = false;
    if (sound && this.#hasMusic) {
      this.#music.begin({ session: this.#session.id, ...sound, repeats: true });
    } else {
      this.#music.end();
    }
  }

  #endMusic(): void {
    if (!this.#hasMusic) return;
    this.#hasMusic = false;
    this.#music.end();
    this.#configure();
  }

  #route(): boolean {
    const open = !this.#holding;
    try {
      this.#session.route({ microphone: open, calls: open ? this.#hears : [] });
      return true;
    } catch (error) {
      if (!(error instanceof MediaException)) throw error;
      this.#log.error('who is heard is not set', { reason: error.message });
      return false;
    }
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
    const sound = audio && this.#resolve('audio', audio.remote);
    const picture = video && this.#resolve('video', video.remote);
    if (sound) this.#wasReachable = true;
    const settings = {
      ...(audio && sound
        ? {
            audio: {
              ...audio,
              remote: sound,
              direction: this.#soundDirection(audio.direction),
            },
          }
        : {}),
      ...(video && picture
        ? { video: videoSettings(video, picture, open ? video.direction : 'inactive') }
        : {}),
    };
    return this.zrtp?.apply(settings, this.#confirmed) ?? settings;
  }

  /** Before the dialog is confirmed we listen only; a far end that is held is not heard, and hears music at most. */
  #soundDirection(agreed: Direction): Direction {
    if (this.#holding)
      return this.#hasMusic && this.#confirmed && sends(agreed) ? 'sendonly' : 'inactive';
    if (this.#confirmed) return agreed;
    return receives(agreed) ? 'recvonly' : 'inactive';
  }
}

function agreedPicture(
  { codec, packetizationMode, direction: _, remote: __, srtp: ___, ...format }: VideoStream,
  own: string | undefined,
): NonNullable<AgreedMedia['picture']> {
  return {
    ...format,
    ...(own === undefined ? {} : { cameraProfileLevelId: own }),
    ...(codec === 'H264' ? { packetizationMode } : {}),
  };
}

function videoSettings(
  { modeAssumed: _, profileLevelId: __, ...video }: VideoStream,
  remote: RemoteEndpoint,
  direction: Direction,
): VideoStreamSettings {
  return { ...video, remote, direction };
}

/** An old-style hold names no address (RFC 3264 §8.4): the former one still stands for RTCP. */
function keepEndpoints(
  negotiated: NegotiatedMedia,
  former: NegotiatedMedia | undefined,
): NegotiatedMedia {
  const { audio, video } = negotiated;
  return {
    ...negotiated,
    audio: isUnspecified(audio.remote.address)
      ? { ...audio, remote: former?.audio.remote ?? audio.remote }
      : audio,
    ...(video && isUnspecified(video.remote.address)
      ? { video: { ...video, remote: former?.video?.remote ?? video.remote } }
      : {}),
  };
}
