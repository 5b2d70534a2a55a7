#include "dashvoip/srtp/srtp_receiver.h"

#include <algorithm>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/rtp/packet.h"

namespace dashvoip {
namespace {

constexpr std::int64_t kRollover = 0x10000;
// Of a source that is new, so many roll-overs may have gone by unheard.
constexpr std::int64_t kMissedRollovers = 1;

/** Of RTP and RTCP alike. */
bool HasRtpVersion(const std::uint8_t* packet, std::size_t size) noexcept {
  return size > 0 && packet[0] >> 6 == 2;
}

}  // namespace

SrtpReceiver::SrtpReceiver(const Libcrypto& crypto, SrtpSuite suite, const SrtpKey& key)
    : suite_(suite), cipher_(SrtpCipher::Create(crypto, suite, key, SrtpCipher::Use::kUnprotect)) {}

SrtpReceiver::Verdict SrtpReceiver::UnprotectRtp(std::uint8_t* packet, std::size_t* size) noexcept {
  RtpPacket parts;
  if (!HasRtpVersion(packet, *size)) return Verdict::kNoise;
  if (ParseRtpHeader(packet, *size, &parts) != RtpParseResult::kOk) return Verdict::kForged;
  const auto header = static_cast<std::size_t>(parts.payload - packet);
  const RtpHeader& fields = parts.header;
  const Source* const source = Find(&rtp_, fields.ssrc);
  const auto opens = [&](std::int64_t index) {
    return cipher_->UnprotectRtp(packet, header, static_cast<std::uint64_t>(index), size);
  };
  // RFC 3711 §3.3.1, appendix A: the index nearest to the highest so far.
  std::int64_t index = fields.sequence_number;
  if (source != nullptr) {
    index = ExtendSequence(fields.sequence_number, source->highest);
    if (index < 0) return Verdict::kForged;
    if (source->had.Examine(index) != SequenceHistory::Verdict::kNew) return Verdict::kReplayed;
    if (!opens(index)) return Verdict::kForged;
  } else if (!opens(index)) {
    // Its numbers may have begun just below the wrap, and those packets were not heard.
    index += kMissedRollovers * kRollover;
    if (!opens(index)) return Verdict::kForged;
  }
  Note(&rtp_, fields.ssrc, index);
  return Verdict::kGenuine;
}

SrtpReceiver::Verdict SrtpReceiver::UnprotectRtcp(std::uint8_t* packet,
                                                  std::size_t* size) noexcept {
  std::size_t at = 0;
  if (!HasRtpVersion(packet, *size)) return Verdict::kNoise;
  if (!cipher_->FindRtcpIndex(*size, &at)) return Verdict::kForged;
  const std::uint32_t word = ReadU32(packet + at);
  // Nobody agreed on UNENCRYPTED_SRTCP (RFC 4568 §6.3.2).
  if ((word & kSrtcpEncrypted) == 0) return Verdict::kForged;
  const std::uint32_t index = word & ~kSrtcpEncrypted;
  const std::uint32_t ssrc = ReadU32(packet + 4);
  const Source* const source = Find(&rtcp_, ssrc);
  if (source != nullptr && source->had.Examine(index) != SequenceHistory::Verdict::kNew) {
    return Verdict::kReplayed;
  }
  if (!cipher_->UnprotectRtcp(packet, index, size)) return Verdict::kForged;
  Note(&rtcp_, ssrc, index);
  return Verdict::kGenuine;
}

SrtpReceiver::Source* SrtpReceiver::Find(Sources* sources, std::uint32_t ssrc) noexcept {
  const auto found = std::find_if(sources->begin(), sources->end(), [ssrc](const Source& source) {
    return source.known && source.ssrc == ssrc;
  });
  return found == sources->end() ? nullptr : &*found;
}

void SrtpReceiver::Note(Sources* sources, std::uint32_t ssrc, std::int64_t index) noexcept {
  Source* source = Find(sources, ssrc);
  if (source == nullptr) {
    source = &*std::min_element(
        sources->begin(), sources->end(),
        [](const Source& a, const Source& b) { return a.last_use < b.last_use; });
    *source = Source();
    source->known = true;
    source->ssrc = ssrc;
    source->highest = index;
  }
  source->highest = std::max(source->highest, index);
  source->had.Insert(index);
  source->last_use = ++uses_;
}

}  // namespace dashvoip
