#include "dashvoip/crypto/aes.h"

#include <algorithm>
#include <stdexcept>

namespace dashvoip {
namespace {

// Of openssl/evp.h.
constexpr int kGetTag = 0x10;
constexpr int kSetTag = 0x11;

}  // namespace

CipherContext::CipherContext(const Libcrypto& crypto, const evp_cipher_st* cipher,
                             const std::uint8_t* key, bool encrypt)
    : crypto_(crypto), context_(crypto.context_new(), crypto.context_free) {
  if (!context_ ||
      crypto_.cipher_init(context_.get(), cipher, nullptr, key, nullptr, encrypt ? 1 : 0) != 1) {
    throw std::runtime_error("OpenSSL refuses AES");
  }
}

bool CipherContext::Restart(const std::uint8_t* iv) noexcept {
  return crypto_.cipher_init(context_.get(), nullptr, nullptr, nullptr, iv, -1) == 1;
}

bool CipherContext::Update(std::uint8_t* out, const std::uint8_t* in, std::size_t size) noexcept {
  int done = 0;
  return size == 0 ||
         crypto_.cipher_update(context_.get(), out, &done, in, static_cast<int>(size)) == 1;
}

bool CipherContext::Finish() noexcept {
  std::array<std::uint8_t, 16> rest;
  int size = 0;
  return crypto_.cipher_final(context_.get(), rest.data(), &size) == 1;
}

bool CipherContext::Control(int what, std::size_t size, std::uint8_t* data) noexcept {
  return crypto_.context_control(context_.get(), what, static_cast<int>(size), data) == 1;
}

AesCtr::AesCtr(const Libcrypto& crypto, const std::uint8_t* key, std::size_t size)
    : context_(crypto, size == 32 ? crypto.aes_256_ctr() : crypto.aes_128_ctr(), key, true) {}

bool AesCtr::Apply(const Iv& iv, std::uint8_t* data, std::size_t size) noexcept {
  return context_.Restart(iv.data()) && context_.Update(data, data, size);
}

AesGcm::AesGcm(const Libcrypto& crypto, const std::uint8_t* key, std::size_t size, bool encrypt)
    : context_(crypto, size == 32 ? crypto.aes_256_gcm() : crypto.aes_128_gcm(), key, encrypt) {}

bool AesGcm::Begin(const Iv& iv, const Associated& associated) noexcept {
  return context_.Restart(iv.data()) &&
         context_.Update(nullptr, associated.first, associated.first_size) &&
         context_.Update(nullptr, associated.second, associated.second_size);
}

bool AesGcm::Seal(const Iv& iv, const Associated& associated, std::uint8_t* data, std::size_t size,
                  std::uint8_t* tag) noexcept {
  return Begin(iv, associated) && context_.Update(data, data, size) && context_.Finish() &&
         context_.Control(kGetTag, kTagSize, tag);
}

bool AesGcm::Open(const Iv& iv, const Associated& associated, std::uint8_t* data, std::size_t size,
                  const std::uint8_t* tag) noexcept {
  std::array<std::uint8_t, kTagSize> expected;
  std::copy_n(tag, kTagSize, expected.begin());
  if (!Begin(iv, associated) || !context_.Update(data, data, size)) return false;
  if (context_.Control(kSetTag, kTagSize, expected.data()) && context_.Finish()) return true;
  // The same key stream once more takes it back.
  if (Begin(iv, associated)) context_.Update(data, data, size);
  return false;
}

}  // namespace dashvoip
