#ifndef DASHVOIP_TEST_SIM_SYNTHETIC_MEDIA_H_
#define DASHVOIP_TEST_SIM_SYNTHETIC_MEDIA_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dashvoip {
namespace test {

using Bytes = std::vector<std::uint8_t>;

/** Small files that look like media to the simulator, and contents that a test can recognise. */

void WriteBytes(const std::string& path, const Bytes& bytes);

/**
 * H.264: SPS of 64x48, PPS, then one key frame and P pictures. Each slice has `slice_size` bytes
 * after its start code and is filled with FillOf(its index).
 */
void WriteH264(const std::string& path, std::size_t pictures, std::size_t slice_size);
/** The byte that fills picture `index`; never 0. */
std::uint8_t FillOf(std::size_t index);

/** H.265: VPS, SPS of 64x48, PPS, a key frame and P pictures. */
void WriteH265(const std::string& path, std::size_t pictures, std::size_t slice_size);

/** WAV of 48 kHz S16 whose sample i of every channel is i modulo 30000, plus 1. */
void WriteWavRamp(const std::string& path, std::size_t frames, std::uint32_t channels);
std::int16_t RampSample(std::size_t index);

/** ADTS frames of AAC-LC 48 kHz stereo; unit i has `unit_size` bytes of FillOf(i). */
void WriteAdts(const std::string& path, std::size_t units, std::size_t unit_size);

/** Samples and header of a WAV file, as far as its header promises. */
struct Wav {
  std::uint32_t rate, channels;
  std::vector<std::int16_t> samples;
};
Wav ReadWavStrictly(const std::string& path);

/** NAL unit types of an Annex-B access unit, with the lengths of the start codes before them. */
struct NalList {
  std::vector<int> types;
  std::vector<int> start_codes;
};
NalList ListNals(const Bytes& unit, bool h265);

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_SIM_SYNTHETIC_MEDIA_H_
