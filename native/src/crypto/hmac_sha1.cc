#include "dashvoip/crypto/hmac_sha1.h"

#include <stdexcept>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {

HmacSha1::HmacSha1(const Libcrypto& crypto, const std::uint8_t* key, std::size_t size)
    : crypto_(crypto) {
  // RFC 2104 §2 would have it hashed first; keys of SRTP are of 20 bytes.
  if (size > kBlock) throw std::length_error("HMAC key longer than a block");
  Begin(&inner_, key, size, 0x36);
  Begin(&outer_, key, size, 0x5c);
}

HmacSha1::~HmacSha1() {
  crypto_.cleanse(&inner_, sizeof inner_);
  crypto_.cleanse(&outer_, sizeof outer_);
}

void HmacSha1::Begin(State* state, const std::uint8_t* key, std::size_t size,
                     std::uint8_t pad) noexcept {
  std::array<std::uint8_t, kBlock> block;
  for (std::size_t i = 0; i < kBlock; ++i) {
    block[i] = static_cast<std::uint8_t>((i < size ? key[i] : 0) ^ pad);
  }
  crypto_.sha1_init(state->bytes.data());
  crypto_.sha1_update(state->bytes.data(), block.data(), block.size());
  crypto_.cleanse(block.data(), block.size());
}

HmacSha1::Digest HmacSha1::End(State* state) noexcept {
  Digest digest;
  crypto_.sha1_final(digest.data(), state->bytes.data());
  State outer = outer_;
  crypto_.sha1_update(outer.bytes.data(), digest.data(), digest.size());
  crypto_.sha1_final(digest.data(), outer.bytes.data());
  return digest;
}

HmacSha1::Digest HmacSha1::Of(const std::uint8_t* data, std::size_t size,
                              std::uint32_t suffix) noexcept {
  std::uint8_t behind[4];
  WriteU32(behind, suffix);
  State inner = inner_;
  crypto_.sha1_update(inner.bytes.data(), data, size);
  crypto_.sha1_update(inner.bytes.data(), behind, sizeof behind);
  return End(&inner);
}

HmacSha1::Digest HmacSha1::Of(const std::uint8_t* data, std::size_t size) noexcept {
  State inner = inner_;
  crypto_.sha1_update(inner.bytes.data(), data, size);
  return End(&inner);
}

}  // namespace dashvoip
