#ifndef DASHVOIP_ENGINE_BRIDGE_H_
#define DASHVOIP_ENGINE_BRIDGE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "dashvoip/api/settings.h"
#include "dashvoip/api/snapshots.h"
#include "dashvoip/audio/audio_port.h"
#include "dashvoip/camera/camera_media.h"

namespace dashvoip {

/**
 * The virtual sound card: the camera's microphone goes into one cable of snd-aloop, and what comes
 * out of another goes to the camera's speaker. Whatever is missing, camera or card, is waited for.
 *
 * A real-time thread moves a block each way every 20 ms. An ordinary one beside it opens and closes
 * the camera's devices: the microphone while a program records, the speaker while sound is played,
 * so that the camera is busy only when the card is in use.
 */
class Bridge {
 public:
  /**
   * @param module_dir folder of dashvoip-aac.so and dashvoip-rtsp.so.
   * @return null with the reason in `error` for a device that this build does not have.
   */
  static std::unique_ptr<Bridge> Start(const BridgeSettings& settings,
                                       const std::string& module_dir, std::string* error);
  /** Stops. */
  ~Bridge();
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  /** Any thread; takes the peaks. */
  BridgeSnapshot Status();
  /** Joins all threads and leaves the camera in order. Idempotent. */
  void Stop();

 private:
  class Impl;
  explicit Bridge(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_BRIDGE_H_
