// A recording of any access units, times and orders: what it makes is a file of whole boxes.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/base/time_units.h"
#include "dashvoip/record/mp4_container.h"
#include "dashvoip/record/unit_times.h"
#include "script.h"

namespace {

using dashvoip::RecordedUnit;

void Check(bool holds) {
  if (!holds) std::abort();
}

/** Boxes one behind the other fill the file. */
void CheckBoxes(const std::vector<std::uint8_t>& file) {
  std::size_t at = 0;
  while (at < file.size()) {
    Check(file.size() - at >= 8);
    const std::uint32_t size = dashvoip::ReadU32(&file[at]);
    Check(size >= 8 && size <= file.size() - at);
    at += size;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dashvoip::fuzz::Script script(data, size);
  dashvoip::RecordingSettings settings;
  settings.container = dashvoip::RecordingContainer::kMp4;
  const unsigned kind = script.Byte();
  settings.sound =
      kind % 2 == 0 ? dashvoip::RecordedSound::kCall : dashvoip::RecordedSound::kCamera;
  settings.picture = kind / 2 % 2 == 0;
  std::unique_ptr<dashvoip::Container> container = dashvoip::Container::Create(settings, {8000, 2});
  dashvoip::UnitTimes times;
  dashvoip::Material material;
  std::vector<std::uint8_t> file;
  std::vector<std::uint8_t> head;
  for (int steps = 0; !script.done() && steps < 200; ++steps) {
    const unsigned order = script.Byte();
    dashvoip::AccessUnit unit;
    dashvoip::UnitTimes::Place place{};
    RecordedUnit recorded;
    const std::uint8_t* bytes = nullptr;
    switch (order % 4) {
      case 0:
        material.pcm.insert(material.pcm.end(), std::size_t{2} * 160 * (order / 4), 1);
        break;
      case 1:
      case 2:
        unit.pts = static_cast<std::uint64_t>(script.Byte()) << script.Byte() % 60;
        unit.timescale = order / 8 % 2 == 0 ? 90000 : script.Byte();
        unit.generation = order / 16 % 2;
        if (!times.Find(unit, &place)) break;
        recorded.pts_ns = place.pts_ns;
        recorded.generation = place.epoch;
        recorded.read_ns = script.Byte() * dashvoip::kNsPerMs;
        recorded.key_frame = order / 32 % 2 == 0;
        recorded.aac = {order % 8 < 4 ? 48000U : 8000U, order / 64};
        bytes = script.at();
        recorded.data.assign(bytes, bytes + script.Skip(script.Byte()));
        (order % 4 == 1 ? material.aac : material.pictures).push_back(recorded);
        break;
      default:
        container->Take(&material, order / 4 % 8 == 0, &file, &head);
        if (!container->is_over()) break;
        CheckBoxes(file);
        file.clear();
        container = dashvoip::Container::Create(settings, {8000, 2});
        break;
    }
  }
  container->Take(&material, true, &file, &head);
  CheckBoxes(file);
  return 0;
}
