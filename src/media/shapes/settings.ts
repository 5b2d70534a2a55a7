/**
 * What goes down to the media plane. A text is never empty, a field that is not declared is refused;
 * what a declaration cannot say is checked by native/include/dashvoip/api/rules.h.
 */

import type {
  AudioCodec,
  BoundedList,
  BoundedText,
  ClockRate,
  Direction,
  Dscp,
  DtlsRole,
  Duplex,
  FingerprintHash,
  Int32,
  MediaComponent,
  NumericAddress,
  PayloadType,
  Port,
  RecordedSound,
  RecordingContainer,
  SrtpSuite,
  Uint8,
  Uint16,
  Uint32,
  VideoCodec,
} from './values';

/** `netfifo` and `rtsp` read the camera; `none` never touches it. */
export type CameraLink = 'netfifo' | 'rtsp' | 'none';
export type VideoSource = 'camera' | 'none';

/** Where the near end's voice comes from, or the far end's goes. */
export type DeviceSettings =
  | { readonly kind: 'camera' }
  | { readonly kind: 'alsa'; readonly device: string }
  /** A WAV file: to speak S16, any rate, mono or stereo, repeated for ever. For tests and benches. */
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'null' };
export type CableSettings = Exclude<DeviceSettings, { readonly kind: 'camera' }>;

export interface RtpSettings {
  /** Inclusive range of UDP ports; RTP takes an even one, RTCP the next. */
  readonly ports: readonly [Port, Port];
  /** RTCP SDES CNAME, RFC 3550 §6.5.1. */
  readonly cname: BoundedText<255>;
  readonly audioDscp: Dscp;
  readonly videoDscp: Dscp;
  /** Largest RTP payload of a video packet, bytes. @range 100..1440 */
  readonly maxVideoPayload: Uint16;
}

/** What is done to the near end's voice, and who may speak. */
export interface VoiceSettings {
  /** Rumble below 100 Hz is left out. */
  readonly highPass: boolean;
  /** What the speaker plays is taken out of the microphone. */
  readonly echoCanceller: boolean;
  readonly noiseSuppression: boolean;
  readonly automaticGain: boolean;
  readonly duplex: Duplex;
  /** How long the room answers, ms. @range 32..500 */
  readonly echoTailMs: Uint16;
  /** What the devices do not say of their delay, as found in an earlier call, ms. */
  readonly echoDelayMs?: Int32;
  /** Keys are looked for in the far end's sound, too. */
  readonly toneDigits: boolean;
}

export interface EngineSettings {
  readonly cameraLink: CameraLink;
  /** With `rtsp`: the URL of the camera's stream, its host numeric. */
  readonly rtspUrl?: string;
  readonly microphone: DeviceSettings;
  readonly speaker: DeviceSettings;
  readonly videoSource: VideoSource;
  readonly rtp: RtpSettings;
  /** Hard cap of the jitter buffer, ms. @range 20..1000 */
  readonly jitterBufferMaxMs: Uint16;
  /** Rate of the sound between devices and calls, Hz: 8000, 16000 or 48000. @range 8000..48000 */
  readonly busRateHz: Uint32;
  /** SCHED_FIFO priority of the media thread; 0 keeps the ordinary scheduler. @range 0..99 */
  readonly realtimePriority: Uint8;
  /** Absent: sound goes between devices and calls as it is. */
  readonly voice?: VoiceSettings;
}

/** The virtual sound card: which camera, and our ends of two cables of snd-aloop. */
export interface BridgeSettings {
  readonly cameraLink: CameraLink;
  readonly rtspUrl?: string;
  /** Gives what programs play; it goes to the camera's speaker. */
  readonly capture: CableSettings;
  /** Takes the camera's microphone; programs record it. */
  readonly playback: CableSettings;
  /** SCHED_FIFO priority of the thread that moves the sound; 0 keeps the ordinary one. @range 0..99 */
  readonly realtimePriority: Uint8;
}

/** Where a stream's packets go, from the session description. */
export interface RemoteEndpoint {
  readonly address: NumericAddress;
  readonly rtpPort: Port;
  readonly rtcpPort: Port;
  /** Address of RTCP, where it is another one (RFC 3605). */
  readonly rtcpAddress?: NumericAddress;
  /** RTCP shares RTP's port, at both ends (RFC 5761). */
  readonly rtcpMux?: boolean;
}

/** What one end encrypts with (RFC 3711 §3.2.1). */
export interface SrtpKey {
  /** Master key and master salt, one behind the other. */
  readonly master: BoundedList<Uint8, 46, 28>;
  /** Master key identifier that its packets carry; absent for none. */
  readonly mki?: BoundedList<Uint8, 16, 1>;
}

/** Keys that are the same as before go on as they are. */
export interface SrtpSettings {
  readonly suite: SrtpSuite;
  readonly send: SrtpKey;
  readonly receive: SrtpKey;
}

/** Who the far end is, by its certificate (RFC 8122). */
export interface Fingerprint {
  readonly hash: FingerprintHash;
  readonly digest: BoundedList<Uint8, 64, 32>;
}

/** One end of a handshake of DTLS-SRTP (RFC 5763). */
export interface DtlsSettings {
  readonly role: DtlsRole;
  /** Our own, DER. */
  readonly certificate: BoundedList<Uint8, 1024, 1>;
  /** Its private key, of an elliptic curve, DER. */
  readonly key: BoundedList<Uint8, 256, 1>;
  /** Of the far end's certificate. */
  readonly fingerprint: Fingerprint;
}

/** What the far end's checks have to show (RFC 8445 §5.3). */
export interface IceSettings {
  /** `a=ice-ufrag` of ours. */
  readonly fragment: BoundedText<32>;
  /** `a=ice-pwd` of ours. */
  readonly password: BoundedText<64>;
}

/** What nobody outside gets, whatever their calls agreed on. */
export interface MuteSettings {
  readonly microphone: boolean;
  readonly picture: boolean;
}

/** Where what leaves one socket of a call goes. */
export interface SocketTarget {
  readonly component: MediaComponent;
  readonly address: NumericAddress;
  /** 0: where the description says, for what is aimed. @range 0..65535 */
  readonly port: Uint16;
  /** As ChannelData to a TURN server (RFC 8656 §12). @range 16384..20479 */
  readonly channel?: Uint16;
}

/** A session whose far end finds its way by ICE, and whose keys come by DTLS. */
export interface SecureSettings {
  readonly ice: IceSettings;
  readonly dtls: DtlsSettings;
}

/** A format that both ends named, under the number that the receiving end gave it. */
export interface AudioFormat {
  readonly payloadType: PayloadType;
  readonly codec: AudioCodec;
}

/** What is to be made of what is sent: the far end's wishes (a=fmtp), and ours. */
export interface EncoderSettings {
  /** bit/s at most; absent: the codec's usual. @range 500..512000 */
  readonly bitrate?: Uint32;
  /** The far end has no use for sound of a higher rate, Hz. @range 8000..48000 */
  readonly playbackRate?: Uint32;
  readonly constantBitrate?: boolean;
  /** It takes what was lost from the packet behind it. */
  readonly forwardErrorCorrection?: boolean;
  /** Nothing is sent in pauses of speech, or next to nothing. */
  readonly discontinuous?: boolean;
  /** AMR: which of its modes may be sent, one bit each. @range 1..255 */
  readonly modes?: Uint8;
}

/** Not sound. */
export type MarkKind =
  /** RFC 4733. */
  | 'keys'
  /** RFC 3389. */
  | 'noise';

/** What marks the timeline instead of sound, at a clock of its own (RFC 4733 §2.1). */
export interface MarkFormat {
  readonly payloadType: PayloadType;
  readonly kind: MarkKind;
  readonly clockRate: ClockRate;
}

/** One negotiated stream; `direction` is ours: `sendonly` means that we send. */
export interface AudioStreamSettings {
  /** What we send. */
  readonly codec: AudioCodec;
  readonly payloadType: PayloadType;
  /** What may come, at any time and in any order (RFC 3264 §6.1). */
  readonly receive: BoundedList<AudioFormat, 128, 1>;
  readonly encoder?: EncoderSettings;
  /** Payload type of telephone-event (RFC 4733), both ways; absent when not agreed. */
  readonly telephoneEvent?: PayloadType;
  /** Its clock, where that is not the one of `codec`, Hz. */
  readonly telephoneEventRate?: ClockRate;
  /** Payload type of comfort noise (RFC 3389), at the clock of `codec`; absent when not agreed. */
  readonly comfortNoise?: PayloadType;
  /** Keys and noise that may come beside those, for other codecs' clocks. */
  readonly alsoMarks?: BoundedList<MarkFormat, 8, 1>;
  readonly remote: RemoteEndpoint;
  /** Absent: not encrypted. */
  readonly srtp?: SrtpSettings;
  readonly direction: Direction;
  /** Length of a sent packet, ms; a multiple of 10. @range 10..60 */
  readonly ptimeMs: Uint16;
  /** The far end asked for VoIP metrics, or for reference times, in our RTCP (RFC 3611 §5). */
  readonly voipMetrics?: boolean;
  readonly receiverRoundTrip?: boolean;
}

/** RFC 6184 §6.2: 0 single NAL unit mode, 1 non-interleaved mode. @cpp std::uint8_t @range 0..1 */
export type PacketizationMode = 0 | 1;

export interface VideoStreamSettings {
  readonly codec: VideoCodec;
  readonly payloadType: PayloadType;
  readonly remote: RemoteEndpoint;
  /** Absent: not encrypted. */
  readonly srtp?: SrtpSettings;
  readonly direction: Direction;
  /** Of H.264. */
  readonly packetizationMode: PacketizationMode;
  /** What the far end missed goes by a stream of its own (RFC 4588), of this payload type; absent: as it was. */
  readonly rtxPayloadType?: PayloadType;
  /**
   * What the far end takes at most, bit/s (RFC 8866 §5.8, RFC 3890); absent when it sets no limit.
   * @range 1..2000000000
   */
  readonly maxBitrate?: Uint32;
}

/** A stream that is absent is closed: its port stays bound, nothing is sent. */
export interface SessionSettings {
  readonly audio?: AudioStreamSettings;
  readonly video?: VideoStreamSettings;
}

/** A recording: of what, and into which files. */
export interface RecordingSettings {
  readonly sound: RecordedSound;
  /** Whose, with the sound of a `call`. */
  readonly session?: Uint32;
  /** The camera's picture with it; in `mp4` only. */
  readonly picture: boolean;
  readonly container: RecordingContainer;
  readonly folder: string;
  /** Files are called `dashvoip-NAME`, with the ending of their container; further ones end in `-2`, `-3`. */
  readonly name: string;
  /** What is kept from before it begins, ms. @range 0..30000 */
  readonly preRollMs: Uint32;
  /** How long it goes on after its end, ms. @range 0..60000 */
  readonly postRollMs: Uint32;
  /** Free space below which the oldest of our own files are removed, MB. @range 0..1000000 */
  readonly floorMb: Uint32;
  /** After so much the next file begins, MB; a FAT file has 4 GB at most. @range 1..4000 */
  readonly maxFileMb: Uint32;
  /** Likewise, s. @range 10..86400 */
  readonly maxFileS: Uint32;
}

/** A part of a cadence. */
export interface TonePart {
  /** Hz, all at once; none of them is silence. */
  readonly frequencies: BoundedList<Uint16, 3>;
  /** @range 10..10000 */
  readonly ms: Uint16;
}

/** A tone by its cadence, ITU-T E.180. */
export interface ToneSettings {
  readonly parts: BoundedList<TonePart, 8, 1>;
}

/** A tone or a WAV file to be heard. */
export interface PlaySettings {
  /** By the far end of this call; absent: in the cabin. */
  readonly session?: Uint32;
  readonly tone?: ToneSettings;
  readonly file?: string;
  /** Until it is stopped, or the call ends. */
  readonly repeats: boolean;
}

/** Who is heard by a call, beside tones and announcements. */
export interface RouteSettings {
  readonly microphone: boolean;
  /** Other calls, by their sessions: a conference is calls that hear each other. */
  readonly calls: BoundedList<Uint32, 10>;
}

export interface CameraProbeSettings {
  /** How long its live stream is read, ms. @range 1..3600000 */
  readonly watchMs: Uint32;
  /** How long silence is played to its speaker, ms. @range 1..3600000 */
  readonly playMs: Uint32;
}
