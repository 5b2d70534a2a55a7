#ifndef DASHVOIP_API_RULES_H_
#define DASHVOIP_API_RULES_H_

#include <string>

#include "dashvoip/api/settings.h"

namespace dashvoip {

/**
 * What makes no sense although each value by itself does: a declaration of src/media/shapes speaks
 * of one field and of bounds. `BrokenRule` is asked for each shape that was read.
 */
struct Rule {
  const char* field;     ///< as TypeScript calls it
  const char* expected;  ///< nullptr: all is well
};

constexpr Rule kNoRule = {nullptr, nullptr};

template <typename Shape>
Rule BrokenRule(const Shape&) {
  return kNoRule;
}

inline Rule BrokenRule(const RtpSettings& rtp) {
  const int first_even = rtp.ports[0] + rtp.ports[0] % 2;
  if (first_even + 1 <= rtp.ports[1]) return kNoRule;
  return {"ports", "two ports with an even one and the next one between them"};
}

/** Of EngineSettings and BridgeSettings, which name the camera alike. */
template <typename Settings>
Rule BrokenRuleOfCamera(const Settings& settings) {
  if (settings.camera_link != CameraLink::kRtsp || settings.rtsp_url) return kNoRule;
  return {"rtspUrl", "a string that is not empty"};
}

inline Rule BrokenRule(const EngineSettings& settings) {
  const std::uint32_t rate = settings.bus_rate_hz;
  if (rate != 8000 && rate != 16000 && rate != 48000) {
    return {"busRateHz", "8000, 16000 or 48000"};
  }
  return BrokenRuleOfCamera(settings);
}

inline Rule BrokenRule(const BridgeSettings& settings) { return BrokenRuleOfCamera(settings); }

inline Rule BrokenRule(const AudioStreamSettings& stream) {
  if (stream.ptime_ms % 10 == 0) return kNoRule;
  return {"ptimeMs", "a multiple of 10"};
}

inline Rule BrokenRule(const PlaySettings& play) {
  if (play.tone.present() != play.file.present()) return kNoRule;
  return {"tone", "a tone or a file"};
}

inline bool IsMp4(const RecordingSettings& recording) {
  return recording.container == RecordingContainer::kMp4;
}

inline Rule BrokenRule(const RecordingSettings& recording) {
  const bool is_call = recording.sound == RecordedSound::kCall;
  const bool is_camera = recording.sound == RecordedSound::kCamera;
  if (is_call != recording.session.present()) {
    return {"session", "a session with the sound of a call, and else none"};
  }
  if (recording.container == RecordingContainer::kWav ? is_camera
                                                      : !is_camera && !IsMp4(recording)) {
    return {"container", "mp4, adts for the camera's own sound, wav for other sound"};
  }
  if (recording.picture && !IsMp4(recording)) return {"picture", "false, but in mp4"};
  if (recording.name.find('/') != std::string::npos) return {"name", "no path"};
  return kNoRule;
}

}  // namespace dashvoip

#endif  // DASHVOIP_API_RULES_H_
