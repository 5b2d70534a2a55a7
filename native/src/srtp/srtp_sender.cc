#include "dashvoip/srtp/srtp_sender.h"

#include <algorithm>

#include "dashvoip/rtp/packet.h"
#include "dashvoip/rtp/sequence.h"

namespace dashvoip {

SrtpSender::SrtpSender(const Libcrypto& crypto, SrtpSuite suite, const SrtpKey& key)
    : cipher_(SrtpCipher::Create(crypto, suite, key, SrtpCipher::Use::kProtect)) {}

bool SrtpSender::ProtectRtp(std::uint8_t* packet, std::size_t* size) noexcept {
  RtpPacket parts;
  if (ParseRtpHeader(packet, *size, &parts) != RtpParseResult::kOk) return false;
  const RtpHeader& fields = parts.header;
  const std::int64_t index = started_ ? ExtendSequence(fields.sequence_number, highest_)
                                      : std::int64_t{fields.sequence_number};
  // RFC 3711 §9.1: another SSRC would begin at an index of its own, and this one's would be lost.
  if (index < 0 || (started_ && fields.ssrc != ssrc_)) return false;
  started_ = true;
  ssrc_ = fields.ssrc;
  highest_ = std::max(highest_, index);
  const auto header = static_cast<std::size_t>(parts.payload - packet);
  return cipher_->ProtectRtp(packet, header, static_cast<std::uint64_t>(index), size);
}

bool SrtpSender::ProtectRtcp(std::uint8_t* packet, std::size_t* size) noexcept {
  // RFC 3711 §9.2: at most 2^31 packets of SRTCP under one key.
  if (*size < kRtcpHeaderSize || rtcp_index_ + 1 >= kSrtcpEncrypted) return false;
  return cipher_->ProtectRtcp(packet, ++rtcp_index_, size);
}

}  // namespace dashvoip
