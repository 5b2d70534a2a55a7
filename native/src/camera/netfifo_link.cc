#include "dashvoip/camera/netfifo_link.h"

#include <algorithm>
#include <limits>

#include "dashvoip/base/realtime_section.h"
#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

// STARTENC may come some hundred ms before there are tracks.
constexpr std::int64_t kFirstTableLookNs = 25 * kNsPerMs;
constexpr std::int64_t kLastTableLookNs = 2 * kNsPerSecond;
// While a stream is up: whether it still is, should STOPENC have been lost.
constexpr std::int64_t kHeartbeatNs = 5 * kNsPerSecond;
// A camera that refuses its own track table this often in a row is gone.
constexpr int kMaxFailedLooks = 3;

bool Tell(cl_wake* wake, cl_event event, std::uint32_t arg = 0) {
  wake->ev = event;
  wake->arg = arg;
  return true;
}

}  // namespace

int OpenNetfifoLink(std::unique_ptr<camlink>* out) {
  NetfifoSession& session = NetfifoSession::Instance();
  const int result = session.Open();
  if (result == CL_OK) out->reset(new NetfifoLink(session));
  return result;
}

NetfifoLink::NetfifoLink(NetfifoSession& session)
    : session_(session), player_(session), table_backoff_ns_(kFirstTableLookNs) {}

NetfifoLink::~NetfifoLink() {
  for (NetfifoReader& reader : readers_) reader.Stop(AMBA_NETFIFO_STATUS_END);
  player_.Close();
  session_.Close();
}

int NetfifoLink::Caps(std::uint32_t* caps) {
  *caps = player_.is_open() ? unsigned{CL_CAP_PLAY} : 0U;
  return CL_OK;
}

int NetfifoLink::Wait(int timeout_ms, cl_wake* wake) {
  const std::int64_t deadline_ns = timeout_ms < 0 ? std::numeric_limits<std::int64_t>::max()
                                                  : MonotonicNs() + timeout_ms * kNsPerMs;
  for (;;) {
    const std::int64_t now_ns = MonotonicNs();
    if (NextEvent(now_ns, wake)) return CL_OK;
    if (now_ns >= deadline_ns) break;
    session_.Wait(std::min(deadline_ns, NextLook()));
  }
  Tell(wake, CL_EV_NONE);
  return CL_OK;
}

bool NetfifoLink::NextEvent(std::int64_t now_ns, cl_wake* wake) {
  const NetfifoSignals signals = session_.Take();
  data_ |= signals.data;
  eos_ |= signals.eos;
  lost_ = lost_ || signals.lost;
  interrupted_ = interrupted_ || signals.interrupted;
  if (lost_) return Tell(wake, CL_EV_LINK);
  if (NextEos(wake)) return true;
  if (signals.has_command && OnCommand(signals.command, now_ns, wake)) return true;
  if (now_ns >= table_look_ns_ && LookAtTracks(now_ns, wake)) return true;
  if (interrupted_) {
    interrupted_ = false;
    return Tell(wake, CL_EV_NONE);
  }
  return NextData(now_ns, wake);
}

bool NetfifoLink::OnCommand(unsigned command, std::int64_t now_ns, cl_wake* wake) {
  switch (command) {
    case AMBA_NETFIFO_CMD_STARTENC:
      // Also when a stream is up: is it still the same one?
      table_backoff_ns_ = kFirstTableLookNs;
      table_look_ns_ = now_ns;
      return false;
    case AMBA_NETFIFO_CMD_STOPENC:
      table_backoff_ns_ = kLastTableLookNs;
      return TakeDown(AMBA_NETFIFO_STATUS_END, now_ns, wake);
    case AMBA_NETFIFO_CMD_SWITCHENCSESSION:
      table_backoff_ns_ = kFirstTableLookNs;
      return TakeDown(AMBA_NETFIFO_STATUS_SWITCHENCSESSION, now_ns, wake);
    case AMBA_NETFIFO_CMD_RELEASE:
      lost_ = true;
      return Tell(wake, CL_EV_LINK);
    default:
      return false;
  }
}

bool NetfifoLink::LookAtTracks(std::int64_t now_ns, cl_wake* wake) {
  if (session_.Rpc([this] { return netfifo::LiveTracks(&table_); })) {
    failed_looks_ = 0;
    return OnTable(table_, now_ns, wake);
  }
  ++stats_.rpc_errors;
  table_look_ns_ = now_ns + kFirstTableLookNs;
  lost_ = ++failed_looks_ >= kMaxFailedLooks;
  return lost_ && Tell(wake, CL_EV_LINK);
}

bool NetfifoLink::OnTable(const std::vector<netfifo::Track>& table, std::int64_t now_ns,
                          cl_wake* wake) {
  const bool up = !readers_.empty();
  if (up && !SameStream(table)) {
    // Another stream, or none, and nobody told: its end comes first, its successor at once.
    table_backoff_ns_ = 0;
    return TakeDown(AMBA_NETFIFO_STATUS_END, now_ns, wake);
  }
  if (up || !table.empty()) {
    table_look_ns_ = now_ns + kHeartbeatNs;
    if (up) return false;
    const RealtimePause set_up;
    TakeUp(table);
    return Tell(wake, CL_EV_UP);
  }
  table_look_ns_ = now_ns + table_backoff_ns_;
  table_backoff_ns_ =
      std::min(std::max(2 * table_backoff_ns_, kFirstTableLookNs), kLastTableLookNs);
  return false;
}

bool NetfifoLink::NextEos(cl_wake* wake) {
  for (std::uint32_t track = 0; track < readers_.size(); ++track) {
    const std::uint32_t bit = 1U << track;
    if ((eos_ & bit) == 0) continue;
    eos_ &= ~bit;
    return Tell(wake, CL_EV_EOS, track);
  }
  return false;
}

bool NetfifoLink::NextData(std::int64_t now_ns, cl_wake* wake) {
  for (std::uint32_t track = 0; track < readers_.size(); ++track) {
    NetfifoReader& reader = readers_[track];
    const std::uint32_t bit = 1U << track;
    if (!reader.started()) continue;
    if ((data_ & bit) != 0 || now_ns >= reader.look_at_ns()) {
      data_ &= ~bit;
      reader.Told(now_ns);
      return Tell(wake, CL_EV_DATA, track);
    }
  }
  return false;
}

void NetfifoLink::TakeUp(const std::vector<netfifo::Track>& table) {
  ++generation_;
  for (netfifo::Track track : table) {
    track.info.id = static_cast<std::uint32_t>(readers_.size());
    track.info.gen = generation_;
    readers_.emplace_back(session_, track, stats_);
  }
}

// Tells CL_EV_DOWN if a stream was up; the table is looked at after the back-off set before.
bool NetfifoLink::TakeDown(unsigned status, std::int64_t now_ns, cl_wake* wake) {
  const RealtimePause set_up;
  const bool up = !readers_.empty();
  for (NetfifoReader& reader : readers_) reader.Stop(status);
  session_.EndStream(status);
  readers_.clear();
  data_ = 0;
  eos_ = 0;
  table_look_ns_ = now_ns + table_backoff_ns_;
  return up && Tell(wake, CL_EV_DOWN);
}

bool NetfifoLink::SameStream(const std::vector<netfifo::Track>& table) const {
  return std::equal(readers_.begin(), readers_.end(), table.begin(), table.end(),
                    [](const NetfifoReader& reader, const netfifo::Track& track) {
                      const netfifo::Track& known = reader.track();
                      return known.codec == track.codec && known.ring.base == track.ring.base &&
                             known.info.vendor_id == track.info.vendor_id &&
                             known.info.width == track.info.width &&
                             known.info.height == track.info.height &&
                             known.info.sample_rate == track.info.sample_rate &&
                             known.info.channels == track.info.channels;
                    });
}

std::int64_t NetfifoLink::NextLook() const {
  std::int64_t look_ns = table_look_ns_;
  for (const NetfifoReader& reader : readers_) {
    if (reader.started()) look_ns = std::min(look_ns, reader.look_at_ns());
  }
  return look_ns;
}

NetfifoReader* NetfifoLink::Reader(std::uint32_t track) {
  return track < readers_.size() ? &readers_[track] : nullptr;
}

int NetfifoLink::Tracks(cl_track* out, int max) {
  if (lost_) return CL_LINK;
  const int count = std::min(max, static_cast<int>(readers_.size()));
  for (int i = 0; i < count; ++i) out[i] = readers_[static_cast<std::size_t>(i)].track().info;
  return count;
}

int NetfifoLink::Start(std::uint32_t track, bool from_idr) {
  NetfifoReader* const reader = Reader(track);
  if (reader == nullptr) return Missing();
  return reader->started() ? CL_BADARG : reader->Start(from_idr);
}

int NetfifoLink::Stop(std::uint32_t track) {
  NetfifoReader* const reader = Reader(track);
  if (reader == nullptr) return Missing();
  reader->Stop(AMBA_NETFIFO_STATUS_END);
  return CL_OK;
}

int NetfifoLink::Read(std::uint32_t track, void* buffer, std::uint32_t capacity, cl_frame* out) {
  NetfifoReader* const reader = Reader(track);
  if (reader == nullptr) return Missing();
  return reader->started() ? reader->Read(buffer, capacity, out) : CL_BADARG;
}

int NetfifoLink::Stat(cl_stats* out) {
  *out = stats_;
  return CL_OK;
}

}  // namespace dashvoip
