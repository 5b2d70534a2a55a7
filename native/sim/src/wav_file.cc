#include "wav_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include <algorithm>
#include <stdexcept>

#include "file_bytes.h"

namespace dashvoip {
namespace sim {
namespace {

constexpr std::size_t kHeaderBytes = 44;
constexpr std::uint64_t kMaxDataBytes = 0xffffffff - kHeaderBytes;

std::uint32_t Little(const std::uint8_t* bytes, int count) {
  std::uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) value = value << 8 | bytes[i];
  return value;
}

void PutLittle(std::uint8_t* bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

bool WriteAt(int fd, const void* data, std::size_t size, std::uint64_t offset) {
  const char* bytes = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t written = pwrite(fd, bytes, size, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    offset += static_cast<std::uint64_t>(written);
    size -= static_cast<std::size_t>(written);
  }
  return true;
}

}  // namespace

WavSound ReadWav(const std::string& path) {
  const auto file = ReadFile(path);
  const auto fail = [&](const char* what) { return std::runtime_error(path + ": " + what); };
  if (file.size() < 12 || memcmp(file.data(), "RIFF", 4) != 0 ||
      memcmp(file.data() + 8, "WAVE", 4) != 0) {
    throw fail("expected a WAV file");
  }
  WavSound sound = {};
  for (std::size_t at = 12; at + 8 <= file.size();) {
    const std::uint8_t* body = file.data() + at + 8;
    const std::size_t size =
        std::min<std::size_t>(Little(file.data() + at + 4, 4), file.size() - at - 8);
    if (memcmp(file.data() + at, "fmt ", 4) == 0 && size >= 16) {
      const std::uint32_t format = Little(body, 2);
      if ((format != 1 && format != 0xfffe) || Little(body + 14, 2) != 16) {
        throw fail("expected signed 16-bit PCM");
      }
      sound.channels = Little(body + 2, 2);
      sound.rate = Little(body + 4, 4);
    } else if (memcmp(file.data() + at, "data", 4) == 0 && sound.channels != 0) {
      for (std::size_t i = 0; i + 2 <= size; i += 2) {
        sound.samples.push_back(static_cast<std::int16_t>(Little(body + i, 2)));
      }
      break;
    }
    at += 8 + size + size % 2;
  }
  if (sound.channels == 0 || sound.channels > 8 || sound.rate == 0 ||
      sound.samples.size() < sound.channels) {
    throw fail("found no sound in it");
  }
  sound.samples.resize(sound.samples.size() / sound.channels * sound.channels);
  return sound;
}

WavWriter::WavWriter(const std::string& path, std::uint32_t rate, std::uint32_t channels)
    : fd_(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)), channels_(channels) {
  std::uint8_t header[kHeaderBytes] = {'R', 'I', 'F', 'F', 0,   0,   0,   0,
                                       'W', 'A', 'V', 'E', 'f', 'm', 't', ' '};
  PutLittle(header + 4, kHeaderBytes - 8, 4);
  PutLittle(header + 16, 16, 4);
  PutLittle(header + 20, 1, 2);
  PutLittle(header + 22, channels, 2);
  PutLittle(header + 24, rate, 4);
  PutLittle(header + 28, rate * channels * 2, 4);
  PutLittle(header + 32, channels * 2, 2);
  PutLittle(header + 34, 16, 2);
  memcpy(header + 36, "data", 4);
  if (!fd_ || !WriteAt(fd_.get(), header, sizeof(header), 0)) {
    throw std::runtime_error("cannot write " + path + ": " + strerror(errno));
  }
}

WavWriter::~WavWriter() { Sync(); }

bool WavWriter::Append(const std::int16_t* samples, std::size_t frames) {
  const std::size_t size = frames * channels_ * sizeof(*samples);
  if (data_bytes_ + size > kMaxDataBytes) return false;
  if (!WriteAt(fd_.get(), samples, size, kHeaderBytes + data_bytes_)) return false;
  data_bytes_ += size;
  return true;
}

bool WavWriter::Sync() {
  std::uint8_t size[4];
  PutLittle(size, static_cast<std::uint32_t>(data_bytes_), 4);
  if (!WriteAt(fd_.get(), size, sizeof(size), 40)) return false;
  PutLittle(size, static_cast<std::uint32_t>(data_bytes_ + kHeaderBytes - 8), 4);
  return WriteAt(fd_.get(), size, sizeof(size), 4);
}

}  // namespace sim
}  // namespace dashvoip
