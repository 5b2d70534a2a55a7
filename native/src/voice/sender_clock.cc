#include "dashvoip/voice/sender_clock.h"

#include <cstdlib>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

constexpr int kOddToDoubt = 3;
constexpr int kEvenToBelieve = 50;
// RFC 3550 §A.1: further apart, the sender began anew.
constexpr int kMaxMisorder = 100;
constexpr int kMaxDropout = 3000;
// By sequence numbers alone a pause looks like a late packet, unless it is as long as this.
constexpr std::int64_t kPauseSeconds = 1;

}  // namespace

void SenderClock::Begin(const RtpHeader& header) noexcept {
  if (!started_ || header.ssrc != ssrc_) {
    by_sequence_ = false;
    odd_ = even_ = 0;
  }
  started_ = true;
  ssrc_ = header.ssrc;
  offset_ = 0;
}

std::uint32_t SenderClock::OnPacket(const RtpHeader& header, std::uint32_t samples,
                                    std::int64_t arrival) noexcept {
  const auto newer = static_cast<std::int16_t>(header.sequence_number - sequence_);
  const bool continues =
      started_ && header.ssrc == ssrc_ && newer >= -kMaxMisorder && newer <= kMaxDropout;
  if (continues && newer <= 0) {
    const auto behind = static_cast<std::uint32_t>(-newer) * samples_;
    return by_sequence_ ? given_ - behind : header.timestamp + offset_;
  }
  if (!continues) {
    Begin(header);
    given_ = header.timestamp;
  } else {
    const std::int64_t since = TicksOfNs(arrival - arrival_, clock_rate_);
    if (newer == 1) Judge(static_cast<std::int32_t>(header.timestamp - timestamp_), since);
    if (by_sequence_) {
      const std::int64_t passed = std::int64_t{newer} * samples_;
      const bool pause = header.marker || since - passed >= kPauseSeconds * clock_rate_;
      given_ += static_cast<std::uint32_t>(pause && since > passed ? since : passed);
      offset_ = given_ - header.timestamp;
    } else {
      given_ = header.timestamp + offset_;
    }
  }
  sequence_ = header.sequence_number;
  timestamp_ = header.timestamp;
  samples_ = samples;
  arrival_ = arrival;
  return given_;
}

/** @param step of the timestamp to the very next packet; @param since samples since the last. */
void SenderClock::Judge(std::int64_t step, std::int64_t since) noexcept {
  const std::int64_t samples = samples_;
  if (step == samples) {
    odd_ = 0;
    if (++even_ >= kEvenToBelieve) by_sequence_ = false;
    return;
  }
  even_ = 0;
  // The sender was silent for a while and its clock says so.
  if (step > samples && std::llabs(since - step) < std::llabs(since - samples)) return;
  if (++odd_ >= kOddToDoubt) by_sequence_ = true;
}

}  // namespace dashvoip
