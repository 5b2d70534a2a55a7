#ifndef DASHVOIP_SRTP_SRTP_RECEIVER_H_
#define DASHVOIP_SRTP_SRTP_RECEIVER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dashvoip/rtp/sequence.h"
#include "dashvoip/srtp/srtp_cipher.h"

namespace dashvoip {

/** What comes under one master key: cipher, and of each source the index and what was had. */
class SrtpReceiver {
 public:
  enum class Verdict : std::uint8_t {
    kGenuine,
    kForged,    ///< or made with another key, or cut short
    kReplayed,  ///< had before, or too old to tell
    kNoise,     ///< neither RTP nor RTCP, as STUN (RFC 7983)
  };

  /** @throws std::runtime_error */
  SrtpReceiver(const Libcrypto& crypto, SrtpSuite suite, const SrtpKey& key);

  SrtpSuite suite() const noexcept { return suite_; }

  /** Any bytes are allowed; what is not genuine is left as it came. */
  Verdict UnprotectRtp(std::uint8_t* packet, std::size_t* size) noexcept;
  Verdict UnprotectRtcp(std::uint8_t* packet, std::size_t* size) noexcept;

 private:
  /** A synchronization source: only genuine packets make one. */
  struct Source {
    bool known = false;
    std::uint32_t ssrc = 0;
    std::int64_t highest = 0;
    SequenceHistory had;
    std::uint64_t last_use = 0;
  };
  /** So many at a time; the one that was heard least recently gives way. */
  using Sources = std::array<Source, 8>;

  static Source* Find(Sources* sources, std::uint32_t ssrc) noexcept;
  void Note(Sources* sources, std::uint32_t ssrc, std::int64_t index) noexcept;

  const SrtpSuite suite_;
  const std::unique_ptr<SrtpCipher> cipher_;
  Sources rtp_;
  Sources rtcp_;
  std::uint64_t uses_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_SRTP_RECEIVER_H_
