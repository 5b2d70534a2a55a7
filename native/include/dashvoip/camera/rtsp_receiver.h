#ifndef DASHVOIP_CAMERA_RTSP_RECEIVER_H_
#define DASHVOIP_CAMERA_RTSP_RECEIVER_H_

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "dashvoip/camera/rtsp_client.h"
#include "dashvoip/camera/rtsp_exchange.h"
#include "dashvoip/camera/rtsp_track.h"

namespace dashvoip {

/**
 * The thread that talks with the RTSP server. It asks for the tracks, and plays only while one of
 * them is wanted: a camera that is watched by nobody has nothing to send. A stream that ends is
 * asked for again with back-off; a server that is gone ends the link.
 */
class RtspReceiver {
 public:
  /** How long one question to the server may take. */
  static constexpr int kAnswerMs = 2000;

  /** @param connected whether the client is connected already, with tracks to be told. */
  RtspReceiver(std::unique_ptr<RtspClient> client, bool connected, RtspExchange& exchange);
  /** Interrupts and joins. */
  ~RtspReceiver();
  RtspReceiver(const RtspReceiver&) = delete;
  RtspReceiver& operator=(const RtspReceiver&) = delete;

 private:
  void Run(bool connected);
  bool Connect();
  void Serve();
  bool Receive(std::vector<RtspTrack>* tracks);
  void Rest();

  const std::unique_ptr<RtspClient> client_;
  RtspExchange& exchange_;
  int failures_ = 0;
  std::int64_t backoff_ns_;
  std::thread thread_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_RTSP_RECEIVER_H_
