#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dashvoip/ice/ice_lite.h"
#include "script.h"

namespace {

using namespace dashvoip;

const std::string kPassword = "0123456789abcdefghijklmn";
constexpr std::size_t kMost = 1400;

/** Attributes of anybody's, with a right FINGERPRINT, which no mutation finds; and signed or not.
 */
std::size_t Write(fuzz::Script* script, const Libcrypto& crypto, bool is_signed,
                  std::uint8_t* out) {
  const auto type = static_cast<StunType>(script->Number({1, 1, 0x11, 0x101, 0x111}) & 0xffff);
  StunWriter writer(out, kMost, type, {{script->Byte()}});
  while (!script->done()) {
    const auto attribute = static_cast<StunAttribute>(
        script->Number({6, 8, 9, 10, 0x20, 0x24, 0x25, 0x8029, 0x802a, 0x7777}) & 0xffff);
    const std::size_t length = script->Byte();
    const std::uint8_t* const at = script->at();
    writer.Add(attribute, at, script->Skip(length));
  }
  if (is_signed) {
    HmacSha1 key(crypto, reinterpret_cast<const std::uint8_t*>(kPassword.data()), kPassword.size());
    writer.AddIntegrity(&key);
  }
  writer.AddFingerprint();
  return writer.size();
}

/** What is answered can be read, and is longer than the question by an error's words at most. */
void CheckAnswer(const IceLite::Outcome& outcome, const std::uint8_t* answer, std::size_t asked) {
  if (outcome.answer == 0) return;
  StunMessage written;
  if (!ParseStun(answer, outcome.answer, &written)) std::abort();
  const bool refused = written.type == StunType::kBindingError;
  if (!refused && (written.type != StunType::kBindingSuccess || !outcome.genuine)) std::abort();
  if (!outcome.genuine && outcome.answer > asked + 40) std::abort();
}

}  // namespace

// Datagrams of anybody, to an end that answers: as they are, as attributes, and as attributes of
// who knows the password. What a stranger sends nominates nobody.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static void* const loaded = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_GLOBAL);
  const Libcrypto* const crypto = Libcrypto::Find();
  if (loaded == nullptr || crypto == nullptr) std::abort();
  fuzz::Script script(data, size);
  const std::uint8_t kind = script.Byte();
  const bool is_signed = kind % 4 == 2;
  std::array<std::uint8_t, kMost> datagram;
  std::size_t bytes = std::min(script.left(), datagram.size());
  if (kind % 4 == 0) {
    std::copy_n(script.at(), bytes, datagram.begin());
  } else {
    bytes = Write(&script, *crypto, is_signed, datagram.data());
  }
  IceLite ice(*crypto, "cAm1", kPassword);
  TransportAddress from;
  from.port = 4000;
  std::array<std::uint8_t, IceLite::kMaxAnswer> answer;
  const IceLite::Outcome outcome = ice.OnDatagram(datagram.data(), bytes, from, answer.data());
  if (!is_signed && (outcome.genuine || outcome.nominated)) std::abort();
  if (outcome.nominated != (ice.selected().port != 0)) std::abort();
  CheckAnswer(outcome, answer.data(), bytes);
  return 0;
}
