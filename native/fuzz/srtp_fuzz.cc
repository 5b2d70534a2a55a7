#include <dlfcn.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "dashvoip/rtp/packet_transform.h"
#include "dashvoip/srtp/srtp_keyring.h"
#include "script.h"

namespace {

using namespace dashvoip;

SrtpKey KeyOf(std::size_t size, std::size_t mki) {
  SrtpKey key;
  for (std::size_t i = 0; i < size; ++i) key.master.Add(static_cast<std::uint8_t>(i));
  if (mki == 0) return key;
  BoundedList<std::uint8_t, 16, 1> bytes;
  for (std::size_t i = 0; i < mki; ++i) bytes.Add(static_cast<std::uint8_t>(i));
  key.mki = bytes;
  return key;
}

}  // namespace

// Datagrams of anybody, and what our own sender makes of packets, to one receiver. What a stranger
// sends is never genuine, what we send always is, once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static void* const loaded = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_GLOBAL);
  if (loaded == nullptr) std::abort();
  fuzz::Script script(data, size);
  SrtpSettings settings;
  settings.suite = static_cast<SrtpSuite>(script.Byte() % 6);
  settings.send = KeyOf(SizesOf(settings.suite).master(), script.Byte() % 5);
  settings.receive = settings.send;
  SrtpKeyring keyring;
  SrtpTransform transform;
  transform.SetKeys(keyring.Prepare(settings));
  while (!script.done()) {
    const std::uint8_t kind = script.Byte();
    const std::size_t length = script.Byte();
    const std::uint8_t* const at = script.at();
    std::size_t bytes = script.Skip(length);
    std::vector<std::uint8_t> packet(at, at + bytes);
    const bool rtcp = (kind & 1) != 0;
    if ((kind & 2) != 0) {
      packet.resize(bytes + PacketTransform::kMaxTrailer);
      const bool sent = rtcp ? transform.ProtectRtcp(packet.data(), &bytes)
                             : transform.ProtectRtp(packet.data(), &bytes);
      if (!sent) continue;
      packet.resize(bytes);
      if ((kind & 4) != 0) packet[script.Byte() % bytes] ^= static_cast<std::uint8_t>(kind | 1);
    }
    const bool mine = (kind & 6) == 2;
    const std::vector<std::uint8_t> before = packet;
    const bool genuine = rtcp ? transform.UnprotectRtcp(packet.data(), &bytes)
                              : transform.UnprotectRtp(packet.data(), &bytes);
    if (genuine && !mine) std::abort();
    if (genuine ? bytes >= before.size() : packet != before) std::abort();
  }
  return 0;
}
