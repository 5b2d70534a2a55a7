#include "dashvoip/crypto/libcrypto.h"

#include <dlfcn.h>

namespace dashvoip {
namespace {

template <typename Function>
bool Look(const char* name, Function* out) noexcept {
  *out = reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, name));
  return *out != nullptr;
}

bool LookAllUp(Libcrypto* out) noexcept {
  return Look("OpenSSL_version", &out->version) && Look("OPENSSL_cleanse", &out->cleanse) &&
         Look("CRYPTO_memcmp", &out->compare) && Look("EVP_CIPHER_CTX_new", &out->context_new) &&
         Look("EVP_CIPHER_CTX_free", &out->context_free) &&
         Look("EVP_CIPHER_CTX_ctrl", &out->context_control) &&
         Look("EVP_CipherInit_ex", &out->cipher_init) &&
         Look("EVP_CipherUpdate", &out->cipher_update) &&
         Look("EVP_CipherFinal_ex", &out->cipher_final) &&
         Look("EVP_aes_128_ctr", &out->aes_128_ctr) && Look("EVP_aes_256_ctr", &out->aes_256_ctr) &&
         Look("EVP_aes_128_gcm", &out->aes_128_gcm) && Look("EVP_aes_256_gcm", &out->aes_256_gcm) &&
         Look("SHA1_Init", &out->sha1_init) && Look("SHA1_Update", &out->sha1_update) &&
         Look("SHA1_Final", &out->sha1_final);
}

}  // namespace

const Libcrypto* Libcrypto::Find() noexcept {
  static Libcrypto table;
  static const bool found = LookAllUp(&table);
  return found ? &table : nullptr;
}

}  // namespace dashvoip
