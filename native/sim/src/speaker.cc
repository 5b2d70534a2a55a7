#include "speaker.h"

#include <algorithm>
#include <cmath>

#include "AmbaNetFifo.h"
#include "audio_source.h"

namespace dashvoip {
namespace sim {
namespace {

constexpr std::size_t kPeriod = 480;  // samples per channel that the device takes at once
// Samples per channel that go to the file at once: each write may be slow, as over a virtual
// board's shared folder.
constexpr std::size_t kSavedAtOnce = 4800;

}  // namespace

constexpr std::uint32_t Speaker::kRate;
constexpr std::uint64_t Speaker::kCodec;

Speaker::Speaker(const SpeakerOptions& options, const MemoryRegion& memory, FifoTable* fifos)
    : options_(options), ring_(memory), fifos_(fifos) {
  if (!options.file.empty()) file_.reset(new WavWriter(options.file, kRate, options.channels));
}

void Speaker::Run(std::mutex* lock) {
  std::vector<std::int16_t> samples;
  std::unique_lock<std::mutex> held(*lock);
  while (!quit_ || !unsaved_.empty()) {
    if (playing_) RenderUntil(std::chrono::steady_clock::now());
    const std::size_t enough = playing_ && !quit_ ? kSavedAtOnce * options_.channels : 1;
    if (unsaved_.size() >= enough) {
      samples.swap(unsaved_);
      unsaved_.clear();
      held.unlock();
      Save(samples);
      held.lock();
    } else if (playing_) {
      wake_.wait_until(held, PeriodStart(next_period_));
    } else {
      wake_.wait(held);
    }
  }
}

void Speaker::Quit() {
  quit_ = true;
  wake_.notify_all();
}

Time Speaker::PeriodStart(std::uint64_t period) const {
  const double rate = kRate * (1.0 + options_.ppm * 1e-6);
  const double ns = static_cast<double>(period * kPeriod) * 1e9 / rate;
  return started_ + std::chrono::nanoseconds(std::llround(ns));
}

void Speaker::RenderUntil(Time limit) {
  for (; PeriodStart(next_period_) <= limit; ++next_period_) RenderPeriod();
}

void Speaker::RenderPeriod() {
  const std::size_t wanted = kPeriod * options_.channels * sizeof(std::int16_t);
  unsaved_.resize(unsaved_.size() + kPeriod * options_.channels);
  auto* bytes = reinterpret_cast<std::uint8_t*>(unsaved_.data() + unsaved_.size()) - wanted;
  const std::size_t got = TakeBytes(bytes, wanted);
  const std::size_t silent = (wanted - got) / sizeof(std::int16_t) / options_.channels;
  counters_.samples += kPeriod;
  counters_.silent_samples += silent;
  if (silent > 0 && was_sounding_) ++counters_.underruns;
  was_sounding_ = silent == 0;
}

std::size_t Speaker::TakeBytes(std::uint8_t* out, std::size_t wanted) {
  std::size_t got = 0;
  while (got < wanted && !queue_.empty()) {
    const Entry& entry = queue_.front();
    const std::size_t count = std::min<std::size_t>(wanted - got, entry.size - taken_);
    ring_.Get(entry.position + taken_, out + got, count);
    got += count;
    taken_ += count;
    if (taken_ < entry.size) break;
    // An announced end is no underrun.
    if (entry.end_mark) was_sounding_ = false;
    queue_.pop_front();
    taken_ = 0;
    fifos_->NotifyConsumed(static_cast<std::uint32_t>(queue_.size()));
  }
  return got;
}

void Speaker::Save(const std::vector<std::int16_t>& samples) {
  if (!file_) return;
  if (!file_->Append(samples.data(), samples.size() / options_.channels) || !file_->Sync()) {
    ++counters_.file_errors;
  }
}

wire::MovieInfo Speaker::MovieInfo() const {
  wire::MovieInfo info = {};
  if (!options_.enabled) return info;
  info.count = 1;
  wire::Track& track = info.tracks[0];
  track.type = AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO;
  track.media_id = AMP_FORMAT_MID_PCM;
  track.timescale = kRate;
  track.time_per_frame = kSamplesPerFrame;
  track.codec = kCodec;
  track.buffer_base = ring_.base_address();
  track.buffer_limit = ring_.base_address() + ring_.size() - 1;  // inclusive on this side
  track.sample_rate = kRate;
  track.channels = options_.channels;
  track.sample_bits = 16;
  return info;
}

std::uint64_t Speaker::FreeBytes() const {
  if (queue_.size() >= options_.descriptors) return 0;
  // The bytes of a frame come free when it has been played whole.
  return queue_.empty() ? ring_.size() : ring_.size() - (head_ - queue_.front().position);
}

wire::Descriptor Speaker::Prepare() const {
  wire::Descriptor descriptor = {};
  descriptor.address = ring_.AddressOf(head_);
  descriptor.size = static_cast<std::uint32_t>(FreeBytes());
  return descriptor;
}

bool Speaker::Write(const wire::Descriptor& descriptor) {
  if (queue_.size() >= options_.descriptors) return false;
  if (descriptor.type == AMBA_FRAMEINFO_TYPE_EOS) {
    queue_.push_back({head_, 0, true});
    return true;
  }
  if (descriptor.type != AMBA_FRAMEINFO_TYPE_AUDIO_FRAME || descriptor.size == 0 ||
      descriptor.size % (options_.channels * sizeof(std::int16_t)) != 0 ||
      descriptor.size > FreeBytes() || descriptor.address != ring_.AddressOf(head_)) {
    return false;
  }
  queue_.push_back({head_, descriptor.size, false});
  head_ += descriptor.size;
  ++counters_.frames;
  return true;
}

void Speaker::EraseAll() {
  queue_.clear();
  taken_ = 0;
}

wire::FifoInfo Speaker::Info() const {
  return {options_.descriptors, static_cast<std::uint32_t>(queue_.size())};
}

bool Speaker::Message(std::uint32_t message) {
  if (!options_.enabled) return false;
  switch (message) {
    case AMBA_NETFIFO_STREAMIN_MSG_START:
      if (!playing_) {
        playing_ = true;
        was_sounding_ = false;
        started_ = std::chrono::steady_clock::now();
        next_period_ = 0;
      }
      break;
    case AMBA_NETFIFO_STREAMIN_MSG_STOP:
    case AMBA_NETFIFO_STREAMIN_MSG_ERROR:
      if (playing_) RenderUntil(std::chrono::steady_clock::now());
      playing_ = false;
      break;
    default:
      return false;
  }
  wake_.notify_all();
  return true;
}

}  // namespace sim
}  // namespace dashvoip
