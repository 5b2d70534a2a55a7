#ifndef DASHVOIP_AUDIO_WAV_FILE_H_
#define DASHVOIP_AUDIO_WAV_FILE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace dashvoip {

/** Sound as read from a file: interleaved channels already mixed to one. */
struct WavSound {
  std::uint32_t rate_hz = 0;
  std::vector<std::int16_t> samples;
};

/**
 * Reads a RIFF/WAVE file of 16-bit PCM with one or two channels.
 * @param max_bytes the file may have; a larger one is refused.
 * @return empty when read, otherwise what was expected and what was found.
 */
std::string ReadWav(const std::string& path, std::size_t max_bytes, WavSound* out);

constexpr std::size_t kWavHeaderBytes = 44;
/** The sizes of RIFF are 32 bits wide; some room is left for the header. */
constexpr std::uint32_t kMaxWavData = 0xFFFFFFFF - 1024;

/** What stands in front of `data_bytes` of interleaved S16. */
std::array<std::uint8_t, kWavHeaderBytes> WavHeader(std::uint32_t rate_hz, std::uint32_t channels,
                                                    std::uint32_t data_bytes) noexcept;

/** Appends samples as a WAV file has them. */
void AppendWavSamples(const std::int16_t* samples, std::size_t count,
                      std::vector<std::uint8_t>* out);

/**
 * Writes mono S16 to a WAV file whose header is right after every `Flush`, so that a power cut
 * costs the last moments only. Calls may block as long as the file system likes.
 */
class WavWriter {
 public:
  enum class Mode {
    kCreate,  ///< begins an empty file
    kResume,  ///< goes on behind what the file holds, if anything
  };
  WavWriter() = default;
  /** @return empty, or why the file cannot be written. */
  std::string Open(const std::string& path, std::uint32_t rate_hz, Mode mode);
  bool is_open() const noexcept { return file_ != nullptr; }
  /** @return false when the file failed; it is closed then. */
  bool Write(const std::int16_t* samples, std::size_t count);
  bool Flush();
  void Close();

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  bool WriteHeader();

  std::unique_ptr<std::FILE, CloseFile> file_;
  std::uint32_t rate_hz_ = 0;
  std::uint32_t data_bytes_ = 0;
  std::vector<std::uint8_t> block_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_AUDIO_WAV_FILE_H_
