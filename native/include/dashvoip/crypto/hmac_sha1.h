#ifndef DASHVOIP_CRYPTO_HMAC_SHA1_H_
#define DASHVOIP_CRYPTO_HMAC_SHA1_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/crypto/libcrypto.h"

namespace dashvoip {

/** HMAC-SHA1 (RFC 2104) under one key: what the key alone makes of SHA-1 is worked out once. */
class HmacSha1 {
 public:
  static constexpr std::size_t kSize = 20;
  using Digest = std::array<std::uint8_t, kSize>;

  HmacSha1(const Libcrypto& crypto, const std::uint8_t* key, std::size_t size);
  ~HmacSha1();
  HmacSha1(const HmacSha1&) = delete;
  HmacSha1& operator=(const HmacSha1&) = delete;

  /** Of `data` with the four bytes of `suffix` behind it. */
  Digest Of(const std::uint8_t* data, std::size_t size, std::uint32_t suffix) noexcept;
  Digest Of(const std::uint8_t* data, std::size_t size) noexcept;

 private:
  static constexpr std::size_t kBlock = 64;
  /** OpenSSL's SHA_CTX: 96 bytes in every version so far. */
  struct State {
    alignas(16) std::array<std::uint8_t, 256> bytes;
  };

  void Begin(State* state, const std::uint8_t* key, std::size_t size, std::uint8_t pad) noexcept;
  Digest End(State* state) noexcept;

  const Libcrypto& crypto_;
  State inner_{};  // behind key ^ ipad
  State outer_{};  // behind key ^ opad
};

}  // namespace dashvoip

#endif  // DASHVOIP_CRYPTO_HMAC_SHA1_H_
