#include "dashvoip/video/rbsp_reader.h"

namespace dashvoip {

void RbspReader::NextByte() noexcept {
  // 00 00 03: the 03 is not part of the content.
  if (zeros_ >= 2 && at_ != end_ && *at_ == 3) {
    ++at_;
    zeros_ = 0;
  }
  if (at_ == end_) {
    ok_ = false;
    byte_ = 0;
  } else {
    byte_ = *at_++;
    zeros_ = byte_ == 0 ? zeros_ + 1 : 0;
  }
  left_ = 8;
}

std::uint32_t RbspReader::Bits(unsigned count) noexcept {
  std::uint32_t value = 0;
  while (count-- > 0 && ok_) {
    if (left_ == 0) NextByte();
    value = value << 1 | (byte_ >> --left_ & 1);
  }
  return value;
}

std::uint32_t RbspReader::Unsigned() noexcept {
  unsigned zeros = 0;
  while (ok_ && !Flag()) ++zeros;
  if (zeros > 31) ok_ = false;
  if (!ok_) return 0;
  return (std::uint32_t{1} << zeros) - 1 + Bits(zeros);
}

std::int32_t RbspReader::Signed() noexcept {
  const std::uint32_t code = Unsigned();
  const auto magnitude = static_cast<std::int32_t>((std::uint64_t{code} + 1) / 2);
  return code % 2 == 0 ? -magnitude : magnitude;
}

}  // namespace dashvoip
