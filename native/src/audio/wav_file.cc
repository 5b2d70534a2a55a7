#include "dashvoip/audio/wav_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace dashvoip {
namespace {

constexpr std::uint16_t kFormatPcm = 1;
constexpr std::uint16_t kFormatExtensible = 0xFFFE;

using Bytes = std::vector<std::uint8_t>;

std::uint16_t U16(const Bytes& bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] | bytes[at + 1] << 8);
}

std::uint32_t U32(const Bytes& bytes, std::size_t at) {
  return static_cast<std::uint32_t>(U16(bytes, at)) | static_cast<std::uint32_t>(U16(bytes, at + 2))
                                                          << 16;
}

bool Tag(const Bytes& bytes, std::size_t at, const char* tag) {
  return std::memcmp(bytes.data() + at, tag, 4) == 0;
}

std::string ReadAll(const std::string& path, std::size_t max_bytes, Bytes* out) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             std::fclose);
  if (!file) return path + ": " + std::strerror(errno);
  std::array<std::uint8_t, 65536> block;
  for (;;) {
    const std::size_t got = std::fread(block.data(), 1, block.size(), file.get());
    if (got == 0) break;
    out->insert(out->end(), block.begin(), block.begin() + static_cast<std::ptrdiff_t>(got));
    if (out->size() > max_bytes) {
      return path + ": larger than " + std::to_string(max_bytes) + " bytes; give a shorter file";
    }
  }
  if (std::ferror(file.get()) != 0) return path + ": " + std::strerror(errno);
  return {};
}

struct Format {
  std::uint16_t channels = 0;
  std::uint32_t rate_hz = 0;
};

std::string ReadFormat(const Bytes& bytes, std::size_t at, std::size_t size, Format* out) {
  if (size < 16) return "its format chunk is cut short";
  const std::uint16_t tag = U16(bytes, at);
  const std::uint16_t bits = U16(bytes, at + 14);
  out->channels = U16(bytes, at + 2);
  out->rate_hz = U32(bytes, at + 4);
  if ((tag != kFormatPcm && tag != kFormatExtensible) || bits != 16) {
    return "expected 16-bit PCM, found format " + std::to_string(tag) + " of " +
           std::to_string(bits) + " bits";
  }
  if (out->channels < 1 || out->channels > 2) {
    return "expected 1 or 2 channels, found " + std::to_string(out->channels);
  }
  if (out->rate_hz < 4000 || out->rate_hz > 192000) {
    return "expected 4000 to 192000 Hz, found " + std::to_string(out->rate_hz);
  }
  return {};
}

void Mix(const Bytes& bytes, std::size_t at, std::size_t size, const Format& format,
         WavSound* out) {
  const std::size_t frame = std::size_t{2} * format.channels;
  out->rate_hz = format.rate_hz;
  out->samples.reserve(size / frame);
  for (std::size_t end = at + size / frame * frame; at < end; at += frame) {
    int sum = 0;
    for (std::size_t c = 0; c < format.channels; ++c) {
      sum += static_cast<std::int16_t>(U16(bytes, at + 2 * c));
    }
    out->samples.push_back(static_cast<std::int16_t>(sum / format.channels));
  }
}

}  // namespace

std::string ReadWav(const std::string& path, std::size_t max_bytes, WavSound* out) {
  Bytes bytes;
  const std::string error = ReadAll(path, max_bytes, &bytes);
  if (!error.empty()) return error;
  if (bytes.size() < 12 || !Tag(bytes, 0, "RIFF") || !Tag(bytes, 8, "WAVE")) {
    return path + ": expected a RIFF/WAVE file";
  }
  Format format;
  std::size_t at = 12;
  while (at + 8 <= bytes.size()) {
    const std::size_t left = bytes.size() - at - 8;
    // A writer that was cut off leaves a data size of 0 or all ones: take what is there.
    const std::size_t size = std::min<std::size_t>(U32(bytes, at + 4), left);
    if (Tag(bytes, at, "fmt ")) {
      const std::string wrong = ReadFormat(bytes, at + 8, size, &format);
      if (!wrong.empty()) return path + ": " + wrong;
    } else if (Tag(bytes, at, "data")) {
      if (format.channels == 0) return path + ": its data comes before its format";
      Mix(bytes, at + 8, size == 0 ? left : size, format, out);
      return out->samples.empty() ? path + ": it holds no sound" : std::string();
    }
    at += 8 + size + (size & 1);
  }
  return path + ": it has no data chunk";
}

std::string WavWriter::Open(const std::string& path, std::uint32_t rate_hz, Mode mode) {
  Close();
  if (mode == Mode::kResume) file_.reset(std::fopen(path.c_str(), "r+be"));
  if (!file_) file_.reset(std::fopen(path.c_str(), "w+be"));
  if (!file_) return path + ": " + std::strerror(errno);
  rate_hz_ = rate_hz;
  data_bytes_ = 0;
  if (std::fseek(file_.get(), 0, SEEK_END) == 0) {
    const long size = std::ftell(file_.get());
    if (size > static_cast<long>(kWavHeaderBytes)) {
      data_bytes_ =
          static_cast<std::uint32_t>(static_cast<std::size_t>(size) - kWavHeaderBytes) & ~1U;
    }
  }
  return Flush() ? std::string() : path + ": " + std::strerror(errno);
}

bool WavWriter::Write(const std::int16_t* samples, std::size_t count) {
  if (!file_ || count * 2 > kMaxWavData - data_bytes_) return false;
  block_.clear();
  AppendWavSamples(samples, count, &block_);
  if (std::fwrite(block_.data(), 1, block_.size(), file_.get()) != block_.size()) {
    Close();
    return false;
  }
  data_bytes_ += static_cast<std::uint32_t>(block_.size());
  return true;
}

bool WavWriter::Flush() {
  if (!file_) return false;
  const bool done =
      std::fseek(file_.get(), 0, SEEK_SET) == 0 && WriteHeader() &&
      std::fseek(file_.get(), static_cast<long>(kWavHeaderBytes) + data_bytes_, SEEK_SET) == 0 &&
      std::fflush(file_.get()) == 0;
  if (!done) Close();
  return done;
}

void WavWriter::Close() { file_.reset(); }

bool WavWriter::WriteHeader() {
  const auto header = WavHeader(rate_hz_, 1, data_bytes_);
  return std::fwrite(header.data(), 1, header.size(), file_.get()) == header.size();
}

std::array<std::uint8_t, kWavHeaderBytes> WavHeader(std::uint32_t rate_hz, std::uint32_t channels,
                                                    std::uint32_t data_bytes) noexcept {
  std::array<std::uint8_t, kWavHeaderBytes> header;
  auto at = header.begin();
  const auto tag = [&at](const char* text) { at = std::copy(text, text + 4, at); };
  const auto number = [&at](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) *at++ = static_cast<std::uint8_t>(value >> (8 * i));
  };
  tag("RIFF");
  number(data_bytes + static_cast<std::uint32_t>(kWavHeaderBytes) - 8, 4);
  tag("WAVE");
  tag("fmt ");
  number(16, 4);
  number(kFormatPcm, 2);
  number(channels, 2);
  number(rate_hz, 4);
  number(rate_hz * channels * 2, 4);
  number(channels * 2, 2);
  number(16, 2);
  tag("data");
  number(data_bytes, 4);
  return header;
}

void AppendWavSamples(const std::int16_t* samples, std::size_t count,
                      std::vector<std::uint8_t>* out) {
  const std::size_t begin = out->size();
  out->resize(begin + 2 * count);
  std::uint8_t* at = &(*out)[begin];
  for (std::size_t i = 0; i < count; ++i) {
    const auto sample = static_cast<std::uint16_t>(samples[i]);
    *at++ = static_cast<std::uint8_t>(sample & 0xFF);
    *at++ = static_cast<std::uint8_t>(sample >> 8);
  }
}

}  // namespace dashvoip
