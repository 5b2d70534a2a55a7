#include "options.h"

#include "flag_table.h"
#include "unix_socket.h"

namespace dashvoip {
namespace sim {
namespace {

const Flag& FindFlag(const std::string& name) {
  for (const auto& group : AllFlags()) {
    for (const auto& flag : group.flags) {
      if (name == flag.name) return flag;
    }
  }
  throw UsageError("unknown flag --" + name + "; --help lists them all");
}

void CheckTogether(const Options& options) {
  const EncoderOptions& encoder = options.encoder;
  if (encoder.video_file.empty() && encoder.audio_file.empty() && !options.speaker.enabled) {
    throw UsageError("nothing to play: give --video, --audio or --stream-in pcm");
  }
  if (!encoder.switch_video_file.empty() && encoder.video_file.empty()) {
    throw UsageError("--switch-video needs --video");
  }
  if (!options.speaker.file.empty() && !options.speaker.enabled) {
    throw UsageError("--speaker-out needs --stream-in pcm");
  }
}

}  // namespace

Options ParseOptions(const std::vector<std::string>& arguments) {
  Options options;
  options.socket = DefaultSocketPath();
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word.compare(0, 2, "--") != 0) {
      throw UsageError("expected a flag, found '" + word + "'; --help lists them all");
    }
    const auto equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const Flag& flag = FindFlag(name);
    std::string value;
    if (equals != std::string::npos && *flag.value == '\0') {
      throw UsageError("--" + name + ": takes no value, found '" + word.substr(equals + 1) + "'");
    }
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (*flag.value != '\0') {
      if (++i == arguments.size()) {
        throw UsageError("--" + name + ": expected " + flag.value + ", found nothing");
      }
      value = arguments[i];
    }
    try {
      flag.set(&options, value);
    } catch (const UsageError& error) {
      throw UsageError("--" + name + ": " + error.what());
    }
  }
  if (!options.help) CheckTogether(options);
  return options;
}

}  // namespace sim
}  // namespace dashvoip
