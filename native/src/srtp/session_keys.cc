#include "dashvoip/srtp/session_keys.h"

#include <algorithm>
#include <stdexcept>

#include "dashvoip/crypto/aes.h"

namespace dashvoip {
namespace {

// RFC 3711 §4.3.1, §4.3.2: of SRTP; those of SRTCP are three more.
constexpr std::uint8_t kCipherLabel = 0;
constexpr std::uint8_t kAuthenticationLabel = 1;
constexpr std::uint8_t kSaltLabel = 2;
constexpr std::uint8_t kRtcpLabels = 3;
// The label's place in the salt of 112 bits, behind which the index would stand (§4.3.1).
constexpr std::size_t kLabelAt = 7;

template <std::size_t kSize>
void Derive(AesCtr* prf, AesCtr::Iv iv, std::uint8_t label, std::array<std::uint8_t, kSize>* out) {
  iv[kLabelAt] ^= label;
  if (!prf->Apply(iv, out->data(), out->size())) throw std::runtime_error("OpenSSL refuses AES");
}

}  // namespace

SessionKeys::SessionKeys(const Libcrypto& crypto, const SrtpSizes& sizes,
                         const std::uint8_t* master, SrtpProtocol protocol)
    : crypto_(crypto) {
  AesCtr prf(crypto, master, sizes.key);
  // A salt of 96 bits has zeros behind it (RFC 7714 §11).
  AesCtr::Iv iv{};
  std::copy_n(master + sizes.key, sizes.salt, iv.begin());
  const std::uint8_t first = protocol == SrtpProtocol::kRtcp ? kRtcpLabels : 0;
  Derive(&prf, iv, first + kCipherLabel, &cipher);
  Derive(&prf, iv, first + kAuthenticationLabel, &authentication);
  Derive(&prf, iv, first + kSaltLabel, &salt);
}

SessionKeys::~SessionKeys() {
  crypto_.cleanse(cipher.data(), cipher.size());
  crypto_.cleanse(authentication.data(), authentication.size());
  crypto_.cleanse(salt.data(), salt.size());
}

}  // namespace dashvoip
