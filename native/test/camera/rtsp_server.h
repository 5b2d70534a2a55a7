#ifndef DASHVOIP_TEST_CAMERA_RTSP_SERVER_H_
#define DASHVOIP_TEST_CAMERA_RTSP_SERVER_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "places.h"
#include "sim/synthetic_media.h"

namespace dashvoip {
namespace test {

/** Folder of dashvoip-rtsp.so. */
constexpr const char* kModuleDir = DASHVOIP_BUILD_DIR "/lib";

/** Small real recordings, made by ffmpeg once and gone at the end of the process. */
struct RtspMaterial {
  std::string h264;  ///< 64x48, 15 pictures per second, key frame every 15, one slice per picture
  std::string aac;   ///< ADTS, 48 kHz stereo
  std::string l16;   ///< WAV, 48 kHz stereo
  std::string pcma;  ///< raw codes

  static const RtspMaterial& Get();
};

/** The raw access units of an ADTS file. */
std::vector<Bytes> AdtsUnits(const std::string& path);

/** rtsp_server.py as a child process. Throws std::runtime_error when it does not get ready. */
class RtspServer {
 public:
  /** @param port 0 takes a free one. */
  explicit RtspServer(std::vector<std::string> flags, std::uint16_t port = 0);
  ~RtspServer();
  RtspServer(const RtspServer&) = delete;
  RtspServer& operator=(const RtspServer&) = delete;

  const std::string& url() const { return url_; }
  std::uint16_t port() const;
  /** Sends a command and waits until it is carried out. */
  void Command(const std::string& word);
  void Signal(int number);
  void Kill();

 private:
  std::string ReadLine();

  pid_t pid_ = -1;
  int to_child_ = -1, from_child_ = -1;
  std::string read_;
  std::string url_;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_CAMERA_RTSP_SERVER_H_
