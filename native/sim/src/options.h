#ifndef DASHVOIP_SIM_OPTIONS_H_
#define DASHVOIP_SIM_OPTIONS_H_

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "base_fifo.h"
#include "event_hub.h"
#include "video_source.h"

namespace dashvoip {
namespace sim {

/** Which of the two ways to say that a stream ended the camera takes. */
enum class EndMark { kBoth, kEvent, kMark, kNone };

struct Ratio {
  std::uint32_t num, den;
};

struct EncoderOptions {
  std::string video_file, switch_video_file, audio_file;
  VideoCodec codec = VideoCodec::kH264;
  Ratio frame_duration = {1, 30};  // seconds
  bool tells_gop = true;           // the length of a group of pictures
  bool by_command = false;         // frames come by command, none by the clock
  PictureDress dress = {true, true, true, StartCodes::kLong};
  std::uint32_t video_media_id = 0;  // 0: what the codec says
  std::uint32_t audio_media_id = 0;  // 0: what the file says
  bool audio_on = true;
  int audio_channels = -1;  // reported; -1: the file's
  std::uint32_t timescale = 60000;
  std::int64_t audio_timescale = -1;  // reported; -1: the picture's
  std::uint64_t first_pts = 0;
  std::uint32_t first_seq = 0;
  SeqMode audio_seq = SeqMode::kRising;
  std::uint32_t descriptors = 256;
  DropPolicy drop = DropPolicy::kOldest;
  std::uint16_t align = 0;
  EndMark end_mark = EndMark::kBoth;
  bool busy_flag = true;
  std::chrono::milliseconds start_delay{0}, tracks_delay{0}, stop_grace{200}, restart_gap{300};
  std::uint32_t repeat_startenc = 0;
};

struct SpeakerOptions {
  bool enabled = false;
  std::string file;
  std::uint32_t channels = 2;
  std::uint32_t descriptors = 128;
  double ppm = 0;
};

struct RpcOptions {
  std::chrono::microseconds latency_min{100}, latency_max{500};
  std::uint64_t hang_after = 0;  // calls; 0: never
  std::uint32_t seed = 1;
  std::uint32_t read_cost_us_per_kib = 0;
  bool exclusive = false;
};

/** A control line and when it is carried out. */
struct TimedCommand {
  std::chrono::milliseconds at;
  std::string line;
};

struct Options {
  std::string socket;
  std::size_t ring_size = 4u << 20;
  std::size_t audio_ring_size = 1u << 20;
  std::size_t stream_in_ring_size = 10u << 20;
  EncoderOptions encoder;
  SpeakerOptions speaker;
  RpcOptions rpc;
  EventFaults events = {0, std::chrono::milliseconds(0)};
  bool control_stdin = false;
  std::string control_socket;
  std::vector<TimedCommand> timed_commands;
  bool help = false;
};

/** The command line is wrong; the text names the flag, what was found and what was expected. */
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/** @throws UsageError */
Options ParseOptions(const std::vector<std::string>& arguments);

/** Text of --help: every flag with the grade of evidence of what it imitates. */
std::string HelpText();

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_OPTIONS_H_
