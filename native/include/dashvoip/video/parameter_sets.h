#ifndef DASHVOIP_VIDEO_PARAMETER_SETS_H_
#define DASHVOIP_VIDEO_PARAMETER_SETS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "dashvoip/video/annexb.h"

namespace dashvoip {

/** What a sequence parameter set says, H.264 §7.3.2.1.1. */
struct H264Parameters {
  std::uint8_t profile_idc = 0;
  std::uint8_t constraint_flags = 0;  ///< the byte between profile_idc and level_idc
  std::uint8_t level_idc = 0;
  std::uint32_t sps_id = 0;
  std::uint32_t frame_num_bits = 0;  ///< length of frame_num in slice headers, 4..16
  std::uint32_t macroblocks = 0;     ///< of a frame, before cropping
  std::uint32_t width = 0;           ///< pixels, after cropping
  std::uint32_t height = 0;

  /** RFC 6184 §8.1 profile-level-id: six hexadecimal digits, lower case. */
  std::string ProfileLevelId() const;
};

/** @param nal a NAL unit of type 7. @return false when it is cut short or makes no sense. */
bool ParseSps(const NalUnit& nal, H264Parameters* out) noexcept;

/** RFC 4648 §4. */
std::string Base64(const std::uint8_t* data, std::size_t size);

/**
 * The newest parameter sets of one encoder, in its own order: SPS then PPS. Encoders send them with
 * key frames at best, receivers need them before every one (RFC 6184 §8.4). Fixed storage: four
 * sets of up to 256 bytes; larger ones, and more ids, are not cached (counted).
 */
class ParameterSets {
 public:
  static constexpr std::size_t kMaxSize = 256;
  static constexpr std::size_t kMaxSets = 4;

  /** Takes a NAL unit of type 7 or 8, others are passed over. A new SPS that differs clears all.
   * @return true when the cache changed. */
  bool Update(const NalUnit& nal) noexcept;
  /** Update with every NAL unit of an access unit. @return true when the cache changed. */
  bool UpdateFrom(const std::uint8_t* annexb, std::size_t size) noexcept;

  /** An SPS that parses and at least one PPS are there. */
  bool complete() const noexcept;
  std::size_t count() const noexcept { return count_; }
  NalUnit at(std::size_t index) const noexcept;
  const H264Parameters& parameters() const noexcept { return parameters_; }
  /** RFC 6184 §8.1: the cached sets in Base64, separated by commas. Allocates. */
  std::string SpropParameterSets() const;
  std::uint64_t refused() const noexcept { return refused_; }
  void Clear() noexcept;

 private:
  struct Set {
    std::uint16_t size = 0;
    std::array<std::uint8_t, kMaxSize> bytes{};
  };
  bool Store(const NalUnit& nal, std::size_t index) noexcept;

  std::array<Set, kMaxSets> sets_{};
  std::size_t count_ = 0;
  H264Parameters parameters_;
  std::uint64_t refused_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_PARAMETER_SETS_H_
