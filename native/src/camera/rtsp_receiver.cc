#include "dashvoip/camera/rtsp_receiver.h"

#include <algorithm>
#include <utility>

#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/realtime_thread.h"

namespace dashvoip {
namespace {

constexpr std::int64_t kFirstBackoffNs = 250 * kNsPerMs;
constexpr std::int64_t kLastBackoffNs = 2 * kNsPerSecond;
// A server that does not answer this often in a row is gone.
constexpr int kMaxFailures = 3;
// A stream that plays and brings nothing for so long has ended without a word.
constexpr int kSilenceMs = 5000;
// Reading that stops often begins again at once: the connection is kept for a while.
constexpr std::int64_t kLingerNs = 2 * kNsPerSecond;
// While nothing plays: whether the server is still there.
constexpr std::int64_t kHeartbeatNs = 5 * kNsPerSecond;

}  // namespace

constexpr int RtspReceiver::kAnswerMs;

RtspReceiver::RtspReceiver(std::unique_ptr<RtspClient> client, bool connected,
                           RtspExchange& exchange)
    : client_(std::move(client)), exchange_(exchange), backoff_ns_(kFirstBackoffNs) {
  thread_ = StartThread("rtsp", [this, connected] { Run(connected); });
}

RtspReceiver::~RtspReceiver() {
  exchange_.End();
  client_->Interrupt();
  thread_.join();
}

void RtspReceiver::Run(bool connected) {
  while (!exchange_.ending()) {
    if (connected || Connect()) Serve();
    connected = false;
    if (failures_ >= kMaxFailures) {
      exchange_.Lose();
      return;
    }
  }
}

bool RtspReceiver::Connect() {
  const int result = client_->Connect(kAnswerMs);
  if (result == DASHVOIP_RTSP_OK) {
    failures_ = 0;
    return true;
  }
  exchange_.Withdraw();
  exchange_.CountError();
  failures_ = result == DASHVOIP_RTSP_NO_STREAM ? 0 : failures_ + 1;
  if (failures_ < kMaxFailures) Rest();
  return false;
}

void RtspReceiver::Rest() {
  exchange_.Rest(backoff_ns_);
  backoff_ns_ = std::min(2 * backoff_ns_, kLastBackoffNs);
}

// One connection, and the quiet after it until something is wanted again.
void RtspReceiver::Serve() {
  std::vector<RtspTrack> tracks;
  std::vector<cl_track> table;
  for (const dashvoip_rtsp_track& track : client_->Tracks()) {
    tracks.emplace_back(track);
    table.push_back(tracks.back().info());
  }
  if (table.size() > CL_MAX_TRACKS) table.resize(CL_MAX_TRACKS);
  exchange_.Publish(table);
  const bool alive = !exchange_.AwaitWish(kLingerNs) || Receive(&tracks);
  client_->Disconnect();
  if (!alive) {
    exchange_.Withdraw();
    exchange_.CountError();
    Rest();
    return;
  }
  while (!exchange_.AwaitWish(kHeartbeatNs) && client_->ServerListens(kAnswerMs)) {
  }
}

// Reads until nothing is wanted any more. False when the stream ended by itself.
bool RtspReceiver::Receive(std::vector<RtspTrack>* tracks) {
  if (client_->Play(kAnswerMs) != DASHVOIP_RTSP_OK) return exchange_.ending();
  std::int64_t wished_ns = MonotonicNs();
  for (;;) {
    const std::int64_t now_ns = MonotonicNs();
    if (exchange_.Wished()) wished_ns = now_ns;
    if (now_ns - wished_ns > kLingerNs) return true;
    dashvoip_rtsp_packet packet;
    if (client_->Read(kSilenceMs, &packet) != DASHVOIP_RTSP_OK) return exchange_.ending();
    backoff_ns_ = kFirstBackoffNs;
    if (packet.track < tracks->size()) {
      exchange_.Deliver(packet.track, (*tracks)[packet.track].Take(packet));
    }
  }
}

}  // namespace dashvoip
