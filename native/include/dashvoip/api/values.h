#ifndef DASHVOIP_API_VALUES_H_
#define DASHVOIP_API_VALUES_H_

// Made from src/media/shapes/values.ts by scripts/shapes: change that, not this.
// clang-format off

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dashvoip/api/shape.h"
#include "dashvoip/base/transport_address.h"

namespace dashvoip {

/** Ours: `sendonly` means that we send. */
enum class Direction : std::uint8_t {
  kSendRecv,
  kSendOnly,
  kRecvOnly,
  kInactive,
};

inline WordList WordsOf(Direction) noexcept {
  static const char* const words[] = {"sendrecv", "sendonly", "recvonly", "inactive"};
  return {words, 4};
}

enum class AudioCodec : std::uint8_t {
  kPcma,
  kPcmu,
  kG722,
  kOpus,
  kL1616,
  kL168,
  kG72640,
  kG72632,
  kG72624,
  kG72616,
  kAal2G72640,
  kAal2G72632,
  kAal2G72624,
  kAal2G72616,
  kGsm,
  kSpeex32,
  kSpeex16,
  kSpeex8,
  kAmr,
  kAmrOa,
  kG723,
  kIlbc,
  kIlbc20,
  kG729,
};

inline WordList WordsOf(AudioCodec) noexcept {
  static const char* const words[] = {"PCMA", "PCMU", "G722", "OPUS", "L16-16", "L16-8", "G726-40", "G726-32", "G726-24", "G726-16", "AAL2-G726-40", "AAL2-G726-32", "AAL2-G726-24", "AAL2-G726-16", "GSM", "SPEEX-32", "SPEEX-16", "SPEEX-8", "AMR", "AMR-OA", "G723", "ILBC", "ILBC-20", "G729"};
  return {words, 24};
}

enum class VideoCodec : std::uint8_t {
  kH264,
  kH265,
};

inline WordList WordsOf(VideoCodec) noexcept {
  static const char* const words[] = {"H264", "H265"};
  return {words, 2};
}

/** Cipher and authentication of SRTP, as RFC 4568 §6.2, RFC 6188 §4 and RFC 7714 §14.2 name them. */
enum class SrtpSuite : std::uint8_t {
  kAes128Sha1Tag80,
  kAes128Sha1Tag32,
  kAes256Sha1Tag80,
  kAes256Sha1Tag32,
  kAes128Gcm,
  kAes256Gcm,
};

inline WordList WordsOf(SrtpSuite) noexcept {
  static const char* const words[] = {"AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AES_256_CM_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"};
  return {words, 6};
}

/** Of a certificate, RFC 8122 §5. */
enum class FingerprintHash : std::uint8_t {
  kSha256,
  kSha384,
  kSha512,
};

inline WordList WordsOf(FingerprintHash) noexcept {
  static const char* const words[] = {"sha-256", "sha-384", "sha-512"};
  return {words, 3};
}

/** Who begins the handshake of DTLS: the client, `a=setup:active` (RFC 5763 §5). */
enum class DtlsRole : std::uint8_t {
  kClient,
  kServer,
};

inline WordList WordsOf(DtlsRole) noexcept {
  static const char* const words[] = {"client", "server"};
  return {words, 2};
}

/** What sound comes from or goes to. */
enum class DeviceKind : std::uint8_t {
  kNull,
  kCamera,
  kAlsa,
  kFile,
};

inline WordList WordsOf(DeviceKind) noexcept {
  static const char* const words[] = {"null", "camera", "alsa", "file"};
  return {words, 4};
}

/** What sound comes from or goes to, at our own end. */
enum class DeviceRole : std::uint8_t {
  kMicrophone,
  kSpeaker,
};

inline WordList WordsOf(DeviceRole) noexcept {
  static const char* const words[] = {"microphone", "speaker"};
  return {words, 2};
}

enum class MediaKind : std::uint8_t {
  kAudio,
  kVideo,
};

inline WordList WordsOf(MediaKind) noexcept {
  static const char* const words[] = {"audio", "video"};
  return {words, 2};
}

/** A socket of a call's media. */
enum class MediaComponent : std::uint8_t {
  kAudioRtp,
  kAudioRtcp,
  kVideoRtp,
  kVideoRtcp,
};

inline WordList WordsOf(MediaComponent) noexcept {
  static const char* const words[] = {"audioRtp", "audioRtcp", "videoRtp", "videoRtcp"};
  return {words, 4};
}

/** Who may speak, together or one at a time. */
enum class Duplex : std::uint8_t {
  /** Both at once: what the speaker plays is taken out of the microphone. */
  kFull,
  /** Who speaks first has the floor until a moment after the last word. */
  kHalf,
  /** The near end has the floor while the key is pressed. */
  kPushToTalk,
};

inline WordList WordsOf(Duplex) noexcept {
  static const char* const words[] = {"full", "half", "push-to-talk"};
  return {words, 3};
}

/** Who has the floor where only one may speak at a time. */
enum class FloorHolder : std::uint8_t {
  kNobody,
  kFar,
  kNear,
  kNearWaits,
};

inline WordList WordsOf(FloorHolder) noexcept {
  static const char* const words[] = {"nobody", "far", "near", "near-waits"};
  return {words, 4};
}

/** What of sound is recorded. */
enum class RecordedSound : std::uint8_t {
  /** The near end of a call left, its far end right. */
  kCall,
  /** The near end alone, with no call. */
  kMicrophone,
  /** The camera's own AAC, as it comes. */
  kCamera,
};

inline WordList WordsOf(RecordedSound) noexcept {
  static const char* const words[] = {"call", "microphone", "camera"};
  return {words, 3};
}

/** How a recording lies in its file. */
enum class RecordingContainer : std::uint8_t {
  kWav,
  kMp4,
  kAdts,
};

inline WordList WordsOf(RecordingContainer) noexcept {
  static const char* const words[] = {"wav", "mp4", "adts"};
  return {words, 3};
}

enum class RecordingState : std::uint8_t {
  /** Keeps what the pre-roll takes, and writes nothing. */
  kArmed,
  /** Nothing is written yet: the first group of pictures, or the card, is awaited. */
  kOpening,
  kRecording,
  /** The card does not come back from an order; what finds the queues full is lost. */
  kStalled,
  /** The card refuses; tried again with back-off, what comes meanwhile is lost. */
  kFailed,
  kEnded,
};

inline WordList WordsOf(RecordingState) noexcept {
  static const char* const words[] = {"armed", "opening", "recording", "stalled", "failed", "ended"};
  return {words, 6};
}

/** Why the media plane refuses; `code` of a MediaException. */
enum class EngineError : std::uint8_t {
  /** The range of ports, or the room for sessions, is used up. */
  kNoPorts,
  /** The local address cannot be bound. */
  kBindFailed,
  /** A value that makes no sense. */
  kBadSettings,
  /** The engine or the session is gone. */
  kClosed,
  /** The description agreed on none, or says that we do not send. */
  kNoTelephoneEvent,
  /** The module of a codec cannot be loaded. */
  kNoCodec,
  /** The camera sends no picture. */
  kNoPicture,
  /** This build makes no JPEG, or not of this picture. */
  kNoStill,
  /** As many recordings run as there may be. */
  kNoRecording,
  /** The file cannot be played, or as much is played as there may be. */
  kNotPlayable,
};

inline WordList WordsOf(EngineError) noexcept {
  static const char* const words[] = {"no-ports", "bind-failed", "bad-settings", "closed", "no-telephone-event", "no-codec", "no-picture", "no-still", "no-recording", "not-playable"};
  return {words, 10};
}

}  // namespace dashvoip

// clang-format on

#endif  // DASHVOIP_API_VALUES_H_
