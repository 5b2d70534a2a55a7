#include "dashvoip/srtp/srtp_cipher.h"

#include <stdexcept>
#include <string>

#include "dashvoip/srtp/aead.h"
#include "dashvoip/srtp/counter_mode.h"

namespace dashvoip {

std::unique_ptr<SrtpCipher> SrtpCipher::Create(const Libcrypto& crypto, SrtpSuite suite,
                                               const SrtpKey& key, Use use) {
  const SrtpSizes sizes = SizesOf(suite);
  if (key.master.size() != sizes.master()) {
    throw std::runtime_error(std::string("srtp: expected keys of ") +
                             std::to_string(sizes.master()) + " bytes for " + WordOf(suite) +
                             ", found " + std::to_string(key.master.size()));
  }
  if (sizes.aead) return std::make_unique<Aead>(crypto, sizes, key, use);
  return std::make_unique<CounterMode>(crypto, sizes, key);
}

}  // namespace dashvoip
