#ifndef DASHVOIP_TEST_RECORD_MP4_READER_H_
#define DASHVOIP_TEST_RECORD_MP4_READER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {
namespace test {

/** A sample of a fragmented MP4, as its boxes tell it. */
struct Mp4Sample {
  std::uint32_t track;
  std::uint64_t decode_time;
  std::uint32_t duration;
  bool is_key;
  std::size_t at;
  std::size_t size;
};

/** Finds the samples that lie whole within what there is of a file, however it is cut off. */
class Mp4Reader {
 public:
  explicit Mp4Reader(const std::vector<std::uint8_t>& file, std::size_t size)
      : data_(file.data()), size_(size) {
    for (std::size_t at = 0; Fits(at);) {
      if (Is(at, "moov")) has_moov = true;
      if (Is(at, "moof")) ReadFragment(at);
      at += ReadU32(data_ + at);
    }
  }

  bool has_moov = false;
  std::size_t fragments = 0;
  std::vector<Mp4Sample> samples;

 private:
  bool Fits(std::size_t at) const {
    return at + 8 <= size_ && ReadU32(data_ + at) >= 8 && ReadU32(data_ + at) <= size_ - at;
  }
  bool Is(std::size_t at, const char* type) const {
    return std::memcmp(data_ + at + 4, type, 4) == 0;
  }

  void ReadFragment(std::size_t moof) {
    const std::size_t end = moof + ReadU32(data_ + moof);
    if (!Fits(end)) return;  // its data are not whole
    ++fragments;
    for (std::size_t at = moof + 8; at < end; at += ReadU32(data_ + at)) {
      if (Is(at, "traf")) ReadTrack(moof, at);
    }
  }

  void ReadTrack(std::size_t moof, std::size_t traf) {
    Mp4Sample sample{};
    const std::size_t end = traf + ReadU32(data_ + traf);
    for (std::size_t at = traf + 8; at < end; at += ReadU32(data_ + at)) {
      if (Is(at, "tfhd")) sample.track = ReadU32(data_ + at + 12);
      if (Is(at, "tfdt")) {
        sample.decode_time =
            std::uint64_t{ReadU32(data_ + at + 12)} << 32 | ReadU32(data_ + at + 16);
      }
      if (!Is(at, "trun")) continue;
      sample.at = moof + ReadU32(data_ + at + 16);
      const std::uint32_t count = ReadU32(data_ + at + 12);
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint8_t* const row = data_ + at + 20 + std::size_t{12} * i;
        sample.duration = ReadU32(row);
        sample.size = ReadU32(row + 4);
        sample.is_key = (ReadU32(row + 8) & 0x10000) == 0;
        samples.push_back(sample);
        sample.at += sample.size;
        sample.decode_time += sample.duration;
      }
    }
  }

  const std::uint8_t* const data_;
  const std::size_t size_;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_RECORD_MP4_READER_H_
