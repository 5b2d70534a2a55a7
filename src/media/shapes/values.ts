/** Numbers and words of the shapes that cross Node-API. A plain `number` is a double. */

/** Counts up from 0, exact up to 2^53. @cpp std::uint64_t */
export type Count = number;
/** May be below 0. @cpp std::int64_t */
export type Int64 = number;
/** May be below 0. @cpp std::int32_t */
export type Int32 = number;
/** @cpp std::uint32_t */
export type Uint32 = number;
/** @cpp std::uint16_t */
export type Uint16 = number;
/** @cpp std::uint8_t */
export type Uint8 = number;

/** Of UDP. @cpp std::uint16_t @range 1..65535 */
export type Port = number;
/** Of RTP. @cpp std::uint8_t @range 0..127 */
export type PayloadType = number;
/** Of RTP timestamps, Hz. @cpp std::uint32_t @range 8000..90000 */
export type ClockRate = number;
/** DSCP code point. @cpp std::uint8_t @range 0..63 */
export type Dscp = number;

/** A numeric IPv4 or IPv6 address. @cpp IpAddress */
export type NumericAddress = string;
/** `192.0.2.7:4000`, `[2001:db8::7]:4000`. @cpp TransportAddress */
export type AddressAndPort = string;

/**
 * A list, or a text of so many bytes of UTF-8, that has a fixed room in C++: what crosses a ring to
 * the media thread may own no memory. More than fits is refused.
 */
export type BoundedList<
  Element,
  _Most extends number,
  _Least extends number = 0,
> = readonly Element[];
export type BoundedText<_Most extends number> = string;

/** Ours: `sendonly` means that we send. */
export type Direction =
  /** @cpp kSendRecv */
  | 'sendrecv'
  /** @cpp kSendOnly */
  | 'sendonly'
  /** @cpp kRecvOnly */
  | 'recvonly'
  | 'inactive';

export type AudioCodec =
  | 'PCMA'
  | 'PCMU'
  | 'G722'
  | 'OPUS'
  | 'L16-16'
  | 'L16-8'
  | 'G726-40'
  | 'G726-32'
  | 'G726-24'
  | 'G726-16'
  | 'AAL2-G726-40'
  | 'AAL2-G726-32'
  | 'AAL2-G726-24'
  | 'AAL2-G726-16'
  | 'GSM'
  | 'SPEEX-32'
  | 'SPEEX-16'
  | 'SPEEX-8'
  | 'AMR'
  | 'AMR-OA'
  | 'G723'
  | 'ILBC'
  | 'ILBC-20'
  | 'G729';
export type VideoCodec = 'H264' | 'H265';

/** Cipher and authentication of SRTP, as RFC 4568 §6.2, RFC 6188 §4 and RFC 7714 §14.2 name them. */
export type SrtpSuite =
  /** @cpp kAes128Sha1Tag80 */
  | 'AES_CM_128_HMAC_SHA1_80'
  /** @cpp kAes128Sha1Tag32 */
  | 'AES_CM_128_HMAC_SHA1_32'
  /** @cpp kAes256Sha1Tag80 */
  | 'AES_256_CM_HMAC_SHA1_80'
  /** @cpp kAes256Sha1Tag32 */
  | 'AES_256_CM_HMAC_SHA1_32'
  /** @cpp kAes128Gcm */
  | 'AEAD_AES_128_GCM'
  /** @cpp kAes256Gcm */
  | 'AEAD_AES_256_GCM';

/** Of a certificate, RFC 8122 §5. */
export type FingerprintHash =
  /** @cpp kSha256 */
  | 'sha-256'
  /** @cpp kSha384 */
  | 'sha-384'
  /** @cpp kSha512 */
  | 'sha-512';

/** Who begins the handshake of DTLS: the client, `a=setup:active` (RFC 5763 §5). */
export type DtlsRole = 'client' | 'server';

/** What sound comes from or goes to. */
export type DeviceKind = 'null' | 'camera' | 'alsa' | 'file';

/** What sound comes from or goes to, at our own end. */
export type DeviceRole = 'microphone' | 'speaker';
export type MediaKind = 'audio' | 'video';
/** A socket of a call's media. */
export type MediaComponent = 'audioRtp' | 'audioRtcp' | 'videoRtp' | 'videoRtcp';

/** Who may speak, together or one at a time. */
export type Duplex =
  /** Both at once: what the speaker plays is taken out of the microphone. */
  | 'full'
  /** Who speaks first has the floor until a moment after the last word. */
  | 'half'
  /** The near end has the floor while the key is pressed. */
  | 'push-to-talk';
/** Who has the floor where only one may speak at a time. */
export type FloorHolder = 'nobody' | 'far' | 'near' | 'near-waits';

/** What of sound is recorded. */
export type RecordedSound =
  /** The near end of a call left, its far end right. */
  | 'call'
  /** The near end alone, with no call. */
  | 'microphone'
  /** The camera's own AAC, as it comes. */
  | 'camera';
/** How a recording lies in its file. */
export type RecordingContainer = 'wav' | 'mp4' | 'adts';
export type RecordingState =
  /** Keeps what the pre-roll takes, and writes nothing. */
  | 'armed'
  /** Nothing is written yet: the first group of pictures, or the card, is awaited. */
  | 'opening'
  | 'recording'
  /** The card does not come back from an order; what finds the queues full is lost. */
  | 'stalled'
  /** The card refuses; tried again with back-off, what comes meanwhile is lost. */
  | 'failed'
  | 'ended';

/** Why the media plane refuses; `code` of a MediaException. */
export type EngineError =
  /** The range of ports, or the room for sessions, is used up. */
  | 'no-ports'
  /** The local address cannot be bound. */
  | 'bind-failed'
  /** A value that makes no sense. */
  | 'bad-settings'
  /** The engine or the session is gone. */
  | 'closed'
  /** The description agreed on none, or says that we do not send. */
  | 'no-telephone-event'
  /** The module of a codec cannot be loaded. */
  | 'no-codec'
  /** The camera sends no picture. */
  | 'no-picture'
  /** This build makes no JPEG, or not of this picture. */
  | 'no-still'
  /** As many recordings run as there may be. */
  | 'no-recording'
  /** The file cannot be played, or as much is played as there may be. */
  | 'not-playable';
