#ifndef DASHVOIP_CRYPTO_AES_H_
#define DASHVOIP_CRYPTO_AES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "dashvoip/crypto/libcrypto.h"

namespace dashvoip {

/** A context of libcrypto; making it allocates, using it does not. */
class CipherContext {
 public:
  /** @param key of as many bytes as `cipher` takes. @throws std::runtime_error */
  CipherContext(const Libcrypto& crypto, const evp_cipher_st* cipher, const std::uint8_t* key,
                bool encrypt);

  /** What comes next is a new message under the same key. */
  bool Restart(const std::uint8_t* iv) noexcept;
  /** @param out may be `in`; nullptr takes `in` as data that is authenticated only. */
  bool Update(std::uint8_t* out, const std::uint8_t* in, std::size_t size) noexcept;
  bool Finish() noexcept;
  bool Control(int what, std::size_t size, std::uint8_t* data) noexcept;

 private:
  const Libcrypto& crypto_;
  std::unique_ptr<evp_cipher_ctx_st, void (*)(evp_cipher_ctx_st*)> context_;
};

/** AES in counter mode (RFC 3711 §4.1.1), 128 or 256 bits. */
class AesCtr {
 public:
  static constexpr std::size_t kIvSize = 16;
  using Iv = std::array<std::uint8_t, kIvSize>;

  /** @param size 16 or 32. @throws std::runtime_error */
  AesCtr(const Libcrypto& crypto, const std::uint8_t* key, std::size_t size);

  /** Both ways. */
  bool Apply(const Iv& iv, std::uint8_t* data, std::size_t size) noexcept;

 private:
  CipherContext context_;
};

/** AES-GCM with an IV of 12 bytes and a tag of 16 (RFC 7714 §8, §13), one way. */
class AesGcm {
 public:
  static constexpr std::size_t kIvSize = 12;
  static constexpr std::size_t kTagSize = 16;
  using Iv = std::array<std::uint8_t, kIvSize>;
  /** Data that is authenticated and stays readable: up to two pieces. */
  struct Associated {
    const std::uint8_t* first;
    std::size_t first_size;
    const std::uint8_t* second;
    std::size_t second_size;
  };

  /** @param size 16 or 32. @throws std::runtime_error */
  AesGcm(const Libcrypto& crypto, const std::uint8_t* key, std::size_t size, bool encrypt);

  /** Encrypts in place. @param tag room for kTagSize bytes. */
  bool Seal(const Iv& iv, const Associated& associated, std::uint8_t* data, std::size_t size,
            std::uint8_t* tag) noexcept;
  /** Decrypts in place. @return false for what is not genuine, which is left as it came. */
  bool Open(const Iv& iv, const Associated& associated, std::uint8_t* data, std::size_t size,
            const std::uint8_t* tag) noexcept;

 private:
  bool Begin(const Iv& iv, const Associated& associated) noexcept;

  CipherContext context_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CRYPTO_AES_H_
