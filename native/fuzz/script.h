#ifndef DASHVOIP_FUZZ_SCRIPT_H_
#define DASHVOIP_FUZZ_SCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace dashvoip {
namespace fuzz {

/** The input as a script: each operation takes the bytes it needs; behind the end are zeros. */
class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size) : at_(data), end_(data + size) {}
  bool done() const { return at_ == end_; }
  const std::uint8_t* at() const { return at_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  /** The next `size` bytes, or what is left of them. */
  std::size_t Skip(std::size_t size) {
    const std::size_t skipped = size < left() ? size : left();
    at_ += skipped;
    return skipped;
  }
  std::uint8_t Byte() { return done() ? 0 : *at_++; }
  std::uint32_t Word() {
    std::uint32_t word = 0;
    for (int i = 0; i < 4; ++i) word = word << 8 | Byte();
    return word;
  }
  /** In one byte a number that is used, or the next four as they are: both should be tried. */
  std::uint32_t Number(std::initializer_list<std::uint32_t> usual) {
    const std::uint8_t choice = Byte();
    return choice < usual.size() ? usual.begin()[choice] : Word();
  }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
};

}  // namespace fuzz
}  // namespace dashvoip

#endif  // DASHVOIP_FUZZ_SCRIPT_H_
