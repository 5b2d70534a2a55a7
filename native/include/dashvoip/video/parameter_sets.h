#ifndef DASHVOIP_VIDEO_PARAMETER_SETS_H_
#define DASHVOIP_VIDEO_PARAMETER_SETS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "dashvoip/video/nal_role.h"

namespace dashvoip {

/** What a sequence parameter set says: H.264 §7.3.2.1.1, H.265 §7.3.2.2. */
struct SpsParameters {
  std::uint8_t profile_idc = 0;       ///< these three of H.264
  std::uint8_t constraint_flags = 0;  ///< the byte between profile_idc and level_idc
  std::uint8_t level_idc = 0;
  bool is_h265 = false;
  /** Of H.265 (§7.3.3): profile space, tier and profile, compatibility, constraints, level. */
  std::array<std::uint8_t, 12> profile_tier_level{};
  std::uint32_t sps_id = 0;
  std::uint32_t frame_num_bits = 0;  ///< length of frame_num in slice headers, 4..16
  std::uint32_t macroblocks = 0;     ///< of a frame, 16 x 16 pixels, before cropping
  std::uint32_t width = 0;           ///< pixels, after cropping
  std::uint32_t height = 0;

  /**
   * RFC 6184 §8.1 profile-level-id: six hexadecimal digits, lower case; of H.265 all of
   * profile_tier_level, 24 of them.
   */
  std::string ProfileLevelId() const;
};

/** @param nal an SPS. @return false when it is none, is cut short or makes no sense. */
bool ParseSps(PictureCodec codec, const NalUnit& nal, SpsParameters* out) noexcept;

/** RFC 4648 §4. */
std::string Base64(const std::uint8_t* data, std::size_t size);

/**
 * The newest parameter sets of one encoder, in its own order: SPS then PPS, a VPS of H.265 before
 * both. Encoders send them with key frames at best, receivers need them before every one (RFC 6184
 * §8.4). Fixed storage: four sets of up to 256 bytes; larger ones, and more ids, are not cached
 * (counted).
 */
class ParameterSets {
 public:
  static constexpr std::size_t kMaxSize = 256;
  static constexpr std::size_t kMaxSets = 4;

  explicit ParameterSets(PictureCodec codec = PictureCodec::kH264) noexcept : codec_(codec) {}

  PictureCodec codec() const noexcept { return codec_; }
  /** Of another stream: what is cached of the former codec is gone. */
  void SetCodec(PictureCodec codec) noexcept;

  /** Takes a parameter set, all else is passed over. A new one that differs clears those that were
   * made for the former. @return true when the cache changed. */
  bool Update(const NalUnit& nal) noexcept;
  /** Update with every NAL unit of an access unit. @return true when the cache changed. */
  bool UpdateFrom(const std::uint8_t* annexb, std::size_t size) noexcept;

  /** An SPS that parses and at least one PPS are there, and the VPS of H.265. */
  bool complete() const noexcept;
  std::size_t count() const noexcept { return count_; }
  NalUnit at(std::size_t index) const noexcept;
  const SpsParameters& parameters() const noexcept { return parameters_; }
  /** RFC 6184 §8.1: the cached sets in Base64, separated by commas. Allocates. */
  std::string SpropParameterSets() const;
  std::uint64_t refused() const noexcept { return refused_; }
  void Clear() noexcept;

 private:
  struct Set {
    std::uint16_t size = 0;
    std::array<std::uint8_t, kMaxSize> bytes{};
  };
  bool UpdateSps(const NalUnit& nal) noexcept;
  bool UpdatePps(const NalUnit& nal) noexcept;
  bool Store(const NalUnit& nal, std::size_t index) noexcept;
  std::size_t sps_slot() const noexcept { return codec_ == PictureCodec::kH265 ? 1 : 0; }

  PictureCodec codec_;

  std::array<Set, kMaxSets> sets_{};
  std::size_t count_ = 0;
  SpsParameters parameters_;
  std::uint64_t refused_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_PARAMETER_SETS_H_
