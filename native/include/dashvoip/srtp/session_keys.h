#ifndef DASHVOIP_SRTP_SESSION_KEYS_H_
#define DASHVOIP_SRTP_SESSION_KEYS_H_

#include <array>
#include <cstdint>

#include "dashvoip/crypto/libcrypto.h"
#include "dashvoip/srtp/suite.h"

namespace dashvoip {

enum class SrtpProtocol : std::uint8_t { kRtp, kRtcp };

/** What a master key becomes for one protocol (RFC 3711 §4.3, RFC 6188 §3, RFC 7714 §11). */
struct SessionKeys {
  static constexpr std::size_t kAuthenticationSize = 20;

  /** @param master of `sizes.master()` bytes. @throws std::runtime_error */
  SessionKeys(const Libcrypto& crypto, const SrtpSizes& sizes, const std::uint8_t* master,
              SrtpProtocol protocol);
  ~SessionKeys();
  SessionKeys(const SessionKeys&) = delete;
  SessionKeys& operator=(const SessionKeys&) = delete;

  std::array<std::uint8_t, 32> cipher{};
  std::array<std::uint8_t, kAuthenticationSize> authentication{};
  std::array<std::uint8_t, 14> salt{};

 private:
  const Libcrypto& crypto_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_SESSION_KEYS_H_
