#include "dashvoip/record/container.h"

#include "dashvoip/audio/wav_file.h"
#include "dashvoip/record/mp4_container.h"

namespace dashvoip {
namespace {

/** 16-bit PCM whose header tells at each step how much there is. */
class WavContainer : public Container {
 public:
  explicit WavContainer(const Sound& sound) : sound_(sound) {}

  void Take(Material* material, bool, std::vector<std::uint8_t>* append,
            std::vector<std::uint8_t>* head) override {
    const std::vector<std::int16_t>& pcm = material->pcm;
    if (pcm.empty()) return;
    const bool begins = data_bytes_ == 0;
    data_bytes_ += static_cast<std::uint32_t>(2 * pcm.size());
    const auto header = WavHeader(sound_.rate_hz, sound_.channels, data_bytes_);
    std::vector<std::uint8_t>* const place = begins ? append : head;
    place->insert(place->end(), header.begin(), header.end());
    AppendWavSamples(pcm.data(), pcm.size(), append);
    material->Clear();
  }

 private:
  const Sound sound_;
  std::uint32_t data_bytes_ = 0;
};

/** The camera's own access units, each with a header. */
class AdtsContainer : public Container {
 public:
  void Take(Material* material, bool, std::vector<std::uint8_t>* append,
            std::vector<std::uint8_t>*) override {
    for (const RecordedUnit& unit : material->aac) {
      if (unit.data.size() > kMaxAdtsPayload || !IsAac(unit.aac)) continue;
      const auto header = AdtsHeader(unit.aac, unit.data.size());
      append->insert(append->end(), header.begin(), header.end());
      append->insert(append->end(), unit.data.begin(), unit.data.end());
    }
    material->Clear();
  }
};

}  // namespace

std::unique_ptr<Container> Container::Create(const RecordingSettings& settings,
                                             const Sound& sound) {
  switch (settings.container) {
    case RecordingContainer::kWav:
      return std::make_unique<WavContainer>(sound);
    case RecordingContainer::kAdts:
      return std::make_unique<AdtsContainer>();
    case RecordingContainer::kMp4:
      break;
  }
  return std::make_unique<Mp4Container>(settings, sound);
}

}  // namespace dashvoip
