#ifndef DASHVOIP_ENGINE_HOUSEKEEPER_H_
#define DASHVOIP_ENGINE_HOUSEKEEPER_H_

#include <atomic>
#include <functional>
#include <string>
#include <thread>

#include "dashvoip/audio/audio_port.h"
#include "dashvoip/base/network_changes.h"
#include "dashvoip/camera/camera_media.h"
#include "dashvoip/engine/engine.h"
#include "dashvoip/engine/outbox.h"

namespace dashvoip {

/**
 * The ordinary thread behind the media thread: passes its events on, starts and stops devices as
 * the sessions need them, watches the devices, hears of a network that changes, and frees what
 * the media thread has done with.
 * It sleeps while nothing happens; only while a device is in use it looks at it twice a second, and
 * at a camera once.
 */
class Housekeeper {
 public:
  struct Parts {
    Outbox* outbox;
    AudioSource* microphone;
    AudioSink* speaker;
    CameraMedia* camera;
    EngineListener* listener;
    /** Frees a session that the media thread let go of. */
    std::function<void(Session*)> free_session;
    /** Serves whatever else has threads of its own. @return whether to look again soon. */
    std::function<bool()> tend;
  };

  explicit Housekeeper(Parts parts);
  /** Gives all devices back, passes the last events on, joins. */
  ~Housekeeper();
  Housekeeper(const Housekeeper&) = delete;
  Housekeeper& operator=(const Housekeeper&) = delete;

 private:
  /** What was last told about a device. */
  struct Told {
    bool open = false;
    std::string error;
  };

  void Run();
  void PassEvents();
  void ListenToNetwork();
  void Apply(const MediaDemand& wanted);
  void Watch();
  void TellBye(std::uint32_t session, MediaKind media);
  void TellKey(const MediaEvent& key);
  void TellFloor(FloorHolder floor);
  void TellDevice(DeviceRole role, bool in_use, const DeviceSnapshot& status, Told* told);

  const Parts parts_;
  NetworkChanges network_;
  MediaDemand applied_;
  Told microphone_told_;
  Told speaker_told_;
  std::atomic<bool> quit_{false};
  std::thread thread_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_HOUSEKEEPER_H_
