#include "netfifo_client.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

namespace dashvoip {
namespace test {

bool Eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

NetFifoClient::NetFifoClient() {
  REQUIRE(AmbaNetFifo_init(&event_handle_) == 0);
  AmbaNetFifo_Reg_cbFifoEvent(OnFifo, this);
  AmbaNetFifo_Reg_cbControlEvent(OnControl, this);
  running_ = pthread_create(&thread_, nullptr, AmbaNetFifo_ExecEventProcess, nullptr) == 0;
  REQUIRE(running_);
}

NetFifoClient::~NetFifoClient() {
  StopEvents();
  AmbaNetFifo_release();
}

void NetFifoClient::StopEvents() {
  if (!running_) return;
  AmbaNetFifo_StopEventProcess();
  pthread_join(thread_, nullptr);
  running_ = false;
}

int NetFifoClient::OnFifo(void* fifo, unsigned int event, void*, void* user) {
  auto* self = static_cast<NetFifoClient*>(user);
  const std::lock_guard<std::mutex> lock(self->mutex_);
  self->events_.push_back({fifo, event});
  return 0;
}

int NetFifoClient::OnControl(unsigned int command, unsigned int, unsigned int, void* user) {
  return OnFifo(nullptr, command, nullptr, user);
}

std::size_t NetFifoClient::CountEvents(unsigned int code, const void* fifo) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      events_.begin(), events_.end(),
      [&](const SeenEvent& event) { return event.code == code && event.fifo == fifo; }));
}

std::vector<SeenEvent> NetFifoClient::events() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return events_;
}

int LiveStreamId() {
  AMBA_NETFIFO_MEDIA_STREAMID_LIST_s list;
  REQUIRE(AmbaNetFifo_GetMediaStreamIDList(&list) == 0);
  return list.Amount > 0 ? list.StreamID_List[0] : -1;
}

AMBA_NETFIFO_MOVIE_INFO_CFG_s WaitForTracks(unsigned int count) {
  AMBA_NETFIFO_MOVIE_INFO_CFG_s info;
  REQUIRE(Eventually([] { return LiveStreamId() >= 0; }));
  REQUIRE(AmbaNetFifo_GetMediaInfo(LiveStreamId(), &info) == 0);
  REQUIRE(info.nTrack == count);
  return info;
}

const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& TrackOf(const AMBA_NETFIFO_MOVIE_INFO_CFG_s& info,
                                              AMBA_NETFIFO_MEDIA_TRACK_TYPE_e type) {
  unsigned int i = 0;
  while (i < info.nTrack && info.Track[i].nTrackType != type) ++i;
  REQUIRE(i < info.nTrack);
  REQUIRE(info.Track[i].hCodec != nullptr);
  return info.Track[i];
}

AMBA_NETFIFO_CFG_s ConfigFor(const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track,
                             const NetFifoClient& client) {
  AMBA_NETFIFO_CFG_s config;
  REQUIRE(AmbaNetFifo_GetDefaultCFG(&config) == 0);
  config.hCodec = track.hCodec;
  config.cbEvent = client.event_handle();
  config.NumEntries = 256;
  config.IsVirtual = 1;
  return config;
}

AMBA_NETFIFO_FIFO_t CreateFifo(const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track,
                               const NetFifoClient& client) {
  AMBA_NETFIFO_CFG_s config = ConfigFor(track, client);
  const AMBA_NETFIFO_FIFO_t fifo = AmbaNetFifo_Create(&config);
  REQUIRE(fifo != nullptr);
  return fifo;
}

int Peek(AMBA_NETFIFO_FIFO_t fifo, unsigned int distance, AMBA_NETFIFO_BITS_DESC_s* desc) {
  AMBA_NETFIFO_PEEKENTRY_ARG_s entry = {fifo, distance};
  return AmbaNetFifo_PeekEntry(&entry, desc);
}

int RevPeek(AMBA_NETFIFO_FIFO_t fifo, unsigned int distance, AMBA_NETFIFO_BITS_DESC_s* desc) {
  AMBA_NETFIFO_PEEKENTRY_ARG_s entry = {fifo, distance};
  return AmbaNetFifo_RevPeekEntry(&entry, desc);
}

int Remove(AMBA_NETFIFO_FIFO_t fifo, unsigned int count) {
  AMBA_NETFIFO_REMOVEENTRY_ARG_s entry = {fifo, count};
  return AmbaNetFifo_RemoveEnrty(&entry);
}

unsigned int Available(AMBA_NETFIFO_FIFO_t fifo) {
  AMBA_NETFIFO_FIFO_INFO_s info = {0, 0};
  REQUIRE(AmbaNetFifo_GetInfo(fifo, &info) == 0);
  return info.AvailEntries;
}

Bytes CopyPayload(const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track,
                  const AMBA_NETFIFO_BITS_DESC_s& desc) {
  if (desc.StartAddr == nullptr) return {};
  const auto to_end = static_cast<std::size_t>(track.pBufferLimit - desc.StartAddr);
  const std::size_t head = std::min<std::size_t>(desc.Size, to_end);
  Bytes payload(desc.StartAddr, desc.StartAddr + head);
  payload.insert(payload.end(), track.pBufferBase, track.pBufferBase + (desc.Size - head));
  return payload;
}

Frame NextFrame(AMBA_NETFIFO_FIFO_t fifo, const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& track) {
  Frame frame;
  REQUIRE(Eventually([&] { return Peek(fifo, 0, &frame.desc) == 0; }));
  frame.payload = CopyPayload(track, frame.desc);
  REQUIRE(Remove(fifo, 1) == 0);
  return frame;
}

}  // namespace test
}  // namespace dashvoip
