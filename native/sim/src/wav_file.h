#ifndef DASHVOIP_SIM_WAV_FILE_H_
#define DASHVOIP_SIM_WAV_FILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "fd.h"

namespace dashvoip {
namespace sim {

/** Signed 16-bit sound, interleaved. */
struct WavSound {
  std::uint32_t rate;
  std::uint32_t channels;
  std::vector<std::int16_t> samples;
};

/** @throws std::runtime_error when the file is not PCM S16. */
WavSound ReadWav(const std::string& path);

/** Growing WAV file. Its header never promises more than the file holds, so it may be cut off at
 * any moment; Sync() makes it promise all there is. */
class WavWriter {
 public:
  /** @throws std::runtime_error when the file cannot be made. */
  WavWriter(const std::string& path, std::uint32_t rate, std::uint32_t channels);
  ~WavWriter();

  /** @param frames samples per channel. @return false when the disk is full or gone. */
  bool Append(const std::int16_t* samples, std::size_t frames);
  bool Sync();

 private:
  Fd fd_;
  std::uint32_t channels_;
  std::uint64_t data_bytes_ = 0;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_WAV_FILE_H_
