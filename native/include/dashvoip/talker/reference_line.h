#ifndef DASHVOIP_TALKER_REFERENCE_LINE_H_
#define DASHVOIP_TALKER_REFERENCE_LINE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace dashvoip {

/**
 * What the speaker was given in the last second or two, by position: samples of the bus since some
 * beginning. What nobody gave is silence.
 */
class ReferenceLine {
 public:
  /** @param samples it keeps. */
  explicit ReferenceLine(std::size_t samples) : ring_(samples) {}

  /** Positions that were left out are silence; those before the last ones begin it anew. */
  void Write(std::int64_t position, const std::int16_t* samples, std::size_t count) noexcept;
  void Read(std::int64_t position, std::int16_t* out, std::size_t count) const noexcept;

 private:
  std::int16_t& At(std::int64_t position) noexcept {
    return ring_[static_cast<std::size_t>(position) % ring_.size()];
  }

  std::vector<std::int16_t> ring_;
  std::int64_t begin_ = 0;
  std::int64_t end_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_TALKER_REFERENCE_LINE_H_
