/** What comes up from the media plane: counters, and the state of devices and camera. */

import type {
  AddressAndPort,
  AudioCodec,
  Count,
  DeviceKind,
  Direction,
  FloorHolder,
  Int32,
  Int64,
  Port,
  RecordingState,
  SrtpSuite,
  Uint16,
  Uint32,
  VideoCodec,
} from './values';

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
  /** Its sound is AAC, which can be kept as it comes. */
  readonly hasAac: boolean;
  /** The camera accepts sound for its speaker (stream-in). */
  readonly hasSpeaker: boolean;
  /** Rises at each new stream of the encoder. */
  readonly generation: Uint32;
  readonly framesRead: Count;
  readonly sequenceGaps: Count;
  readonly tornFrames: Count;
  readonly droppedFrames: Count;
  readonly rpcErrors: Count;
  readonly slowestRpcUs: Uint32;
  /** Why the state is not better, in words; empty when all is well. */
  readonly error: string;
}

/** State of a sound device behind `microphone` or `speaker`. */
export interface DeviceSnapshot {
  readonly kind: DeviceKind;
  readonly open: boolean;
  /** Last error in words, empty when none since opening. */
  readonly error: string;
  readonly underruns: Count;
  readonly overruns: Count;
  readonly reopens: Count;
  /** Sound waiting between media thread and device, ms. */
  readonly queuedMs: Uint32;
  /** How long sound takes through the device, as far as it is measured, ms. */
  readonly delayMs: Uint32;
}

export interface RtpSendSnapshot {
  readonly packets: Count;
  readonly bytes: Count;
  readonly sendErrors: Count;
  /** ICMP errors that came back: nobody listens where the packets go, or the host is gone. */
  readonly unreachable: Count;
  readonly ssrc: Uint32;
}

/** Where the far end of a stream is. Its signalled address comes first; see docs/architecture.md. */
export interface SourceSnapshot {
  /** Where RTP is sent, `192.0.2.7:4000`; absent when nowhere. */
  readonly address?: AddressAndPort;
  /** It is the address of the session description; otherwise a NAT's, or the far end moved. */
  readonly signalled: boolean;
  /** The far end was heard from there. */
  readonly heard: boolean;
  /** How often the far end was found elsewhere than before. */
  readonly moves: Count;
  /** Packets that came from elsewhere, or from another source of RTP, and were not heard. */
  readonly refused: Count;
}

/** Encryption of a stream, RFC 3711. */
export interface SrtpSnapshot {
  readonly suite: SrtpSuite;
  /** Packets that were not made with the key agreed on, or were changed or cut short on the way. */
  readonly forged: Count;
  /** Packets that came a second time, or too late to tell. */
  readonly replayed: Count;
}

export interface RtpReceiveSnapshot {
  readonly packets: Count;
  readonly bytes: Count;
  /** RFC 3550 §A.3, cumulative. */
  readonly lost: Int64;
  /** Came after their place was played or thrown away. */
  readonly late: Count;
  readonly duplicates: Count;
  /** Neither RTP of this session nor RTCP: noise, wrong type, wrong source. */
  readonly rejected: Count;
  /** RFC 3550 §6.4.1 interarrival jitter, ms. */
  readonly jitterMs: number;
}

/** What the far end's reports say about what we send. */
export interface FarEndSnapshot {
  /** RFC 3550 §6.4.1, ms; absent before the first report. */
  readonly roundTripMs?: number;
  /** Fraction lost that it last reported, 0..1; absent before the first report. */
  readonly remoteLossFraction?: number;
  /** RFC 3550 §6.4.1, ms; absent before the first report. */
  readonly remoteJitterMs?: number;
}

export interface AudioSnapshot extends FarEndSnapshot {
  readonly codec: AudioCodec;
  readonly direction: Direction;
  readonly sent: RtpSendSnapshot;
  readonly source: SourceSnapshot;
  /** Absent where the stream is not encrypted. */
  readonly srtp?: SrtpSnapshot;
  readonly received: RtpReceiveSnapshot;
  /** Present depth and aim of the jitter buffer, ms. */
  readonly bufferMs: number;
  readonly bufferTargetMs: number;
  /** Frames made up for lost or late ones. */
  readonly concealedFrames: Count;
  /** Frames of comfort noise, where the far end said that it sends no sound (RFC 3389). */
  readonly comfortNoiseFrames: Count;
  /** Keys, either way, that found their queue full. */
  readonly droppedKeys: Count;
  readonly playedFrames: Count;
  /** Frames thrown away by the buffer to come back to its aim, or past its cap. */
  readonly discardedFrames: Count;
  /** Deviation of sent packets from their ideal instants, µs. */
  readonly pacingMeanUs: number;
  readonly pacingP99Us: Uint32;
  readonly pacingMaxUs: Uint32;
  /** Slots skipped because the thread woke a whole packet too late. */
  readonly skippedSlots: Count;
  /** Slots sent as silence because the microphone had nothing. */
  readonly microphoneUnderruns: Count;
  /**
   * How loud our microphone is, dBov (RFC 6464): 0 is the loudest, -127 silence; absent when nothing
   * is sent.
   */
  readonly sentLevelDbov?: number;
  /** How loud the far end is, likewise; absent when nothing is heard. */
  readonly heardLevelDbov?: number;
  /**
   * From the far end's mouth to our ear as far as it is known, ms: half the round trip, the jitter
   * buffer, our speaker, and our microphone in place of the far end's.
   */
  readonly delayMs: Uint32;
  /**
   * What we hear, 1..4.5: the estimate of ITU-T G.107, of G.107.1 for wideband codecs, over the whole call and over
   * its last ten seconds; absent before anything was received.
   */
  readonly mos?: number;
  readonly recentMos?: number;
  /**
   * What the far end hears of us: its own word (RFC 3611), or the same estimate by the loss that it reports;
   * absent before its first report.
   */
  readonly remoteMos?: number;
}

export interface VideoSnapshot extends FarEndSnapshot {
  readonly codec: VideoCodec;
  readonly direction: Direction;
  readonly sent: RtpSendSnapshot;
  readonly source: SourceSnapshot;
  readonly srtp?: SrtpSnapshot;
  readonly frames: Count;
  readonly keyFrames: Count;
  /** Pictures not sent: queue full, or no key frame yet. */
  readonly droppedFrames: Count;
  /** Sent in fragments although mode 0 was agreed: a slice was larger than a packet (RFC 6184 §6.2). */
  readonly oversizeFrames: Count;
  /** Pictures left out, a whole group at a time, to keep within `maxBitrate` and `linkBitrate`. */
  readonly limitedFrames: Count;
  /** What we send, bit/s, mean of two seconds. */
  readonly bitrate: Uint32;
  /** What the far end takes at most, bit/s; absent when it set no limit. */
  readonly maxBitrate?: Uint32;
  /** What the way to the far end takes by its reports and requests, bit/s; absent while nothing suffers. */
  readonly linkBitrate?: Uint32;
  /** Packets sent once more because the far end missed them (generic NACK, RFC 4585 §6.2.1), by RTX or as they were. */
  readonly retransmitted: Count;
  /** Requests by PLI or FIR (RFC 4585, RFC 5104) from the far end. */
  readonly keyFrameRequests: Count;
  /** Datagrams at the video ports that are neither RTP nor RTCP of this session. */
  readonly rejected: Count;
  /** From `configure` with a sending video stream to the first packet of its first key frame, ms. */
  readonly firstPictureMs?: number;
}

export interface SessionSnapshot {
  readonly audio?: AudioSnapshot;
  readonly video?: VideoSnapshot;
  /** Time since anything valid was received from the far end, ms; absent if nothing ever was. */
  readonly silentMs?: number;
}

export interface SessionPorts {
  readonly audioRtpPort: Port;
  /** Absent when the session was opened without video. */
  readonly videoRtpPort?: Port;
}

/** Who speaks in the packets of the picture, for the SDP (RFC 5576). */
export interface VideoSources {
  readonly ssrc: Uint32;
  /** Of packets that are sent once more (RFC 4588). */
  readonly rtxSsrc: Uint32;
  /** Of both, as RTCP has it. */
  readonly cname: string;
}

export interface OpenedSession {
  readonly id: Uint32;
  readonly ports: SessionPorts;
  /** Absent when the session was opened without video. */
  readonly videoSources?: VideoSources;
}

/** What the talker's chain found. */
export interface VoiceSnapshot {
  /** The echo canceller has learned the room; until then the speaker is softer. */
  readonly converged: boolean;
  /** What the canceller alone takes out of the echo of late, dB. */
  readonly echoEnhancementDb: number;
  /** What the devices do not say of their delay, ms; absent before it was found. */
  readonly echoDelayMs?: Int32;
  /** By how much the near end's voice is made louder, dB. */
  readonly gainDb: number;
  readonly floor: FloorHolder;
}

export interface RecordingSnapshot {
  readonly id: Uint32;
  readonly state: RecordingState;
  /** The newest one, whole path; empty before the first. */
  readonly file: string;
  /** How many files it has by now. */
  readonly files: Uint32;
  readonly bytes: Count;
  /** Since it began, ms. */
  readonly durationMs: Count;
  /** Sound that is lost, because the card stalled or failed, ms. */
  readonly droppedMs: Count;
  /** Pictures likewise. */
  readonly droppedFrames: Count;
  readonly writeErrors: Count;
  /** Older files of ours that gave way to it. */
  readonly removedFiles: Count;
  /** Why the state is not better, in words; empty when all is well. */
  readonly error: string;
}

export interface EngineSnapshot {
  readonly camera: CameraSnapshot;
  readonly microphone: DeviceSnapshot;
  readonly speaker: DeviceSnapshot;
  /** Absent where sound goes as it is. */
  readonly voice?: VoiceSnapshot;
  /** Whether SCHED_FIFO was granted. */
  readonly realtime: boolean;
  /** Events of the native side that found their queue full. */
  readonly droppedEvents: Count;
  readonly recordings: readonly RecordingSnapshot[];
}

export interface BridgeSnapshot {
  readonly camera: CameraSnapshot;
  readonly cameraMicrophone: DeviceSnapshot;
  readonly cameraSpeaker: DeviceSnapshot;
  readonly capture: DeviceSnapshot;
  readonly playback: DeviceSnapshot;
  /** A program records, or that cannot be known: the camera's microphone is read. */
  readonly recording: boolean;
  /** A program plays sound: the camera's speaker is open. */
  readonly playing: boolean;
  /** Loudest sample since the last snapshot, 0..32768. */
  readonly microphonePeak: Uint16;
  readonly speakerPeak: Uint16;
  /** Slots of 20 ms thrown away because the thread woke too late. */
  readonly skippedSlots: Count;
  /** Whether SCHED_FIFO was granted. */
  readonly realtime: boolean;
}

/** In pixels. */
export interface PictureSize {
  readonly width: Uint32;
  readonly height: Uint32;
}

/** Parameters of the picture for the SDP, from the parameter sets the encoder last sent (RFC 6184 §8.1, RFC 7798 §7.1). */
export interface VideoParameters extends PictureSize {
  readonly codec: VideoCodec;
  /** Six hexadecimal digits; of H.265 the 24 of its general profile, tier and level (ITU-T H.265 §7.3.3). */
  readonly profileLevelId: string;
  /** `sps,pps`, each Base64; of H.265 `vps,sps,pps`. */
  readonly spropParameterSets: string;
}
