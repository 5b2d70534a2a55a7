#include "command.h"

#include <cstdio>
#include <sstream>

#include "AmbaNetFifo.h"
#include "flag_value.h"

namespace dashvoip {
namespace sim {

bool CommandRunner::Run(const std::string& line) {
  std::istringstream words(line);
  std::string word, first, second, rest;
  words >> word >> first >> second >> rest;
  if (!rest.empty()) throw UsageError("command '" + line + "': too many words");
  if (word.empty()) return true;
  if (word == "quit") return false;
  if (word == "stall") {
    delay_->Stall(std::chrono::milliseconds(ToNumber(first, 0, 3600000)));
  } else if (word == "hang" || word == "resume") {
    delay_->Hang(word == "hang");
  } else if (word == "inject") {
    Inject(first, second);
  } else if (word == "frames") {
    WriteFrames(first, second);
  } else if (word == "refuse") {
    Refuse(first, second);
  } else if (!RunEncoderCommand(word)) {
    throw UsageError("unknown command '" + word + "'; --help lists them all");
  }
  return true;
}

bool CommandRunner::RunEncoderCommand(const std::string& word) {
  const Time now = std::chrono::steady_clock::now();
  return rtos_->WithEncoder([&](Encoder* encoder) {
    if (word == "startenc") {
      encoder->StartEncoding(now);
    } else if (word == "stopenc") {
      encoder->StopEncoding(now);
    } else if (word == "switchenc") {
      encoder->SwitchSession(now);
    } else if (word == "recav" || word == "recv") {
      if (!encoder->SetAudio(word == "recav", now)) {
        throw UsageError("recav: there is no sound; start the simulator with --audio FILE");
      }
    } else if (word == "ptsreset") {
      encoder->RestartPts();
    } else {
      return false;
    }
    return true;
  });
}

// Says when it is done: whoever waits for the line knows what stands in the FIFOs.
void CommandRunner::WriteFrames(const std::string& count, const std::string& track) {
  const auto frames = static_cast<std::uint32_t>(ToNumber(count, 1, 100000));
  const auto only = track.empty() ? 0U
                                  : ToChoice<std::uint32_t>(
                                        track, {{"video", AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO},
                                                {"audio", AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO}});
  const Time now = std::chrono::steady_clock::now();
  const std::uint32_t written =
      rtos_->WithEncoder([&](Encoder* encoder) { return encoder->WriteFrames(frames, only, now); });
  std::printf("frames %u\n", written);
  std::fflush(stdout);
}

void CommandRunner::Refuse(const std::string& procedure, const std::string& times) {
  refusals_->Refuse(
      ToChoice<wire::Procedure>(procedure, {{"create", wire::Procedure::kCreate},
                                            {"peek", wire::Procedure::kPeek},
                                            {"remove", wire::Procedure::kRemove},
                                            {"media-info", wire::Procedure::kGetMediaInfo},
                                            {"prepare", wire::Procedure::kPrepare},
                                            {"write", wire::Procedure::kWrite}}),
      static_cast<std::uint32_t>(ToNumber(times, 0, 0xffffffff)));
}

void CommandRunner::Inject(const std::string& type, const std::string& track) {
  std::uint32_t number, mark = 0;
  if (type == "eos" || type == "eos-pause") {
    number = AMBA_FRAMEINFO_TYPE_EOS;
    mark = type == "eos" ? AMBA_NETFIFO_MARK_EOS : AMBA_NETFIFO_MARK_EOS_PAUSE;
  } else {
    number = static_cast<std::uint32_t>(ToNumber(type, 0, 255));
    if (number == AMBA_FRAMEINFO_TYPE_EOS || number == AMBA_FRAMEINFO_TYPE_DECODE_MARK) {
      mark = AMBA_NETFIFO_MARK_EOS;
    }
  }
  if (!track.empty() && track != "audio") {
    throw UsageError("inject: expected 'audio' or nothing, found '" + track + "'");
  }
  const Time now = std::chrono::steady_clock::now();
  const bool done = rtos_->WithEncoder([&](Encoder* encoder) {
    return encoder->Inject(!track.empty(), static_cast<std::uint8_t>(number), mark, now);
  });
  if (!done) throw UsageError("inject: no such track is being encoded");
}

}  // namespace sim
}  // namespace dashvoip
