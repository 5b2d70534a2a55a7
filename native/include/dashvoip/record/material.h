#ifndef DASHVOIP_RECORD_MATERIAL_H_
#define DASHVOIP_RECORD_MATERIAL_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "dashvoip/record/adts.h"
#include "dashvoip/video/nal_role.h"

namespace dashvoip {

/** An access unit of the camera, sound or picture, on its way to a file. */
struct RecordedUnit {
  std::int64_t pts_ns = 0;   // on the camera's clock
  std::int64_t read_ns = 0;  // when we had it, CLOCK_MONOTONIC
  std::uint32_t generation = 0;
  PictureCodec codec = PictureCodec::kH264;
  bool key_frame = false;
  AacFormat aac;  // of sound
  std::vector<std::uint8_t> data;
};

/** What waits to be written, in order of time. */
struct Material {
  std::vector<std::int16_t> pcm;  // interleaved
  std::int64_t pcm_at_ns = 0;     // of its first sample, CLOCK_MONOTONIC
  std::deque<RecordedUnit> aac;
  std::deque<RecordedUnit> pictures;

  bool empty() const noexcept { return pcm.empty() && aac.empty() && pictures.empty(); }
  void Clear() {
    pcm.clear();
    aac.clear();
    pictures.clear();
  }
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_MATERIAL_H_
