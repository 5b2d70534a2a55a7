#include "bit_reader.h"

namespace dashvoip {
namespace sim {

BitReader::BitReader(const std::uint8_t* data, std::size_t size) {
  int zeros = 0;
  bytes_.reserve(size);
  for (std::size_t i = 0; i < size; ++i) {
    if (zeros >= 2 && data[i] == 3) {
      zeros = 0;
      continue;
    }
    zeros = data[i] == 0 ? zeros + 1 : 0;
    bytes_.push_back(data[i]);
  }
}

std::uint32_t BitReader::Bits(int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i, ++position_) {
    const std::size_t byte = position_ / 8;
    if (byte >= bytes_.size()) {
      ok_ = false;
      value <<= 1;
      continue;
    }
    value = value << 1 | ((bytes_[byte] >> (7 - position_ % 8)) & 1u);
  }
  return value;
}

void BitReader::Skip(int count) { position_ += static_cast<std::size_t>(count); }

std::uint32_t BitReader::Ue() {
  int zeros = 0;
  while (ok_ && zeros < 31 && Bits(1) == 0) ++zeros;
  return (1u << zeros) - 1 + Bits(zeros);
}

std::int32_t BitReader::Se() {
  const std::uint32_t code = Ue();
  const auto half = static_cast<std::int32_t>((code + 1) / 2);
  return code % 2 == 0 ? -half : half;
}

}  // namespace sim
}  // namespace dashvoip
