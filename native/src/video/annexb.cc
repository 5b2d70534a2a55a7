#include "dashvoip/video/annexb.h"

namespace dashvoip {

namespace {

constexpr std::ptrdiff_t kStartCode = 3;

// First 00 00 01 in [at, end), or end. Every third byte is looked at as long as it is above 1,
// since it then cannot belong to a start code.
const std::uint8_t* FindStartCode(const std::uint8_t* at, const std::uint8_t* end) noexcept {
  while (end - at >= kStartCode) {
    if (at[2] > 1) {
      at += 3;
    } else if (at[2] == 1 && at[1] == 0 && at[0] == 0) {
      return at;
    } else {
      ++at;
    }
  }
  return end;
}

const std::uint8_t* BehindStartCode(const std::uint8_t* at, const std::uint8_t* end) noexcept {
  at = FindStartCode(at, end);
  return at == end ? end : at + kStartCode;
}

}  // namespace

AnnexBReader::AnnexBReader(const std::uint8_t* data, std::size_t size) noexcept
    : at_(BehindStartCode(data, data + size)), end_(data + size) {}

bool AnnexBReader::Next(NalUnit* out) noexcept {
  while (at_ != end_) {
    const std::uint8_t* begin = at_;
    const std::uint8_t* stop = FindStartCode(begin, end_);
    at_ = stop == end_ ? end_ : stop + kStartCode;
    // H.264 §B.1: trailing_zero_8bits, and the first byte of a start code of four.
    while (stop != begin && stop[-1] == 0) --stop;
    if (stop == begin) continue;
    out->data = begin;
    out->size = static_cast<std::size_t>(stop - begin);
    return true;
  }
  return false;
}

}  // namespace dashvoip
