#include <dlfcn.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/packet_transform.h"
#include "dashvoip/srtp/srtp_receiver.h"
#include "dashvoip/srtp/srtp_sender.h"

// What SRTP costs a packet, with the system's OpenSSL in the place of Node's.

namespace {

using namespace dashvoip;

constexpr int kPackets = 100000;

double MicrosecondsSince(std::chrono::steady_clock::time_point begin) {
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - begin;
  return spent.count();
}

/** @return false when a packet does not come through. */
bool Measure(const Libcrypto& crypto, SrtpSuite suite, std::size_t payload) {
  SrtpKey key;
  for (std::size_t i = 0; i < SizesOf(suite).master(); ++i) {
    key.master.Add(static_cast<std::uint8_t>(i));
  }
  SrtpSender sender(crypto, suite, key);
  SrtpReceiver receiver(crypto, suite, key);
  std::vector<std::uint8_t> packet(kRtpHeaderSize + payload + PacketTransform::kMaxTrailer, 0x55);
  RtpHeader header;
  double sent = 0;
  double received = 0;
  for (int n = 0; n < kPackets; ++n) {
    header.sequence_number = static_cast<std::uint16_t>(n);
    WriteRtpHeader(header, packet.data());
    std::size_t size = kRtpHeaderSize + payload;
    const auto begin = std::chrono::steady_clock::now();
    if (!sender.ProtectRtp(packet.data(), &size)) return false;
    sent += MicrosecondsSince(begin);
    const auto middle = std::chrono::steady_clock::now();
    if (receiver.UnprotectRtp(packet.data(), &size) != SrtpReceiver::Verdict::kGenuine) {
      return false;
    }
    received += MicrosecondsSince(middle);
  }
  std::printf("%-24s %5zu bytes   sent %6.2f us   received %6.2f us\n", WordOf(suite), payload,
              sent / kPackets, received / kPackets);
  return true;
}

}  // namespace

int main() {
  if (dlopen("libcrypto.so.3", RTLD_NOW | RTLD_GLOBAL) == nullptr || Libcrypto::Find() == nullptr) {
    std::fprintf(stderr, "no libcrypto.so.3 here\n");
    return 1;
  }
  constexpr std::array<SrtpSuite, 4> kSuites = {SrtpSuite::kAes128Sha1Tag80,
                                                SrtpSuite::kAes256Sha1Tag80, SrtpSuite::kAes128Gcm,
                                                SrtpSuite::kAes256Gcm};
  for (const SrtpSuite suite : kSuites) {
    for (const std::size_t payload : {std::size_t{160}, std::size_t{1200}}) {
      if (!Measure(*Libcrypto::Find(), suite, payload)) return 1;
    }
  }
  return 0;
}
