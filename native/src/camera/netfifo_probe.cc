#include "dashvoip/camera/netfifo_probe.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "dashvoip/base/time_units.h"
#include "dashvoip/video/annexb.h"

namespace dashvoip {
namespace {

constexpr std::size_t kMaxTimes = 8192;
constexpr std::int64_t kTableLookNs = 50 * kNsPerMs;
constexpr std::int64_t kReadLookNs = 10 * kNsPerMs;
constexpr std::int64_t kStalledLookNs = 100 * kNsPerMs;
// A queue that held no more for so long is full: all its entries are taken, or its bytes are. No
// longer than needed: where the newest are dropped, other readers get nothing meanwhile.
constexpr std::int64_t kNoEntryNs = 300 * kNsPerMs;
constexpr std::int64_t kNoBytesNs = 1200 * kNsPerMs;

std::uint32_t FramesPerSecond(const TrackFormat& track) {
  return track.ticks_per_frame > 0 ? track.timescale / track.ticks_per_frame : 0;
}

double Seconds(std::int64_t ns) { return static_cast<double>(ns) / kNsPerSecond; }

// Where SDKs differ, as far as a header tells.
NetfifoHeader HeaderFacts() {
  NetfifoHeader header;
  header.entry_bytes = sizeof(AMBA_NETFIFO_BITS_DESC_s);
  header.track_bytes = sizeof(AMBA_NETFIFO_MEDIA_TRACK_CFG_s);
  header.config_bytes = sizeof(AMBA_NETFIFO_CFG_s);
  header.stream_list_bytes = sizeof(AMBA_NETFIFO_MEDIA_STREAMID_LIST_s);
  header.handle_bytes = sizeof(netfifo::Fifo);
  const bool is_pointer = std::is_pointer<netfifo::Fifo>::value;
  header.handle = is_pointer ? FifoHandle::kPointer : FifoHandle::kNumber;
  header.op_set_live_bitrate = AMBA_NETFIFO_PLAYBACK_OP_SET_LIVE_BITRATE;
  header.op_receiver_report = AMBA_NETFIFO_PLAYBACK_OP_SEND_RR_STAT;
  return header;
}

TrackKind KindOf(std::uint32_t kind) {
  switch (kind) {
    case CL_VIDEO:
      return TrackKind::kVideo;
    case CL_AUDIO:
      return TrackKind::kAudio;
    default:
      return TrackKind::kText;
  }
}

TrackCodec CodecOf(std::uint32_t codec) {
  switch (codec) {
    case CL_H264:
      return TrackCodec::kH264;
    case CL_H265:
      return TrackCodec::kH265;
    case CL_AAC_RAW:
      return TrackCodec::kAac;
    case CL_PCM_S16LE:
      return TrackCodec::kPcm;
    case CL_OPUS:
      return TrackCodec::kOpus;
    case CL_MJPEG:
      return TrackCodec::kMjpeg;
    default:
      return TrackCodec::kOther;
  }
}

std::vector<std::uint8_t> BitsSet(std::uint64_t bits) {
  std::vector<std::uint8_t> set;
  for (std::uint8_t bit = 0; bit < 64; ++bit) {
    if ((bits >> bit & 1) != 0) set.push_back(bit);
  }
  return set;
}

}  // namespace

TrackFormat FormatOf(const cl_track& track) {
  TrackFormat format;
  format.kind = KindOf(track.kind);
  format.codec = CodecOf(track.codec);
  format.media_id = track.vendor_id;
  format.timescale = track.timescale;
  format.ticks_per_frame = track.ticks_per_frame;
  format.init_delay_ms = track.init_delay_ms;
  if (track.kind == CL_VIDEO) {
    format.width = track.width;
    format.height = track.height;
    format.gop = track.gop;
  }
  if (track.kind == CL_AUDIO) {
    format.sample_rate = track.sample_rate;
    format.channels = track.channels;
    format.bits = track.bits;
  }
  return format;
}

Optional<CameraClock> ClockOf(const LineFit& fit, double seconds) {
  if (fit.Slope() <= 0 || seconds <= 0) return {};
  CameraClock clock;
  clock.seconds = seconds;
  clock.drift_ppm = (1 / fit.Slope() - 1) * 1e6;
  clock.spread_us = fit.Spread() * 1e6;
  return clock;
}

void LatencyLog::Add(std::uint32_t us) {
  if (us_.size() < kMaxTimes) us_.push_back(us);
}

RpcLatency LatencyLog::Summary() const {
  RpcLatency summary;
  if (us_.empty()) return summary;
  std::vector<std::uint32_t> sorted = us_;
  std::sort(sorted.begin(), sorted.end());
  summary.count = static_cast<std::uint32_t>(sorted.size());
  summary.min_us = sorted.front();
  summary.median_us = sorted[sorted.size() / 2];
  summary.max_us = sorted.back();
  return summary;
}

NetfifoProbe::NetfifoProbe(const CameraProbeSettings& settings, std::uint32_t wait_ms,
                           ProbeDesk& desk)
    : settings_(settings), wait_ms_(wait_ms), desk_(desk), session_(NetfifoSession::Instance()) {}

void NetfifoProbe::Run() {
  desk_.Stage("connecting to the camera");
  const int opened = session_.Open();
  if (opened != CL_OK) {
    desk_.Edit([opened](CameraReport* report) { report->error = cl_strerror(opened); });
    return;
  }
  desk_.Edit([](CameraReport* report) {
    report->connected = true;
    report->header = HeaderFacts();
  });
  FindTracks();
  if (!watched_.empty()) WatchStream();
  TrySpeaker();
  desk_.Stage("disconnecting");
  session_.Close();
}

// Tracks ------------------------------------------------------------------------------------------

void NetfifoProbe::FindTracks() {
  desk_.Stage("asking for the track table");
  const std::int64_t until_ns = MonotonicNs() + wait_ms_ * kNsPerMs;
  bool answered = false;
  do {
    answered = Rpc(&table_latency_, [this] { return netfifo::LiveTracks(&table_); });
    if (!table_.empty() || desk_.quitting()) break;
    session_.Wait(MonotonicNs() + kTableLookNs);
    session_.Take();
  } while (MonotonicNs() < until_ns);
  for (std::size_t i = 0; i < table_.size(); ++i) {
    Watched watched;
    watched.track = table_[i];
    ProbedTrack& found = watched.found;
    static_cast<TrackFormat&>(found) = FormatOf(table_[i].info);
    found.id = static_cast<std::uint32_t>(i);
    found.told_timescale = table_[i].told_timescale;
    if (found.kind == TrackKind::kAudio) found.told_channels = table_[i].told_channels;
    if (found.kind == TrackKind::kVideo) found.key_frames = 0U;
    found.ring_bytes = table_[i].ring.size;
    watched_.push_back(watched);
  }
  desk_.Edit([this, answered](CameraReport* report) {
    report->encoding = !table_.empty();
    report->rpc.track_table = table_latency_.Summary();
    if (!answered) report->error = "the camera refuses its track table";
  });
  Publish();
}

void NetfifoProbe::WatchStream() {
  desk_.Stage("opening readers");
  session_.BeginUse();
  if (OpenReaders()) {
    desk_.Stage("reading the live stream");
    Stall();
    const std::int64_t until_ns = MonotonicNs() + settings_.watch_ms * kNsPerMs;
    bool undecided = true;
    for (std::int64_t now_ns = MonotonicNs(); now_ns < until_ns && !desk_.quitting();
         now_ns = MonotonicNs()) {
      session_.Wait(now_ns + kReadLookNs);
      if (StreamEnded()) break;
      for (Watched& watched : watched_) ReadAll(&watched);
      undecided = undecided && LookAtStalled(MonotonicNs());
      Publish();
    }
  }
  CloseReaders();
  session_.EndUse(AMBA_NETFIFO_STATUS_END);
}

bool NetfifoProbe::StreamEnded() {
  const NetfifoSignals signals = session_.Take();
  const bool ended = signals.lost || (signals.has_command &&
                                      (signals.command == AMBA_NETFIFO_CMD_STOPENC ||
                                       signals.command == AMBA_NETFIFO_CMD_SWITCHENCSESSION));
  if (ended) {
    desk_.Edit([](CameraReport* report) {
      report->error = "the camera ended its stream while it was watched";
    });
  }
  return ended;
}

bool NetfifoProbe::OpenReaders() {
  for (std::uint32_t slot = 0; slot < watched_.size(); ++slot) {
    Watched& watched = watched_[slot];
    const bool created = Rpc(nullptr, [&] {
      return netfifo::CreateReader(watched.track, session_.event_handle(),
                                   netfifo::Begin::kNextFrame, &watched.fifo);
    });
    if (!created) {
      desk_.Edit([](CameraReport* report) { report->error = "the camera gives no FIFO"; });
      return false;
    }
    session_.Watch(slot, netfifo::ToId(watched.fifo));
  }
  return true;
}

void NetfifoProbe::CloseReaders() {
  for (std::uint32_t slot = 0; slot < watched_.size(); ++slot) {
    session_.Unwatch(slot);
    const netfifo::Fifo fifo = watched_[slot].fifo;
    if (fifo != netfifo::Fifo{}) Rpc(nullptr, [fifo] { return netfifo::Delete(fifo); });
  }
  const netfifo::Fifo stalled = stalled_.fifo;
  if (stalled != netfifo::Fifo{}) Rpc(nullptr, [stalled] { return netfifo::Delete(stalled); });
  stalled_.fifo = netfifo::Fifo{};
}

void NetfifoProbe::ReadAll(Watched* watched) {
  netfifo::Entry entry;
  while (!desk_.quitting() &&
         Rpc(&peek_latency_, [&] { return netfifo::PeekOldest(watched->fifo, 0, &entry); })) {
    if (entry.mark == netfifo::Mark::kNone) {
      Note(entry, MonotonicNs(), watched);
      Copy(entry, watched);
    }
    if (!Rpc(&remove_latency_, [&] { return netfifo::Remove(watched->fifo, 1); })) break;
  }
  Conclude(watched);
}

void NetfifoProbe::Note(const netfifo::Entry& entry, std::int64_t now_ns, Watched* watched) {
  ProbedTrack& found = watched->found;
  ++found.frames;
  found.bytes += entry.size;
  found.largest_frame = std::max(found.largest_frame, entry.size);
  if (entry.type == CL_F_IDR && found.key_frames) ++*found.key_frames;
  const std::uint64_t second = found.timescale;
  const bool jumped =
      watched->began && (entry.pts < watched->last_pts || entry.pts - watched->last_pts > second);
  if (watched->began && entry.number != watched->last_number + 1) ++found.sequence_gaps;
  if (jumped) ++found.pts_jumps;
  if (!watched->began || jumped) {
    watched->fit = LineFit();
    watched->first_pts = entry.pts;
  }
  watched->began = true;
  watched->last_number = entry.number;
  watched->last_pts = entry.pts;
  watched->fit.Add(static_cast<double>(entry.pts) / found.timescale, Seconds(now_ns));
}

void NetfifoProbe::Copy(const netfifo::Entry& entry, Watched* watched) {
  ProbedTrack& found = watched->found;
  const netfifo::Ring& ring = watched->track.ring;
  if (!netfifo::Holds(ring, entry.start, entry.size)) {
    ++found.outside_ring;
    return;
  }
  if (frame_.size() < entry.size) frame_.resize(entry.size);
  const std::int64_t began_ns = MonotonicNs();
  if (netfifo::CopyOut(ring, entry.start, entry.size, frame_.data())) ++found.wraps;
  found.copied_s += Seconds(MonotonicNs() - began_ns);
  found.copied_bytes += entry.size;
  const bool h265 = found.codec == TrackCodec::kH265;
  if (!h265 && found.codec != TrackCodec::kH264) return;
  AnnexBReader reader(frame_.data(), entry.size);
  // ITU-T H.265 7.3.1.2: six bits above the layer's; H.264 7.3.1: the lower five.
  for (NalUnit unit; reader.Next(&unit);) {
    watched->nal_types |= std::uint64_t{1} << (h265 ? unit.data[0] >> 1 & 0x3f : unit.type());
  }
}

void NetfifoProbe::Conclude(Watched* watched) {
  if (!watched->began) return;
  ProbedTrack& found = watched->found;
  const double newest = static_cast<double>(watched->last_pts) / found.timescale;
  found.watched_s = newest - static_cast<double>(watched->first_pts) / found.timescale;
  found.clock = ClockOf(watched->fit, found.watched_s);
  found.pts_origin_s = {};
  if (found.clock) found.pts_origin_s = watched->fit.At(newest) - newest;
  if (found.kind == TrackKind::kVideo) found.nal_types = BitsSet(watched->nal_types);
}

void NetfifoProbe::Publish() {
  desk_.Edit([this](CameraReport* report) {
    report->tracks.clear();
    for (const Watched& watched : watched_) report->tracks.push_back(watched.found);
    report->rpc.peek = peek_latency_.Summary();
    report->rpc.remove = remove_latency_.Summary();
    report->overflow = stalled_.found;
  });
}

// Overflow ----------------------------------------------------------------------------------------

// On the track with the most frames, whose queue is full first.
void NetfifoProbe::Stall() {
  const Watched& beside =
      *std::max_element(watched_.begin(), watched_.end(), [](const Watched& a, const Watched& b) {
        return FramesPerSecond(a.found) < FramesPerSecond(b.found);
      });
  stalled_.found.track = beside.found.id;
  const bool created = Rpc(nullptr, [this, &beside] {
    return netfifo::CreateReader(beside.track, session_.event_handle(), netfifo::Begin::kNextFrame,
                                 &stalled_.fifo);
  });
  if (!created) stalled_.fifo = netfifo::Fifo{};
  stalled_.began_ns = MonotonicNs();
  stalled_.grew_ns = stalled_.began_ns;
}

// @return whether it is worth looking again.
bool NetfifoProbe::LookAtStalled(std::int64_t now_ns) {
  if (stalled_.fifo == netfifo::Fifo{}) return false;
  if (now_ns < stalled_.look_ns) return true;
  stalled_.look_ns = now_ns + kStalledLookNs;
  std::uint32_t frames_beside = 0;
  for (const Watched& watched : watched_) frames_beside += watched.found.frames;
  netfifo::FillLevel fill;
  netfifo::Entry oldest;
  netfifo::Entry newest;
  const bool seen = Rpc(nullptr, [&] {
    return netfifo::FillOf(stalled_.fifo, &fill) &&
           (fill.waiting == 0 || (netfifo::PeekOldest(stalled_.fifo, 0, &oldest) &&
                                  netfifo::PeekNewest(stalled_.fifo, 0, &newest)));
  });
  if (!seen) return true;
  ProbedOverflow& found = stalled_.found;
  found.drops = OverflowPolicy::kNotReached;
  found.total_entries = fill.total;
  if (fill.waiting > found.held_entries) {
    found.held_entries = fill.waiting;
    found.seconds = Seconds(now_ns - stalled_.began_ns);
    stalled_.grew_ns = now_ns;
    stalled_.oldest_pts = oldest.pts;
    stalled_.frames_beside = frames_beside;
    return true;
  }
  // A stream that ended fills nothing.
  const bool all_taken = found.held_entries >= fill.total;
  const bool others_go_on = frames_beside > stalled_.frames_beside + 1;
  const bool full = found.held_entries > 0 && (all_taken || others_go_on) &&
                    now_ns - stalled_.grew_ns >= (all_taken ? kNoEntryNs : kNoBytesNs);
  if (!full) return true;
  // By PTS: the numbers of sound cannot be trusted.
  found.drops =
      oldest.pts != stalled_.oldest_pts ? OverflowPolicy::kOldest : OverflowPolicy::kNewest;
  const netfifo::Fifo fifo = stalled_.fifo;
  Rpc(nullptr, [fifo] { return netfifo::Delete(fifo); });
  stalled_.fifo = netfifo::Fifo{};
  return false;
}

}  // namespace dashvoip
