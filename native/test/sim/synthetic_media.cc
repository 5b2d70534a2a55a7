#include "synthetic_media.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace dashvoip {
namespace test {
namespace {

/** Writes a NAL unit's payload bit by bit. */
class BitWriter {
 public:
  explicit BitWriter(const Bytes& start) : bytes_(start) {}

  BitWriter& Bits(std::uint32_t value, int count) {
    for (int i = count - 1; i >= 0; --i) {
      if (used_ == 0) bytes_.push_back(0);
      bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | ((value >> i) & 1) << (7 - used_));
      used_ = (used_ + 1) % 8;
    }
    return *this;
  }
  BitWriter& Ue(std::uint32_t value) {
    int length = 0;
    while ((value + 1) >> (length + 1) != 0) ++length;
    return Bits(0, length).Bits(value + 1, length + 1);
  }
  /** Stop bit and alignment, then emulation prevention. */
  Bytes Finish() {
    Bits(1, 1);
    Bytes nal;
    int zeros = 0;
    for (const std::uint8_t byte : bytes_) {
      if (zeros == 2 && byte <= 3) {
        nal.push_back(3);
        zeros = 0;
      }
      zeros = byte == 0 ? zeros + 1 : 0;
      nal.push_back(byte);
    }
    return nal;
  }

 private:
  Bytes bytes_;
  int used_ = 0;
};

void AppendNal(Bytes* file, const Bytes& nal) {
  file->insert(file->end(), {0, 0, 0, 1});
  file->insert(file->end(), nal.begin(), nal.end());
}

/** Baseline, 4x3 macroblocks, no cropping, no VUI. */
Bytes H264Sps() {
  BitWriter bits({0x67, 66, 0xc0, 30});
  bits.Ue(0).Ue(0).Ue(2).Ue(1).Bits(0, 1).Ue(3).Ue(2).Bits(1, 1).Bits(1, 1).Bits(0, 1).Bits(0, 1);
  return bits.Finish();
}

Bytes H265Sps() {
  BitWriter bits({0x42, 0x01});
  bits.Bits(0, 4).Bits(0, 3).Bits(1, 1);
  bits.Bits(1, 8).Bits(0x60000000, 32).Bits(0x90, 8).Bits(0, 20).Bits(0, 20).Bits(93, 8);
  bits.Ue(0).Ue(1).Ue(64).Ue(48).Bits(0, 1);
  return bits.Finish();
}

void PutLittle(Bytes* bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) bytes->push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint32_t Little(const Bytes& bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) value = value << 8 | bytes.at(at + static_cast<unsigned>(i));
  return value;
}

}  // namespace

void WriteBytes(const std::string& path, const Bytes& bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  if (!file) throw std::runtime_error("cannot write " + path);
}

std::uint8_t FillOf(std::size_t index) { return static_cast<std::uint8_t>(4 + index % 250); }

void WriteH264(const std::string& path, std::size_t pictures, std::size_t slice_size) {
  Bytes file;
  AppendNal(&file, H264Sps());
  AppendNal(&file, {0x68, 0xce, 0x3c, 0x80});
  for (std::size_t i = 0; i < pictures; ++i) {
    // first_mb_in_slice 0, slice_type 7 (I) or 5 (P), then the filling.
    Bytes slice = {static_cast<std::uint8_t>(i == 0 ? 0x65 : 0x41),
                   static_cast<std::uint8_t>(i == 0 ? 0x88 : 0x98)};
    slice.resize(slice_size, FillOf(i));
    AppendNal(&file, slice);
  }
  WriteBytes(path, file);
}

void WriteH265(const std::string& path, std::size_t pictures, std::size_t slice_size) {
  Bytes file;
  AppendNal(&file, {0x40, 0x01, 0x0c, 0x80});
  AppendNal(&file, H265Sps());
  AppendNal(&file, {0x44, 0x01, 0xc0, 0x80});
  for (std::size_t i = 0; i < pictures; ++i) {
    Bytes slice = {static_cast<std::uint8_t>((i == 0 ? 19 : 1) << 1), 0x01, 0x80};
    slice.resize(slice_size, FillOf(i));
    AppendNal(&file, slice);
  }
  WriteBytes(path, file);
}

std::int16_t RampSample(std::size_t index) { return static_cast<std::int16_t>(index % 30000 + 1); }

void WriteWavRamp(const std::string& path, std::size_t frames, std::uint32_t channels) {
  const auto data_size = static_cast<std::uint32_t>(frames * channels * 2);
  Bytes file = {'R', 'I', 'F', 'F'};
  PutLittle(&file, 36 + data_size, 4);
  const char middle[] = "WAVEfmt ";
  file.insert(file.end(), middle, middle + 8);
  PutLittle(&file, 16, 4);
  PutLittle(&file, 1, 2);
  PutLittle(&file, channels, 2);
  PutLittle(&file, 48000, 4);
  PutLittle(&file, 48000 * channels * 2, 4);
  PutLittle(&file, channels * 2, 2);
  PutLittle(&file, 16, 2);
  const char data[] = "data";
  file.insert(file.end(), data, data + 4);
  PutLittle(&file, data_size, 4);
  for (std::size_t i = 0; i < frames * channels; ++i) {
    PutLittle(&file, static_cast<std::uint16_t>(RampSample(i / channels)), 2);
  }
  WriteBytes(path, file);
}

void WriteAdts(const std::string& path, std::size_t units, std::size_t unit_size) {
  Bytes file;
  for (std::size_t i = 0; i < units; ++i) {
    const std::size_t size = unit_size + 7;
    // MPEG-4, no CRC; AAC-LC, rate index 3, 2 channels; frame size; one block.
    file.insert(file.end(), {0xff, 0xf1, 0x4c, static_cast<std::uint8_t>(0x80 | size >> 11),
                             static_cast<std::uint8_t>(size >> 3),
                             static_cast<std::uint8_t>((size & 7) << 5 | 0x1f), 0xfc});
    file.insert(file.end(), unit_size, FillOf(i));
  }
  WriteBytes(path, file);
}

Wav ReadWavStrictly(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const Bytes file{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  REQUIRE(file.size() >= 44);
  CHECK(std::string(file.begin(), file.begin() + 4) == "RIFF");
  CHECK(std::string(file.begin() + 8, file.begin() + 16) == "WAVEfmt ");
  CHECK(std::string(file.begin() + 36, file.begin() + 40) == "data");
  const std::uint32_t data_size = Little(file, 40, 4);
  CHECK(Little(file, 4, 4) <= file.size() - 8);
  REQUIRE(data_size <= file.size() - 44);
  Wav wav = {Little(file, 24, 4), Little(file, 22, 2), {}};
  for (std::size_t at = 44; at + 2 <= 44 + data_size; at += 2) {
    wav.samples.push_back(static_cast<std::int16_t>(Little(file, at, 2)));
  }
  return wav;
}

NalList ListNals(const Bytes& unit, bool h265) {
  NalList list;
  for (std::size_t i = 0; i + 3 < unit.size(); ++i) {
    if (unit[i] != 0 || unit[i + 1] != 0 || unit[i + 2] != 1) continue;
    list.start_codes.push_back(i > 0 && unit[i - 1] == 0 ? 4 : 3);
    list.types.push_back(h265 ? (unit[i + 3] >> 1) & 0x3f : unit[i + 3] & 0x1f);
  }
  return list;
}

}  // namespace test
}  // namespace dashvoip
