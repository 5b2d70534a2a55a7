#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dashvoip/audio/resampler.h"
#include "dashvoip/audio/wav_file.h"

namespace {

const std::string& Path() {
  static const std::string path = "/proc/self/fd/" + std::to_string([] {
                                    char name[] = "/tmp/dashvoip-fuzz-XXXXXX";
                                    const int file = mkstemp(name);
                                    if (file < 0) std::abort();
                                    unlink(name);
                                    return file;
                                  }());
  return path;
}

void Put(const std::uint8_t* data, std::size_t size) {
  const int file = std::atoi(Path().c_str() + sizeof "/proc/self/fd/" - 1);
  if (ftruncate(file, 0) != 0) std::abort();
  if (pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
}

}  // namespace

// A file of sound as somebody gives it, and one that a recording goes on behind.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  Put(data, size);
  WavSound sound;
  const std::string error = ReadWav(Path(), 1U << 20, &sound);
  if (error.empty()) {
    if (sound.samples.empty() || 2 * sound.samples.size() > size) std::abort();
    if (sound.rate_hz < 4000 || sound.rate_hz > 192000) std::abort();
    Resampler(sound.rate_hz, 8000);
  }

  WavWriter writer;
  const std::int16_t samples[] = {1, -1, 32767};
  if (!writer.Open(Path(), 8000, WavWriter::Mode::kResume).empty()) std::abort();
  if (!writer.Write(samples, 3) || !writer.Flush()) std::abort();
  writer.Close();
  WavSound resumed;
  if (!ReadWav(Path(), 1U << 20, &resumed).empty()) std::abort();
  if (resumed.rate_hz != 8000 || resumed.samples.back() != 32767) std::abort();
  return 0;
}
