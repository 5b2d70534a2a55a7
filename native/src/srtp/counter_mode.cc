#include "dashvoip/srtp/counter_mode.h"

#include <algorithm>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {
namespace {

std::uint32_t SsrcOfRtp(const std::uint8_t* packet) noexcept { return ReadU32(packet + 8); }
std::uint32_t SsrcOfRtcp(const std::uint8_t* packet) noexcept { return ReadU32(packet + 4); }

/** Which goes into the tag of SRTP without being sent (RFC 3711 §4.2). */
std::uint32_t RolloverOf(std::uint64_t index) noexcept {
  return static_cast<std::uint32_t>(index >> 16);
}

}  // namespace

CounterMode::Lane::Lane(const Libcrypto& crypto, const SrtpSizes& sizes, const SessionKeys& keys)
    : cipher(crypto, keys.cipher.data(), sizes.key),
      mac(crypto, keys.authentication.data(), keys.authentication.size()) {
  std::copy(keys.salt.begin(), keys.salt.end(), salt.begin());
}

/** RFC 3711 §4.1.1: salt * 2^16 XOR SSRC * 2^64 XOR index * 2^16. */
bool CounterMode::Lane::Apply(std::uint32_t ssrc, std::uint64_t index, std::uint8_t* data,
                              std::size_t size) noexcept {
  AesCtr::Iv place{};
  WriteU32(place.data() + 4, ssrc);
  WriteU16(place.data() + 8, static_cast<std::uint16_t>(index >> 32));
  WriteU32(place.data() + 10, static_cast<std::uint32_t>(index));
  for (std::size_t i = 0; i < place.size(); ++i) place[i] ^= salt[i];
  return cipher.Apply(place, data, size);
}

CounterMode::CounterMode(const Libcrypto& crypto, const SrtpSizes& sizes, const SrtpKey& key)
    : crypto_(crypto),
      sizes_(sizes),
      mki_(key.mki),
      rtp_(crypto, sizes, SessionKeys(crypto, sizes, key.master.begin(), SrtpProtocol::kRtp)),
      rtcp_(crypto, sizes, SessionKeys(crypto, sizes, key.master.begin(), SrtpProtocol::kRtcp)) {}

/** RFC 3711 §3.1: MKI and tag behind the packet, neither of which is authenticated. */
void CounterMode::Append(const HmacSha1::Digest& tag, std::size_t tag_size, std::uint8_t* packet,
                         std::size_t* size) const noexcept {
  std::uint8_t* end = packet + *size;
  if (mki_) end = std::copy(mki_->begin(), mki_->end(), end);
  end = std::copy_n(tag.begin(), tag_size, end);
  *size = static_cast<std::size_t>(end - packet);
}

bool CounterMode::Matches(const HmacSha1::Digest& tag, std::size_t tag_size,
                          const std::uint8_t* packet, std::size_t authenticated) const noexcept {
  const std::uint8_t* const mki = packet + authenticated;
  if (mki_ && !std::equal(mki_->begin(), mki_->end(), mki)) return false;
  return crypto_.compare(tag.data(), mki + SizeOf(mki_), tag_size) == 0;
}

bool CounterMode::ProtectRtp(std::uint8_t* packet, std::size_t header, std::uint64_t index,
                             std::size_t* size) noexcept {
  if (!rtp_.Apply(SsrcOfRtp(packet), index, packet + header, *size - header)) return false;
  Append(rtp_.mac.Of(packet, *size, RolloverOf(index)), sizes_.rtp_tag, packet, size);
  return true;
}

bool CounterMode::ProtectRtcp(std::uint8_t* packet, std::uint32_t index,
                              std::size_t* size) noexcept {
  if (!rtcp_.Apply(SsrcOfRtcp(packet), index, packet + kRtcpHeaderSize, *size - kRtcpHeaderSize)) {
    return false;
  }
  WriteU32(packet + *size, kSrtcpEncrypted | index);
  *size += kSrtcpIndexSize;
  Append(rtcp_.mac.Of(packet, *size), sizes_.rtcp_tag, packet, size);
  return true;
}

bool CounterMode::UnprotectRtp(std::uint8_t* packet, std::size_t header, std::uint64_t index,
                               std::size_t* size) noexcept {
  const std::size_t trailer = SizeOf(mki_) + sizes_.rtp_tag;
  if (*size < header + trailer) return false;
  const std::size_t authenticated = *size - trailer;
  const HmacSha1::Digest tag = rtp_.mac.Of(packet, authenticated, RolloverOf(index));
  if (!Matches(tag, sizes_.rtp_tag, packet, authenticated)) return false;
  *size = authenticated;
  return rtp_.Apply(SsrcOfRtp(packet), index, packet + header, *size - header);
}

bool CounterMode::FindRtcpIndex(std::size_t size, std::size_t* at) const noexcept {
  const std::size_t trailer = kSrtcpIndexSize + SizeOf(mki_) + sizes_.rtcp_tag;
  if (size < kRtcpHeaderSize + trailer) return false;
  *at = size - trailer;
  return true;
}

bool CounterMode::UnprotectRtcp(std::uint8_t* packet, std::uint32_t index,
                                std::size_t* size) noexcept {
  std::size_t end = 0;
  if (!FindRtcpIndex(*size, &end)) return false;
  const std::size_t authenticated = end + kSrtcpIndexSize;
  const HmacSha1::Digest tag = rtcp_.mac.Of(packet, authenticated);
  if (!Matches(tag, sizes_.rtcp_tag, packet, authenticated)) return false;
  *size = end;
  return rtcp_.Apply(SsrcOfRtcp(packet), index, packet + kRtcpHeaderSize, end - kRtcpHeaderSize);
}

}  // namespace dashvoip
