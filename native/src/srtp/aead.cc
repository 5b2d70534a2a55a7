#include "dashvoip/srtp/aead.h"

#include <algorithm>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {
namespace {

constexpr std::size_t kTagSize = AesGcm::kTagSize;

}  // namespace

Aead::Lane::Lane(const Libcrypto& crypto, const SrtpSizes& sizes, const SessionKeys& keys, Use use)
    : cipher(crypto, keys.cipher.data(), sizes.key, use == Use::kProtect) {
  std::copy_n(keys.salt.begin(), sizes.salt, salt.begin());
}

/** RFC 7714 §8.1, §9.1: SSRC and index, XOR salt; that of SRTCP has 31 bits of the 48. */
AesGcm::Iv Aead::Lane::At(std::uint32_t ssrc, std::uint64_t index) const noexcept {
  AesGcm::Iv place{};
  WriteU32(place.data() + 2, ssrc);
  WriteU16(place.data() + 6, static_cast<std::uint16_t>(index >> 32));
  WriteU32(place.data() + 8, static_cast<std::uint32_t>(index));
  for (std::size_t i = 0; i < place.size(); ++i) place[i] ^= salt[i];
  return place;
}

Aead::Aead(const Libcrypto& crypto, const SrtpSizes& sizes, const SrtpKey& key, Use use)
    : mki_(key.mki),
      rtp_(crypto, sizes, SessionKeys(crypto, sizes, key.master.begin(), SrtpProtocol::kRtp), use),
      rtcp_(crypto, sizes, SessionKeys(crypto, sizes, key.master.begin(), SrtpProtocol::kRtcp),
            use) {}

/** RFC 7714 §8.2, figure 1: the tag is the end of the cipher text, the MKI stands behind it. */
bool Aead::ProtectRtp(std::uint8_t* packet, std::size_t header, std::uint64_t index,
                      std::size_t* size) noexcept {
  std::uint8_t* const tag = packet + *size;
  const AesGcm::Iv iv = rtp_.At(ReadU32(packet + 8), index);
  if (!rtp_.cipher.Seal(iv, {packet, header, nullptr, 0}, packet + header, *size - header, tag)) {
    return false;
  }
  if (mki_) std::copy(mki_->begin(), mki_->end(), tag + kTagSize);
  *size += kTagSize + SizeOf(mki_);
  return true;
}

/** RFC 7714 §9.2: header, cipher text with its tag, E bit and index, MKI. */
bool Aead::ProtectRtcp(std::uint8_t* packet, std::uint32_t index, std::size_t* size) noexcept {
  std::uint8_t* const tag = packet + *size;
  std::uint8_t* const trailer = tag + kTagSize;
  WriteU32(trailer, kSrtcpEncrypted | index);
  const AesGcm::Iv iv = rtcp_.At(ReadU32(packet + 4), index);
  const AesGcm::Associated associated = {packet, kRtcpHeaderSize, trailer, kSrtcpIndexSize};
  if (!rtcp_.cipher.Seal(iv, associated, packet + kRtcpHeaderSize, *size - kRtcpHeaderSize, tag)) {
    return false;
  }
  if (mki_) std::copy(mki_->begin(), mki_->end(), trailer + kSrtcpIndexSize);
  *size += kTagSize + kSrtcpIndexSize + SizeOf(mki_);
  return true;
}

bool Aead::UnprotectRtp(std::uint8_t* packet, std::size_t header, std::uint64_t index,
                        std::size_t* size) noexcept {
  if (*size < header + kTagSize + SizeOf(mki_)) return false;
  const std::size_t end = *size - SizeOf(mki_) - kTagSize;
  const std::uint8_t* const tag = packet + end;
  if (mki_ && !std::equal(mki_->begin(), mki_->end(), tag + kTagSize)) return false;
  const AesGcm::Iv iv = rtp_.At(ReadU32(packet + 8), index);
  if (!rtp_.cipher.Open(iv, {packet, header, nullptr, 0}, packet + header, end - header, tag)) {
    return false;
  }
  *size = end;
  return true;
}

bool Aead::FindRtcpIndex(std::size_t size, std::size_t* at) const noexcept {
  const std::size_t trailer = kSrtcpIndexSize + SizeOf(mki_);
  if (size < kRtcpHeaderSize + kTagSize + trailer) return false;
  *at = size - trailer;
  return true;
}

bool Aead::UnprotectRtcp(std::uint8_t* packet, std::uint32_t index, std::size_t* size) noexcept {
  std::size_t trailer = 0;
  if (!FindRtcpIndex(*size, &trailer)) return false;
  if (mki_ && !std::equal(mki_->begin(), mki_->end(), packet + trailer + kSrtcpIndexSize)) {
    return false;
  }
  const std::size_t end = trailer - kTagSize;
  const AesGcm::Iv iv = rtcp_.At(ReadU32(packet + 4), index);
  const AesGcm::Associated associated = {packet, kRtcpHeaderSize, packet + trailer,
                                         kSrtcpIndexSize};
  if (!rtcp_.cipher.Open(iv, associated, packet + kRtcpHeaderSize, end - kRtcpHeaderSize,
                         packet + end)) {
    return false;
  }
  *size = end;
  return true;
}

}  // namespace dashvoip
