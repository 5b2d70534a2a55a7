#ifndef DASHVOIP_ICE_ICE_LITE_H_
#define DASHVOIP_ICE_ICE_LITE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "dashvoip/base/transport_address.h"
#include "dashvoip/crypto/hmac_sha1.h"
#include "dashvoip/ice/stun_message.h"

namespace dashvoip {

/**
 * ICE as an end that can be reached has it (RFC 8445 §2.5, "lite"): it asks nothing, answers the
 * checks of the other end, and sends to where that has nominated. One component. Making one
 * allocates, using it does not.
 */
class IceLite {
 public:
  /** Room that any answer has. */
  static constexpr std::size_t kMaxAnswer = 256;

  struct Outcome {
    std::size_t answer = 0;  ///< bytes to be sent back; 0: nothing
    bool genuine = false;    ///< of the other end: made with our password
    bool nominated = false;  ///< and media go to its source from now on
  };

  struct Counters {
    std::uint64_t checks = 0;   ///< genuine ones
    std::uint64_t refused = 0;  ///< requests that were not
    std::uint64_t moves = 0;    ///< to where the other end nominated after its first choice
  };

  IceLite(const Libcrypto& crypto, std::string fragment, const std::string& password);

  /** Any bytes are allowed. @param answer room for kMaxAnswer bytes. */
  Outcome OnDatagram(const std::uint8_t* data, std::size_t size, const TransportAddress& from,
                     std::uint8_t* answer) noexcept;

  /** Where media go; port 0 before anything is nominated. */
  const TransportAddress& selected() const noexcept { return selected_; }
  const Counters& counters() const noexcept { return counters_; }

 private:
  struct Refusal {
    unsigned code;  // 0: none
    const char* reason;
  };

  Refusal Examine(const std::uint8_t* data, const StunMessage& request) noexcept;
  bool IsForUs(const StunMessage& request) const noexcept;

  const Libcrypto& crypto_;
  const std::string fragment_;
  HmacSha1 key_;
  TransportAddress selected_;
  Counters counters_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ICE_ICE_LITE_H_
