import type { Emitter } from '../platform';
import type {
  CameraState,
  DeviceRole,
  EngineError,
  EngineFeatures,
  EngineSnapshot,
  FloorHolder,
  MediaComponent,
  MediaKind,
  MuteSettings,
  PictureSize,
  PlaySettings,
  RecordingSettings,
  RecordingState,
  RouteSettings,
  SecureSettings,
  SessionPorts,
  SessionSettings,
  SessionSnapshot,
  SrtpSuite,
  VideoParameters,
  VideoSources,
} from './shapes';

/** `EngineEvent` of the shapes, as listeners take it. */
export interface EngineEvents {
  camera: [state: CameraState];
  device: [which: DeviceRole, open: boolean, error: string];
  network: [];
  remoteBye: [sessionId: number, media: MediaKind];
  dtmf: [sessionId: number, digit: string, durationMs: number];
  floor: [holder: FloorHolder];
  played: [playbackId: number, completed: boolean];
  /** ICE and DTLS of a session are done, and its far end was found there. */
  secured: [sessionId: number, farEnd: PeerAddress, suite: SrtpSuite];
  insecure: [sessionId: number, error: string];
  /**
   * What came to a socket of a session that listens, and is neither RTP nor RTCP (RFC 7983 §7): STUN,
   * ZRTP, TURN. It came as it is told; media in the channel that the socket is aimed at are taken out.
   */
  datagram: [sessionId: number, component: MediaComponent, bytes: Uint8Array, from: PeerAddress];
  recording: [recordingId: number, state: RecordingState, file: string, error: string];
}

/** How keys are sent. */
export interface DtmfOptions {
  /** Length of a tone, ms, 40..6000; 100 if absent. */
  readonly toneMs?: number;
  /** Silence after it, ms, 40..6000; 100 if absent. */
  readonly gapMs?: number;
}

/** Of a UDP socket; the address is numeric. */
export interface PeerAddress {
  readonly address: string;
  readonly port: number;
}

/** Where media go. */
export interface MediaAim extends PeerAddress {
  /** As ChannelData to a TURN server at that address (RFC 8656 §12), 0x4000..0x4fff. */
  readonly channel?: number;
}

/** The media of one call: its sockets, streams and counters. */
export interface MediaSession {
  readonly id: number;
  readonly ports: SessionPorts;
  /** Absent when it was opened without video. */
  readonly videoSources?: VideoSources;
  /** Replaces all stream settings at once, as a new answer does. */
  configure(settings: SessionSettings): void;
  /**
   * From now on `datagram` tells what comes beside media, also before `configure`; it is dropped
   * otherwise. 32 wait at most, more are dropped and counted.
   * @throws MediaException `bad-settings` for a session that was opened securely.
   */
  listen(): void;
  /**
   * Sends one, from that socket, at once. @param bytes 1280 at most.
   * @throws MediaException `bad-settings` when it cannot be, or too many wait.
   */
  sendDatagram(component: MediaComponent, to: PeerAddress, bytes: Uint8Array): void;
  /**
   * Media of that socket go there and come from there alone, whatever a description says: ICE has
   * chosen. RTP's stands for both where they share a port. @param target absent: as described.
   */
  aim(component: MediaComponent, target?: MediaAim): void;
  /**
   * Sends keys one after the other as telephone-events (RFC 4733); our sound is muted meanwhile.
   * @param digits `0`..`9`, `*`, `#`, `A`..`D`.
   * @throws MediaException `bad-settings` for other characters, or more than 32 that wait;
   * `no-telephone-event` when the description agreed on none, or we do not send.
   */
  sendDtmf(digits: string, options?: DtmfOptions): void;
  /** Who is heard by this call; the microphone alone unless told. */
  route(settings: RouteSettings): void;
  snapshot(): SessionSnapshot;
  /** Sends RTCP BYE and frees the ports; further calls do nothing. */
  close(): void;
}

/** Keeps what is said and seen; how it goes is told by events and the engine's snapshot. */
export interface MediaRecording {
  readonly id: number;
  /** Before that it keeps what the pre-roll takes, and writes nothing. */
  begin(): void;
  /** The post-roll begins; one that has not begun is gone at once. */
  end(): void;
}

/** One picture of the camera. */
export interface Still extends PictureSize {
  readonly jpeg: Uint8Array;
}

/** The typed door to the media plane. All calls return at once. */
export interface MediaEngine {
  readonly features: EngineFeatures;
  readonly events: Emitter<EngineEvents>;
  /**
   * Binds the sockets of a call.
   * @param localAddress numeric address to bind, the one named in our SDP.
   * @param secure for a far end that comes by ICE and DTLS, all on one port: its streams can be set after
   * `secured`, which gives them their keys.
   * @throws MediaException `no-ports` when the range is used up, `bind-failed` with the cause.
   */
  openSession(localAddress: string, withVideo: boolean, secure?: SecureSettings): MediaSession;
  /**
   * The far end of a call asked for a key frame by SIP; requests by RTCP are served without. The
   * camera is asked once per 500 ms where it can be; otherwise its next key frame serves.
   */
  requestKeyFrame(): void;
  /** Silence, and no picture, for all calls, those that come as well, until told otherwise. */
  mute(settings: MuteSettings): void;
  /** The key of push-to-talk; nothing happens where `duplex` is another. */
  pressToTalk(pressed: boolean): void;
  /** Undefined until the camera's encoder has sent parameter sets. */
  videoParameters(): VideoParameters | undefined;
  /**
   * The camera's next key frame as a JPEG; where no call reads pictures, the newest that it has queued.
   * @throws MediaException `no-picture` when none comes within ten seconds; `no-still` when this build makes
   * no JPEG, or not of this picture; `closed`.
   */
  still(): Promise<Still>;
  /**
   * Lets something be heard; resolves with its number when it begins, `played` tells its end.
   * @throws MediaException `not-playable`, `bad-settings`, `closed`.
   */
  play(settings: PlaySettings): Promise<number>;
  stopPlaying(id: number): void;
  /**
   * @throws MediaException `no-recording` when there are as many as there may be; `closed` for a session
   * that is.
   */
  openRecording(settings: RecordingSettings): MediaRecording;
  snapshot(): EngineSnapshot;
  /** Closes every session and device and leaves the camera in order; resolves when all threads ended. */
  close(): Promise<void>;
}

/** A refusal by the media plane that the caller may handle. */
export class MediaException extends Error {
  override readonly name = 'MediaException';
  constructor(
    readonly code: EngineError,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
