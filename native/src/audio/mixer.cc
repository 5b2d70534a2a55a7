#include "dashvoip/audio/mixer.h"

#include <algorithm>

namespace dashvoip {

constexpr std::size_t Mixer::kMaxPorts;
constexpr std::size_t Mixer::kMaxFrame;

Mixer::Mixer(std::uint32_t rate_hz) : limiters_(kMaxPorts, Limiter(rate_hz)) {}

// Who hears whom --------------------------------------------------------------------------------

bool Mixer::Attach(MixerPort* port, Side side) noexcept {
  const std::size_t at = Find(nullptr);
  if (at == kMaxPorts) return false;
  Place& place = places_[at];
  place.port = port;
  place.side = side;
  place.hears = 0;
  place.spoke = false;
  limiters_[at].Reset();
  return true;
}

void Mixer::Detach(const MixerPort* port) noexcept {
  const std::size_t at = Find(port);
  if (at == kMaxPorts) return;
  places_[at].port = nullptr;
  for (Place& place : places_) place.hears &= ~BitOf(places_[at]);
}

void Mixer::Connect(const MixerPort* from, const MixerPort* to) noexcept {
  const std::size_t speaker = Find(from);
  const std::size_t listener = Find(to);
  if (speaker == kMaxPorts || listener == kMaxPorts || speaker == listener) return;
  places_[listener].hears |= BitOf(places_[speaker]);
}

void Mixer::Disconnect(const MixerPort* from, const MixerPort* to) noexcept {
  const std::size_t speaker = Find(from);
  const std::size_t listener = Find(to);
  if (speaker == kMaxPorts || listener == kMaxPorts) return;
  places_[listener].hears &= ~BitOf(places_[speaker]);
}

/** @return kMaxPorts when it has no place; nullptr finds one that is free. */
std::size_t Mixer::Find(const MixerPort* port) const noexcept {
  const auto found = std::find_if(places_.begin(), places_.end(),
                                  [port](const Place& place) { return place.port == port; });
  return static_cast<std::size_t>(found - places_.begin());
}

Mixer::Mask Mixer::BitOf(const Place& place) const noexcept {
  return Mask{1} << static_cast<unsigned>(&place - places_.data());
}

bool Mixer::IsHeard(const MixerPort* port) const noexcept {
  const std::size_t at = Find(port);
  return at != kMaxPorts && IsHeard(places_[at]);
}

bool Mixer::IsHeard(const Place& place) const noexcept {
  const Mask bit = BitOf(place);
  return std::any_of(places_.begin(), places_.end(), [bit](const Place& listener) {
    return listener.port != nullptr && (listener.hears & bit) != 0 && listener.port->hears();
  });
}

bool Mixer::IsSpokenTo(const MixerPort* port) const noexcept {
  const std::size_t at = Find(port);
  return at != kMaxPorts && IsSpokenTo(places_[at]);
}

bool Mixer::IsSpokenTo(const Place& place) const noexcept {
  return std::any_of(places_.begin(), places_.end(), [this, &place](const Place& speaker) {
    return speaker.port != nullptr && (place.hears & BitOf(speaker)) != 0 && speaker.port->speaks();
  });
}

// Sound -----------------------------------------------------------------------------------------

void Mixer::Read(Side side, std::int64_t slot, const Span& span) noexcept {
  for (Place& place : places_) {
    if (place.port == nullptr || place.side != side) continue;
    if (span.begin == 0) place.spoke = false;
    std::int16_t* part = place.frame.data() + span.begin;
    if (IsHeard(place) && place.port->speaks() && place.port->Read(slot, part, span.count)) {
      place.spoke = true;
    } else {
      std::fill_n(part, span.count, std::int16_t{0});
    }
  }
}

void Mixer::Skip(Side side, std::int64_t slot, std::size_t count) noexcept {
  for (Place& place : places_) {
    if (place.port == nullptr || place.side != side) continue;
    if (IsHeard(place) && place.port->speaks()) place.port->Read(slot, mixed_.data(), count);
  }
}

void Mixer::Write(Side side, std::int64_t slot, const Span& span) noexcept {
  for (Place& place : places_) {
    if (place.port == nullptr || place.side != side) continue;
    if (!place.port->hears() || !IsSpokenTo(place)) continue;
    bool heard = false;
    const std::int16_t* samples = Mix(place, span, &heard);
    place.port->Write(slot, samples, span.count, heard);
  }
}

/** Most of the time there is one to be heard, whose sound goes on as it is. */
const std::int16_t* Mixer::Mix(const Place& listener, const Span& span, bool* heard) noexcept {
  Mask speakers = 0;
  const Place* last = nullptr;
  for (const Place& place : places_) {
    if ((listener.hears & BitOf(place)) == 0 || !place.spoke) continue;
    speakers |= BitOf(place);
    last = &place;
  }
  *heard = last != nullptr;
  Limiter& limiter = limiters_[static_cast<std::size_t>(&listener - places_.data())];
  if (last != nullptr && speakers == BitOf(*last) && limiter.idle()) {
    return last->frame.data() + span.begin;
  }
  Sum(speakers, span, &limiter);
  return mixed_.data();
}

void Mixer::Sum(Mask speakers, const Span& span, Limiter* limiter) noexcept {
  std::array<std::int32_t, kMaxFrame> sum;
  std::fill_n(sum.begin(), span.count, 0);
  for (const Place& place : places_) {
    if ((speakers & BitOf(place)) == 0) continue;
    const std::int16_t* part = place.frame.data() + span.begin;
    for (std::size_t i = 0; i < span.count; ++i) sum[i] += part[i];
  }
  std::transform(sum.begin(), sum.begin() + static_cast<std::ptrdiff_t>(span.count), mixed_.begin(),
                 [limiter](std::int32_t sample) { return limiter->Take(sample); });
}

}  // namespace dashvoip
