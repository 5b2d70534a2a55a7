#ifndef DASHVOIP_CRYPTO_LIBCRYPTO_H_
#define DASHVOIP_CRYPTO_LIBCRYPTO_H_

#include <cstddef>

// OpenSSL's own names of what it keeps to itself.
struct evp_cipher_ctx_st;
struct evp_cipher_st;
struct engine_st;

namespace dashvoip {

/**
 * What is used of the OpenSSL that Node brings along, or has loaded: every Node exports it for
 * addons. Nothing is linked, and no header of it is needed: the functions are those that 1.1.1 and
 * 3.x have in common, looked up by name. SHA-1 is taken from below EVP, which allocates for each
 * message from 3.0 on.
 */
struct Libcrypto {
  /** @return nullptr where this process has no OpenSSL: then nothing can be encrypted. */
  static const Libcrypto* Find() noexcept;

  /** As "OpenSSL 3.0.19+quic 27 Jan 2026". */
  const char* (*version)(int what);
  void (*cleanse)(void* data, std::size_t size);
  int (*compare)(const void* a, const void* b, std::size_t size);  ///< in constant time

  evp_cipher_ctx_st* (*context_new)();
  void (*context_free)(evp_cipher_ctx_st*);
  int (*context_control)(evp_cipher_ctx_st*, int what, int number, void* pointer);
  int (*cipher_init)(evp_cipher_ctx_st*, const evp_cipher_st*, engine_st*, const unsigned char* key,
                     const unsigned char* iv, int encrypt);
  int (*cipher_update)(evp_cipher_ctx_st*, unsigned char* out, int* out_size,
                       const unsigned char* in, int size);
  int (*cipher_final)(evp_cipher_ctx_st*, unsigned char* out, int* out_size);
  const evp_cipher_st* (*aes_128_ctr)();
  const evp_cipher_st* (*aes_256_ctr)();
  const evp_cipher_st* (*aes_128_gcm)();
  const evp_cipher_st* (*aes_256_gcm)();

  int (*sha1_init)(void* state);
  int (*sha1_update)(void* state, const void* data, std::size_t size);
  int (*sha1_final)(unsigned char* digest, void* state);
};

}  // namespace dashvoip

#endif  // DASHVOIP_CRYPTO_LIBCRYPTO_H_
