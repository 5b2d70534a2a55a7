#ifndef DASHVOIP_SIM_BIT_READER_H_
#define DASHVOIP_SIM_BIT_READER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dashvoip {
namespace sim {

/** Reads the payload of a NAL unit bit by bit, without its emulation prevention bytes. */
class BitReader {
 public:
  BitReader(const std::uint8_t* data, std::size_t size);

  /** Bits past the end read as 0; `ok` then turns false. */
  std::uint32_t Bits(int count);
  void Skip(int count);
  /** Unsigned and signed Exp-Golomb codes (H.264 9.1). */
  std::uint32_t Ue();
  std::int32_t Se();
  bool ok() const { return ok_; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_BIT_READER_H_
