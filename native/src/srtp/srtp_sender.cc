#include "dashvoip/srtp/srtp_sender.h"

#include <algorithm>

#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/sequence.h"

namespace dashvoip {

SrtpSender::SrtpSender(const Libcrypto& crypto, SrtpSuite suite, const SrtpKey& key)
    : cipher_(SrtpCipher::Create(crypto, suite, key, SrtpCipher::Use::kProtect)) {}

/** Its own, or the next that is free; nullptr for a third one. */
SrtpSender::Source* SrtpSender::Find(std::uint32_t ssrc) noexcept {
  for (Source& source : sources_) {
    if (!source.started || source.ssrc == ssrc) return &source;
  }
  return nullptr;
}

bool SrtpSender::ProtectRtp(std::uint8_t* packet, std::size_t* size) noexcept {
  RtpPacket parts;
  if (ParseRtpHeader(packet, *size, &parts) != RtpParseResult::kOk) return false;
  const RtpHeader& fields = parts.header;
  Source* const source = Find(fields.ssrc);
  if (source == nullptr) return false;
  const std::int64_t index = source->started
                                 ? ExtendSequence(fields.sequence_number, source->highest)
                                 : std::int64_t{fields.sequence_number};
  if (index < 0) return false;
  source->started = true;
  source->ssrc = fields.ssrc;
  source->highest = std::max(source->highest, index);
  const auto header = static_cast<std::size_t>(parts.payload - packet);
  return cipher_->ProtectRtp(packet, header, static_cast<std::uint64_t>(index), size);
}

bool SrtpSender::ProtectRtcp(std::uint8_t* packet, std::size_t* size) noexcept {
  // RFC 3711 §9.2: at most 2^31 packets of SRTCP under one key.
  if (*size < kRtcpHeaderSize || rtcp_index_ + 1 >= kSrtcpEncrypted) return false;
  return cipher_->ProtectRtcp(packet, ++rtcp_index_, size);
}

}  // namespace dashvoip
