/** Numbers and words of the shapes that cross Node-API. A plain `number` is a double. */

/** Counts up from 0, exact up to 2^53. @cpp std::uint64_t */
export type Count = number;
/** May be below 0. @cpp std::int64_t */
export type Int64 = number;
/** @cpp std::uint32_t */
export type Uint32 = number;
/** @cpp std::uint16_t */
export type Uint16 = number;

/** `192.0.2.7:4000`, `[2001:db8::7]:4000`. @cpp TransportAddress */
export type AddressAndPort = string;

/** Ours: `sendonly` means that we send. */
export type Direction =
  /** @cpp kSendRecv */
  | 'sendrecv'
  /** @cpp kSendOnly */
  | 'sendonly'
  /** @cpp kRecvOnly */
  | 'recvonly'
  | 'inactive';

export type AudioCodec = 'PCMA' | 'PCMU' | 'G722';
export type VideoCodec = 'H264';

/** What sound comes from or goes to. */
export type DeviceKind = 'null' | 'camera' | 'alsa' | 'file';
