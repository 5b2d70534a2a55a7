/**
 * What crosses the wall between the two planes: settings go down, events and counters come up.
 * The native side (native/src/addon) reads and fills exactly these shapes.
 */
import type { AudioCodec, CameraState, Direction, VideoCodec } from './shapes';

/** Where the near end's voice comes from. */
export type MicrophoneSettings =
  | { readonly kind: 'camera' }
  | { readonly kind: 'alsa'; readonly device: string }
  /** A WAV file (S16, any rate, mono or stereo), repeated for ever: for tests and benches. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'null' };

/** Where the far end's voice goes. */
export type SpeakerSettings =
  | { readonly kind: 'camera' }
  | { readonly kind: 'alsa'; readonly device: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'null' };

export interface EngineSettings {
  /** `netfifo` and `rtsp` read the camera; `none` never touches it. */
  readonly cameraLink: 'netfifo' | 'rtsp' | 'none';
  /** With `rtsp`: the URL of the camera's stream, its host numeric. */
  readonly rtspUrl?: string;
  readonly microphone: MicrophoneSettings;
  readonly speaker: SpeakerSettings;
  readonly videoSource: 'camera' | 'none';
  readonly rtp: {
    /** Inclusive range of UDP ports; RTP takes an even one, RTCP the next. */
    readonly ports: readonly [number, number];
    /** RTCP SDES CNAME, RFC 3550 §6.5.1. */
    readonly cname: string;
    /** DSCP code points, 0..63. */
    readonly audioDscp: number;
    readonly videoDscp: number;
    /** Largest RTP payload of a video packet, bytes. */
    readonly maxVideoPayload: number;
  };
  /** Hard cap of the jitter buffer, ms. */
  readonly jitterBufferMaxMs: number;
  /** Rate of the sound between devices and calls, Hz: 8000, 16000 or 48000. */
  readonly busRateHz: number;
  /** SCHED_FIFO priority of the media thread, 1..99; 0 keeps the ordinary scheduler. */
  readonly realtimePriority: number;
}

export interface RemoteEndpoint {
  /** Numeric address from the session description. */
  readonly address: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
  /** Numeric address of RTCP, where it is another one (RFC 3605). */
  readonly rtcpAddress?: string;
  /** RTCP shares RTP's port, at both ends (RFC 5761). */
  readonly rtcpMux?: boolean;
}

/** A format that both ends named, under the number that the receiving end gave it. */
export interface AudioFormat {
  readonly payloadType: number;
  readonly codec: AudioCodec;
}

/** One negotiated stream; `direction` is ours: `sendonly` means that we send. */
export interface AudioStreamSettings {
  /** What we send. */
  readonly codec: AudioCodec;
  readonly payloadType: number;
  /** What may come, at any time and in any order (RFC 3264 §6.1); at least one. */
  readonly receive: readonly AudioFormat[];
  /** Payload type of telephone-event (RFC 4733), both ways; absent when not agreed. */
  readonly telephoneEvent?: number;
  /** Payload type of comfort noise that may come (RFC 3389); absent when not agreed. */
  readonly comfortNoise?: number;
  readonly remote: RemoteEndpoint;
  readonly direction: Direction;
  /** Length of a sent packet, ms; a multiple of 10. */
  readonly ptimeMs: number;
}

export interface VideoStreamSettings {
  readonly codec: VideoCodec;
  readonly payloadType: number;
  readonly remote: RemoteEndpoint;
  readonly direction: Direction;
  /** RFC 6184 §6.2: 0 single NAL unit mode, 1 non-interleaved mode. */
  readonly packetizationMode: 0 | 1;
  /** What the far end takes at most, bit/s (RFC 8866 §5.8, RFC 3890); absent when it sets no limit. */
  readonly maxBitrate?: number;
}

/** A stream that is absent is closed: its port stays bound, nothing is sent. */
export interface SessionSettings {
  readonly audio?: AudioStreamSettings;
  readonly video?: VideoStreamSettings;
}

export interface SessionPorts {
  readonly audioRtpPort: number;
  /** Absent when the session was opened without video. */
  readonly videoRtpPort?: number;
}

/** What this build can do: options compiled in, versions of the libraries linked. */
export interface EngineFeatures {
  readonly cameraLink: 'stand-in' | 'sdk' | 'none';
  readonly alsa: boolean;
  readonly aac: boolean;
  /** The camera link by RTSP. */
  readonly rtsp: boolean;
  readonly libraries: Readonly<Record<string, string>>;
}

export interface EngineEvents {
  camera: [state: CameraState];
  /** A device opened, failed or came back; the snapshot has the details. */
  device: [which: 'microphone' | 'speaker', open: boolean, error: string];
  /** The far end said RTCP BYE on a stream. */
  remoteBye: [sessionId: number, media: 'audio' | 'video'];
  /** The far end pressed a key (RFC 4733), told when it was let go: `0`..`9`, `*`, `#`, `A`..`D`. */
  dtmf: [sessionId: number, digit: string, durationMs: number];
}
