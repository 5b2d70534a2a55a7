#ifndef DASHVOIP_TEST_SIM_NETFIFO_CLIENT_H_
#define DASHVOIP_TEST_SIM_NETFIFO_CLIENT_H_

#include <pthread.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

#include "AmbaNetFifo.h"
#include "synthetic_media.h"

namespace dashvoip {
namespace test {

/** An event as a callback got it; control events have no FIFO. */
struct SeenEvent {
  const void* fifo;
  unsigned int code;
};

/** Waits up to half a minute for something that must come. */
bool Eventually(const std::function<bool()>& condition);

/** This process as a client: connects, collects events on a thread, disconnects. */
class NetFifoClient {
 public:
  NetFifoClient();
  ~NetFifoClient();
  NetFifoClient(const NetFifoClient&) = delete;
  NetFifoClient& operator=(const NetFifoClient&) = delete;

  unsigned int event_handle() const { return static_cast<unsigned int>(event_handle_); }
  std::size_t CountEvents(unsigned int code, const void* fifo = nullptr) const;
  std::vector<SeenEvent> events() const;
  /** Ends the event thread, as a client does that leaves; also done at destruction. */
  void StopEvents();

 private:
  static int OnFifo(void* fifo, unsigned int event, void* info, void* user);
  static int OnControl(unsigned int command, unsigned int, unsigned int, void* user);

  int event_handle_ = -1;
  mutable std::mutex mutex_;
  std::vector<SeenEvent> events_;
  pthread_t thread_;
  bool running_ = false;
};

/** Track table of the live stream, waited for. */
AMBA_NETFIFO_MOVIE_INFO_CFG_s WaitForTracks(unsigned int count);
/** Its stream id. */
int LiveStreamId();
const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& TrackOf(const AMBA_NETFIFO_MOVIE_INFO_CFG_s& info,
                                              AMBA_NETFIFO_MEDIA_TRACK_TYPE_e type);

AMBA_NETFIFO_CFG_s ConfigFor(const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track,
                             const NetFifoClient& client);
AMBA_NETFIFO_FIFO_t CreateFifo(const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track,
                               const NetFifoClient& client);

int Peek(AMBA_NETFIFO_FIFO_t fifo, unsigned int distance, AMBA_NETFIFO_BITS_DESC_s* desc);
int RevPeek(AMBA_NETFIFO_FIFO_t fifo, unsigned int distance, AMBA_NETFIFO_BITS_DESC_s* desc);
int Remove(AMBA_NETFIFO_FIFO_t fifo, unsigned int count);
unsigned int Available(AMBA_NETFIFO_FIFO_t fifo);

/** Payload of a descriptor, over the ring's end where need be. */
Bytes CopyPayload(const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track,
                  const AMBA_NETFIFO_BITS_DESC_s& desc);

/** Next frame, waited for, copied and removed. */
struct Frame {
  AMBA_NETFIFO_BITS_DESC_s desc;
  Bytes payload;
};
Frame NextFrame(AMBA_NETFIFO_FIFO_t fifo, const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track);

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_SIM_NETFIFO_CLIENT_H_
