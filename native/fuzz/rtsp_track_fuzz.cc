#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "dashvoip/camera/rtsp_exchange.h"
#include "dashvoip/camera/rtsp_module.h"
#include "dashvoip/camera/rtsp_track.h"
#include "script.h"

namespace {

using dashvoip::fuzz::Script;

/** What the server says of its track, in the words of the module. */
struct Described {
  explicit Described(Script* script) {
    track.codec = script->Byte() % (DASHVOIP_RTSP_PCMU + 2);
    track.kind = script->Number({CL_VIDEO, CL_AUDIO});
    track.payload_type = script->Byte();
    track.timescale = script->Number({90000, 8000, 48000, 0});
    track.ticks_per_frame = script->Number({0, 3000, 1024});
    track.width = script->Number({640, 0});
    track.height = script->Number({360, 0});
    track.sample_rate = script->Number({8000, 48000, 0});
    track.channels = script->Number({1, 2, 0});
    const std::size_t wanted = script->Byte();
    const std::uint8_t* const from = script->at();
    setup.assign(from, from + script->Skip(wanted));
    track.setup = setup.empty() ? nullptr : setup.data();
    track.setup_size = static_cast<std::uint32_t>(setup.size());
  }

  dashvoip_rtsp_track track{};
  std::vector<std::uint8_t> setup;  // of its own, so that reading past its end is seen
};

dashvoip_rtsp_packet NextPacket(Script* script, std::vector<std::uint8_t>* data) {
  dashvoip_rtsp_packet packet{};
  const std::uint8_t timing = script->Byte();
  packet.has_pts = timing & 1;
  packet.pts = static_cast<std::int32_t>(script->Word());
  if ((timing & 2) != 0) packet.pts *= std::int64_t{1} << 32;
  const std::size_t wanted = script->Byte();
  const std::uint8_t* const from = script->at();
  data->assign(from, from + script->Skip(wanted));
  packet.data = data->data();
  packet.size = static_cast<std::uint32_t>(data->size());
  return packet;
}

void CheckRead(const cl_frame& frame, std::uint32_t capacity, const cl_stats& stats) {
  if (frame.size > capacity || frame.complete != 1 || stats.frames == 0) std::abort();
}

}  // namespace

// What an RTSP server describes and sends, and what an owner of the link does meanwhile.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  Script script(data, size);
  const Described described(&script);
  RtspTrack track(described.track);
  if (track.info().timescale == 0) std::abort();

  RtspExchange exchange;
  cl_wake wake;
  exchange.Publish({track.info()});
  if (exchange.Wait(0, &wake) != CL_OK || wake.ev != CL_EV_UP) std::abort();
  if (exchange.Start(0, script.Byte() % 2 != 0) != CL_OK) std::abort();
  std::vector<std::uint8_t> sent;
  std::uint8_t read[512];
  std::uint64_t frames = 0;
  while (!script.done()) {
    const std::uint8_t operation = script.Byte();
    cl_frame frame;
    switch (operation % 8) {
      case 0:
        if (exchange.Read(0, read, operation * 2U, &frame) == CL_OK) {
          CheckRead(frame, operation * 2U, exchange.Stats());
          ++frames;
        }
        break;
      case 1:
        exchange.Stop(0);
        if (exchange.Start(0, operation > 127) != CL_OK) std::abort();
        break;
      default:
        exchange.Deliver(0, track.Take(NextPacket(&script, &sent)));
        break;
    }
  }
  if (exchange.Stats().frames != frames) std::abort();
  return 0;
}
