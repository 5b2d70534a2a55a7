#ifndef DASHVOIP_CAMERA_CAMERA_MEDIA_H_
#define DASHVOIP_CAMERA_CAMERA_MEDIA_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "dashvoip/api/snapshots.h"
#include "dashvoip/audio/audio_port.h"
#include "dashvoip/base/wake_word.h"
#include "dashvoip/camera/camera_tap.h"
#include "dashvoip/camera/key_frame_desk.h"
#include "dashvoip/video/access_unit_queue.h"
#include "dashvoip/video/parameter_sets.h"

struct camlink;

namespace dashvoip {

/**
 * The camera as the media plane sees it: a microphone, a speaker and a queue of encoded pictures.
 *
 * One thread of its own owns the camera link, because each of its calls is a blocking RPC to
 * another operating system which may take milliseconds, seconds or for ever. Only that thread then
 * waits; it goes after the media thread and before all that is not real-time. It opens the link
 * with back-off, survives a camera that comes late, dies or changes its stream, and reads only what
 * is wanted: an idle agent sleeps.
 */
class CameraMedia {
 public:
  struct Settings {
    std::string backend = "netfifo";  ///< or "rtsp"; "none" never touches a camera
    std::string rtsp_url;             ///< with backend "rtsp"
    std::uint32_t bus_rate_hz = 8000;
    bool use_microphone = false;
    bool use_speaker = false;
    bool use_video = false;
    int realtime_priority = 0;  ///< SCHED_FIFO, below the media thread's; 0: the ordinary scheduler
    /** A call that the camera has not answered for so long means that it hangs. */
    std::uint32_t hung_after_ms = 5000;
    std::string module_dir;                    ///< folder of dashvoip-aac.so and dashvoip-rtsp.so
    std::shared_ptr<WakeWord> picture_reader;  ///< signalled when a picture arrives; may be null
    /** Opens another link in place of the backend's: for tests. @return a cl_result. */
    std::function<int(camlink**)> open;
  };

  class Listener {
   public:
    virtual ~Listener() = default;
    /** On the camera thread, or that of Watch(); must not block and must not destroy the
     * CameraMedia. */
    virtual void OnCameraState(CameraState state) = 0;
  };

  /** Starts the thread (none with backend "none"). `listener` must outlive this object. */
  CameraMedia(const Settings& settings, Listener& listener);
  /**
   * Reports END to the camera and joins. A thread stuck in an RPC that does not return is left
   * behind after three seconds: it touches nothing of this object or of the listener any more.
   */
  ~CameraMedia();
  CameraMedia(const CameraMedia&) = delete;
  CameraMedia& operator=(const CameraMedia&) = delete;

  /** The ports live as long as this object. Unused ones give silence and swallow. */
  AudioSource& microphone();
  AudioSink& speaker();
  /**
   * Pictures for one reader. The reader throws away what is left from an earlier call before it
   * asks for video again.
   */
  AccessUnitQueue& video();

  /** Any thread. True: pictures flow, from the newest key frame queued in the camera on. */
  void WantVideo(bool wanted);
  /**
   * Any thread. The far end cannot decode what it has: the encoder is asked for a key frame where
   * the camera can be, at most every 500 ms; otherwise its next one serves.
   */
  void RequestKeyFrame();
  /**
   * Where to wait for a copy of a key frame: the next one while pictures flow, else the newest that
   * the camera has queued, for which the stream is opened. Outlives this object, closed. Nothing
   * comes without `use_video`.
   */
  std::shared_ptr<KeyFrameDesk> key_frames() const;
  /**
   * Frames as they come, for a recorder. Outlives this object; then nothing comes any more.
   */
  std::shared_ptr<CameraTap> tap() const;
  /** Any thread: what the recorder wants of it, from the newest key frame queued in the camera on.
   */
  void WantRecorded(bool sound, bool picture);
  /** Any thread, may lock. */
  CameraSnapshot Status() const;
  /** Any thread, may lock: notices that the camera hangs, or answers again. To be called once a
   * second. */
  void Watch();
  /** Any thread, may lock. @return false until the encoder has sent parameter sets. */
  bool VideoParameters(ParameterSets* out) const;

 private:
  class Worker;
  std::shared_ptr<Worker> worker_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_CAMERA_MEDIA_H_
