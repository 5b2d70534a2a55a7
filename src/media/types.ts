/**
 * What crosses the wall between the two planes: settings go down, events and counters come up.
 * The native side (native/src/addon) reads and fills exactly these shapes.
 */

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
  /** SCHED_FIFO priority of the media thread, 1..99; 0 keeps the ordinary scheduler. */
  readonly realtimePriority: number;
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
export type AudioCodec = 'PCMA' | 'PCMU';
export type VideoCodec = 'H264';

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

/** H.264 parameters for the SDP, from the parameter sets the encoder last sent (RFC 6184 §8.1). */
export interface VideoParameters {
  /** Six hexadecimal digits. */
  readonly profileLevelId: string;
  /** `sps,pps`, each Base64. */
  readonly spropParameterSets: string;
  readonly width: number;
  readonly height: number;
}

export type CameraState =
  /** Built or configured without a camera link. */
  | 'none'
  /** No camera answers; retried with back-off. */
  | 'absent'
  /** The camera answers and encodes nothing. */
  | 'idle'
  /** Tracks are there. */
  | 'streaming';

export interface CameraSnapshot {
  readonly state: CameraState;
  readonly hasAudio: boolean;
  readonly hasVideo: boolean;
  /** The camera accepts sound for its speaker (stream-in). */
  readonly hasSpeaker: boolean;
  /** Rises at each new stream of the encoder. */
  readonly generation: number;
  readonly framesRead: number;
  readonly sequenceGaps: number;
  readonly tornFrames: number;
  readonly droppedFrames: number;
  readonly rpcErrors: number;
  readonly slowestRpcUs: number;
  /** Why the state is not better, in words; absent or empty when all is well. */
  readonly error?: string;
}

/** State of a sound device behind `microphone` or `speaker`. */
export interface DeviceSnapshot {
  readonly kind: MicrophoneSettings['kind'];
  readonly open: boolean;
  /** Last error in words, empty when none since opening. */
  readonly error: string;
  readonly underruns: number;
  readonly overruns: number;
  readonly reopens: number;
  /** Sound waiting between media thread and device, ms. */
  readonly queuedMs: number;
  /** How long sound takes through the device, as far as it is measured, ms. */
  readonly delayMs: number;
}

export interface RtpSendSnapshot {
  readonly packets: number;
  readonly bytes: number;
  readonly sendErrors: number;
  /** ICMP errors that came back: nobody listens where the packets go, or the host is gone. */
  readonly unreachable: number;
  readonly ssrc: number;
}

/** Where the far end of a stream is. Its signalled address comes first; see docs/architecture.md. */
export interface SourceSnapshot {
  /** Where RTP is sent, `192.0.2.7:4000`; absent when nowhere. */
  readonly address?: string;
  /** It is the address of the session description; otherwise a NAT's, or the far end moved. */
  readonly signalled: boolean;
  /** The far end was heard from there. */
  readonly heard: boolean;
  /** How often the far end was found elsewhere than before. */
  readonly moves: number;
  /** Packets that came from elsewhere, or from another source of RTP, and were not heard. */
  readonly refused: number;
}

export interface RtpReceiveSnapshot {
  readonly packets: number;
  readonly bytes: number;
  /** RFC 3550 §A.3, cumulative. */
  readonly lost: number;
  /** Came after their place was played or thrown away. */
  readonly late: number;
  readonly duplicates: number;
  /** Neither RTP of this session nor RTCP: noise, wrong type, wrong source. */
  readonly rejected: number;
  /** RFC 3550 §6.4.1 interarrival jitter, ms. */
  readonly jitterMs: number;
}

export interface AudioSnapshot {
  readonly codec: AudioCodec;
  readonly direction: Direction;
  readonly sent: RtpSendSnapshot;
  readonly source: SourceSnapshot;
  readonly received: RtpReceiveSnapshot;
  /** Present depth and aim of the jitter buffer, ms. */
  readonly bufferMs: number;
  readonly bufferTargetMs: number;
  /** Frames made up for lost or late ones. */
  readonly concealedFrames: number;
  /** Frames of comfort noise, where the far end said that it sends no sound (RFC 3389). */
  readonly comfortNoiseFrames: number;
  /** Keys, either way, that found their queue full. */
  readonly droppedKeys: number;
  readonly playedFrames: number;
  /** Frames thrown away by the buffer to come back to its aim, or past its cap. */
  readonly discardedFrames: number;
  /** Deviation of sent packets from their ideal instants, µs. */
  readonly pacingMeanUs: number;
  readonly pacingP99Us: number;
  readonly pacingMaxUs: number;
  /** Slots skipped because the thread woke a whole packet too late. */
  readonly skippedSlots: number;
  /** Slots sent as silence because the microphone had nothing. */
  readonly microphoneUnderruns: number;
  /** RFC 3550 §6.4.1 from the far end's reports, ms; absent before the first. */
  readonly roundTripMs?: number;
  /** Fraction lost that the far end last reported, 0..1; absent before the first report. */
  readonly remoteLossFraction?: number;
  /**
   * From the far end's mouth to our ear as far as it is known, ms: half the round trip, the jitter
   * buffer, our speaker, and our microphone in place of the far end's.
   */
  readonly delayMs: number;
  /** ITU-T G.107 estimate for what we hear, 1..4.5; absent before anything was received. */
  readonly mos?: number;
}

export interface VideoSnapshot {
  readonly codec: VideoCodec;
  readonly direction: Direction;
  readonly sent: RtpSendSnapshot;
  readonly source: SourceSnapshot;
  readonly frames: number;
  readonly keyFrames: number;
  /** Pictures not sent: queue full, or no key frame yet. */
  readonly droppedFrames: number;
  /** Sent in fragments although mode 0 was agreed: a slice was larger than a packet (RFC 6184 §6.2). */
  readonly oversizeFrames: number;
  /** Pictures left out, a whole group at a time, to keep within `maxBitrate`. */
  readonly limitedFrames: number;
  /** What we send, bit/s, mean of two seconds. */
  readonly bitrate: number;
  /** What the far end takes at most, bit/s; absent when it set no limit. */
  readonly maxBitrate?: number;
  /** Requests by PLI or FIR (RFC 4585, RFC 5104) from the far end. */
  readonly keyFrameRequests: number;
  /** Datagrams at the video ports that are neither RTP nor RTCP of this session. */
  readonly rejected: number;
  /** From `configure` with a sending video stream to the first packet of its first key frame, ms. */
  readonly firstPictureMs?: number;
  readonly roundTripMs?: number;
  readonly remoteLossFraction?: number;
}

export interface SessionSnapshot {
  readonly audio?: AudioSnapshot;
  readonly video?: VideoSnapshot;
  /** Time since anything valid was received from the far end, ms; absent if nothing ever was. */
  readonly silentMs?: number;
}

export interface EngineSnapshot {
  readonly camera: CameraSnapshot;
  readonly microphone: DeviceSnapshot;
  readonly speaker: DeviceSnapshot;
  /** Whether SCHED_FIFO was granted. */
  readonly realtime: boolean;
  /** Events of the native side that found their queue full. */
  readonly droppedEvents: number;
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
