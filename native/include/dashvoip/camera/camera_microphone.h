#ifndef DASHVOIP_CAMERA_CAMERA_MICROPHONE_H_
#define DASHVOIP_CAMERA_CAMERA_MICROPHONE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "dashvoip/audio/audio_port.h"
#include "dashvoip/audio/pull_buffer.h"
#include "dashvoip/audio/resampler.h"
#include "dashvoip/base/inheriting_mutex.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/camera/camlink.h"
#include "dashvoip/codec/aac_decoder.h"

namespace dashvoip {

/** The camera's sound: decoded, mixed to one channel and resampled on the camera thread. */
class CameraMicrophone : public AudioSource {
 public:
  /** @param wake makes the camera thread look at `wanted`. */
  CameraMicrophone(std::uint32_t bus_rate_hz, std::string module_dir, std::function<void()> wake,
                   Clock clock = MonotonicNs);

  void SetActive(bool active) override;
  bool Pull(std::int16_t* out, std::size_t count) noexcept override;
  double PullDelayMs() const noexcept override { return buffer_.delay_ms(); }
  DeviceSnapshot Status() const override;

  bool wanted() const noexcept { return wanted_.load(std::memory_order_acquire); }
  /** Camera thread: this track can be heard. @return false with the reason in the status. */
  bool Attach(const cl_track& track);
  /** Camera thread: nothing can be heard until the next Attach. */
  void Detach(const std::string& reason);
  /**
   * Camera thread: one frame of the attached track; `lost` as in cl_frame.
   * @return false when it was damaged; silence takes its place.
   */
  bool Feed(const std::uint8_t* data, std::size_t size, std::uint32_t lost);

 private:
  bool PrepareDecoder(const cl_track& track, std::string* error);
  std::size_t Decode(const std::uint8_t* data, std::size_t size);
  std::size_t DecodePcm(const std::uint8_t* data, std::size_t size);
  std::size_t DecodeAac(const std::uint8_t* data, std::size_t size);
  void Mix(std::size_t samples, std::uint32_t channels);
  void WriteSilence(std::size_t samples);

  const std::uint32_t bus_rate_hz_;
  const std::string module_dir_;
  const std::function<void()> wake_;
  const Clock clock_;
  PullBuffer buffer_;
  std::atomic<bool> wanted_{false};

  // The camera thread's.
  cl_track track_{};
  std::unique_ptr<AacDecoder> aac_;
  std::unique_ptr<Resampler> resampler_;
  std::vector<std::int16_t> decoded_;  // interleaved
  std::vector<std::int16_t> mono_;
  std::vector<std::int16_t> resampled_;
  std::vector<std::int16_t> silence_;
  std::size_t frame_samples_ = 0;  // of the last good frame, at the bus rate

  mutable InheritingMutex mutex_;  // guards what follows
  bool attached_ = false;
  std::string error_ = "no camera answers";
  std::uint64_t reopens_ = 0;
  std::uint32_t init_delay_ms_ = 0;  // what the camera says of itself
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_CAMERA_MICROPHONE_H_
