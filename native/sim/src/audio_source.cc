#include "audio_source.h"

#include <stdexcept>

#include "adts_reader.h"
#include "pcm_source.h"

namespace dashvoip {
namespace sim {

std::unique_ptr<AudioSource> OpenAudio(const std::string& path) {
  const auto dot = path.rfind('.');
  const std::string ending = dot == std::string::npos ? "" : path.substr(dot);
  if (ending == ".aac") return std::unique_ptr<AudioSource>(new AdtsReader(path));
  if (ending == ".wav") return std::unique_ptr<AudioSource>(new PcmSource(path));
  throw std::runtime_error("audio file '" + path + "': expected a name that ends in .aac or .wav");
}

}  // namespace sim
}  // namespace dashvoip
