#include "fake_card.h"

#include <cerrno>
#include <cstring>

namespace dashvoip {
namespace test {
namespace {
FakeCard* the_card = nullptr;
}

FakeCard::FakeCard(const Abilities& abilities) : abilities_(abilities) {
  the_card = this;
  callbacks_.start = Start;
  callbacks_.stop = Stop;
  callbacks_.prepare = Prepare;
  callbacks_.resume = Resume;
  callbacks_.pointer = Pointer;
  callbacks_.transfer = Transfer;
}

FakeCard::~FakeCard() { the_card = nullptr; }

int FakeCard::Open(_snd_pcm** out, const char*, AlsaPcm::Direction direction) {
  FakeCard& card = *the_card;
  if (card.open_error_ != 0) return -card.open_error_;
  card.io_ = snd_pcm_ioplug_t{};
  card.io_.version = SND_PCM_IOPLUG_VERSION;
  card.io_.name = "a card that does as it is told";
  card.io_.callback = &card.callbacks_;
  card.io_.private_data = &card;
  card.io_.poll_fd = -1;
  const auto stream =
      direction == AlsaPcm::Direction::kCapture ? SND_PCM_STREAM_CAPTURE : SND_PCM_STREAM_PLAYBACK;
  const int created = snd_pcm_ioplug_create(&card.io_, "fake", stream, SND_PCM_NONBLOCK);
  if (created < 0) return created;
  const Abilities& can = card.abilities_;
  const unsigned access = SND_PCM_ACCESS_RW_INTERLEAVED;
  snd_pcm_ioplug_set_param_list(&card.io_, SND_PCM_IOPLUG_HW_ACCESS, 1, &access);
  snd_pcm_ioplug_set_param_list(&card.io_, SND_PCM_IOPLUG_HW_FORMAT,
                                static_cast<unsigned>(can.formats.size()), can.formats.data());
  snd_pcm_ioplug_set_param_minmax(&card.io_, SND_PCM_IOPLUG_HW_CHANNELS, can.least_channels,
                                  can.most_channels);
  snd_pcm_ioplug_set_param_minmax(&card.io_, SND_PCM_IOPLUG_HW_RATE, can.least_rate, can.most_rate);
  *out = card.io_.pcm;
  return 0;
}

int FakeCard::Start(snd_pcm_ioplug_t* io) {
  ++Of(io).starts_;
  return 0;
}

int FakeCard::Prepare(snd_pcm_ioplug_t* io) {
  FakeCard& card = Of(io);
  ++card.prepares_;
  card.xrun_ = false;
  card.position_ = 0;
  return 0;
}

snd_pcm_sframes_t FakeCard::Pointer(snd_pcm_ioplug_t* io) {
  FakeCard& card = Of(io);
  if (card.xrun_) return -EPIPE;
  return static_cast<snd_pcm_sframes_t>(card.position_ % io->buffer_size);
}

snd_pcm_sframes_t FakeCard::Transfer(snd_pcm_ioplug_t* io, const snd_pcm_channel_area_t* areas,
                                     snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
  FakeCard& card = Of(io);
  const bool wide = io->format == SND_PCM_FORMAT_S32;
  for (snd_pcm_uframes_t i = 0; i < size; ++i) {
    for (unsigned c = 0; c < io->channels; ++c) {
      auto* const at = static_cast<std::uint8_t*>(areas[c].addr) +
                       (areas[c].first + (offset + i) * areas[c].step) / 8;
      if (io->stream == SND_PCM_STREAM_CAPTURE) {
        const std::int32_t sample = card.heard_[c % card.heard_.size()];
        const auto narrow = static_cast<std::int16_t>(sample);
        wide ? std::memcpy(at, &sample, 4) : std::memcpy(at, &narrow, 2);
      } else if (wide) {
        std::int32_t sample;
        std::memcpy(&sample, at, 4);
        card.played_.push_back(sample);
      } else {
        std::int16_t sample;
        std::memcpy(&sample, at, 2);
        card.played_.push_back(sample);
      }
    }
  }
  return static_cast<snd_pcm_sframes_t>(size);
}

}  // namespace test
}  // namespace dashvoip
