#ifndef DASHVOIP_VIDEO_RBSP_READER_H_
#define DASHVOIP_VIDEO_RBSP_READER_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/video/annexb.h"

namespace dashvoip {

/**
 * Bits of a NAL unit's payload, emulation prevention bytes left out (H.264 §7.3.1). Reading past
 * the end gives zeros and makes ok() false for good.
 */
class RbspReader {
 public:
  /** Begins behind the NAL unit's header byte. */
  explicit RbspReader(const NalUnit& nal) noexcept : at_(nal.data + 1), end_(nal.data + nal.size) {}

  /** u(n), n at most 32. */
  std::uint32_t Bits(unsigned count) noexcept;
  bool Flag() noexcept { return Bits(1) != 0; }
  /** ue(v), H.264 §9.1. */
  std::uint32_t Unsigned() noexcept;
  /** se(v), H.264 §9.1.1. */
  std::int32_t Signed() noexcept;
  bool ok() const noexcept { return ok_; }

 private:
  void NextByte() noexcept;

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  unsigned zeros_ = 0;  // zero bytes in a row
  std::uint8_t byte_ = 0;
  unsigned left_ = 0;  // bits of byte_
  bool ok_ = true;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_RBSP_READER_H_
