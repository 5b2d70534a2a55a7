#include "dashvoip/camera/netfifo_reader.h"

#include <algorithm>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace {

// A reader that is overtaken this often in a row yields: it is too slow for what comes.
constexpr int kMaxTries = 8;
constexpr std::uint32_t kMaxQueued = 256;
// The least delay rises by a thousandth of the time, so that a camera whose clock is slow does not
// look late for ever.
constexpr std::int64_t kDelayLeak = 1000;
constexpr std::int64_t kLeastLookNs = 10 * kNsPerMs;
constexpr std::int64_t kMostLookNs = 200 * kNsPerMs;
constexpr std::int64_t kDefaultLookNs = 50 * kNsPerMs;
// Looking for a key frame may not cost sound its turn.
constexpr std::int64_t kMostSkipNs = 60 * kNsPerMs;

std::int64_t LookInterval(const cl_track& track) {
  if (track.ticks_per_frame == 0 || track.timescale == 0) return kDefaultLookNs;
  const std::int64_t frame_ns = track.ticks_per_frame * kNsPerSecond / track.timescale;
  return std::max(kLeastLookNs, std::min(2 * frame_ns, kMostLookNs));
}

bool SameEntry(const netfifo::Entry& a, const netfifo::Entry& b) {
  // Numbers alone do not do: those of audio may stand still.
  return a.number == b.number && a.pts == b.pts && a.start == b.start && a.size == b.size;
}

}  // namespace

NetfifoReader::NetfifoReader(NetfifoSession& session, const netfifo::Track& track, cl_stats& stats)
    : session_(&session),
      stats_(&stats),
      track_(track),
      look_interval_ns_(LookInterval(track.info)),
      continuity_(track.info.kind == CL_AUDIO, track.info.ticks_per_frame) {}

template <typename Call>
bool NetfifoReader::Rpc(Call call) {
  const bool done = session_->Rpc(call);
  stats_->rpc_us_max = std::max(stats_->rpc_us_max, session_->last_rpc_us());
  return done;
}

int NetfifoReader::Start(bool from_idr) {
  const auto begin = from_idr ? netfifo::Begin::kQueuedKeyFrame : netfifo::Begin::kNextFrame;
  const bool created = Rpc([this, begin] {
    return netfifo::CreateReader(track_, session_->event_handle(), begin, &fifo_);
  });
  if (!created) {
    ++stats_->rpc_errors;
    fifo_ = netfifo::Fifo{};
    return CL_NOSTREAM;
  }
  session_->Watch(track_.info.id, netfifo::ToId(fifo_));
  session_->BeginUse();
  continuity_.Restart();
  delay_known_ = false;
  caught_up_ = false;
  look_at_ns_ = 0;
  // Where the length of a group of pictures is unknown, more than one key frame may be queued.
  if (from_idr && track_.info.gop == 0) SkipToNewestKeyFrame();
  return CL_OK;
}

void NetfifoReader::Stop(unsigned status) {
  if (!started()) return;
  session_->Unwatch(track_.info.id);
  Rpc([this] { return netfifo::Delete(fifo_); });
  fifo_ = netfifo::Fifo{};
  session_->EndUse(status);
}

bool NetfifoReader::Peek(netfifo::Entry* out) {
  return Rpc([this, out] { return netfifo::PeekOldest(fifo_, 0, out); });
}

bool NetfifoReader::Remove(unsigned entries) {
  if (Rpc([this, entries] { return netfifo::Remove(fifo_, entries); })) return true;
  ++stats_->rpc_errors;
  return false;
}

// The ring is overwritten under a slow reader. The copy is whole only if the entry is still the
// oldest one after it.
bool NetfifoReader::CopyUntorn(const netfifo::Entry& entry, void* buffer, bool* wrapped) {
  *wrapped = netfifo::CopyOut(track_.ring, entry.start, entry.size, buffer);
  netfifo::Entry after;
  if (Peek(&after) && SameEntry(entry, after)) return true;
  ++stats_->torn;
  return false;
}

// A frame that comes about as long after its PTS as the fastest ones is the newest. Then the RPC
// that would only find the FIFO empty is saved; a wrong guess costs waiting until the next event.
void NetfifoReader::NoteDelay(std::uint64_t pts, bool jumped) {
  const std::uint32_t scale = track_.info.timescale;
  const std::int64_t frame_ns = track_.info.ticks_per_frame * kNsPerSecond / scale;
  // Modulo 2^64: a damaged PTS gives a wrong guess and no overflow.
  const std::uint64_t pts_ns = pts / scale * kNsPerSecond + pts % scale * kNsPerSecond / scale;
  const auto delay_ns =
      static_cast<std::int64_t>(static_cast<std::uint64_t>(MonotonicNs()) - pts_ns);
  if (!delay_known_ || jumped || delay_ns < least_delay_ns_) least_delay_ns_ = delay_ns;
  caught_up_ = delay_known_ &&
               static_cast<std::uint64_t>(delay_ns) - static_cast<std::uint64_t>(least_delay_ns_) <
                   static_cast<std::uint64_t>(frame_ns) / 2;
  delay_known_ = true;
  least_delay_ns_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(least_delay_ns_) +
                                              static_cast<std::uint64_t>(frame_ns / kDelayLeak));
}

void NetfifoReader::Describe(const netfifo::Entry& entry, bool wrapped, cl_frame* out) {
  const std::uint32_t lost = continuity_.Next(entry.number, entry.pts);
  if (lost > 0) ++stats_->seq_gaps;
  NoteDelay(entry.pts, lost == FrameContinuity::kUnknown);
  *out = cl_frame{};
  out->track = track_.info.id;
  out->gen = track_.info.gen;
  out->seq = entry.number;
  out->pts = entry.pts;
  out->size = entry.size;
  out->type = static_cast<std::uint8_t>(entry.type);
  out->complete = entry.complete ? 1 : 0;
  out->wrapped = wrapped ? 1 : 0;
  out->lost = static_cast<std::uint8_t>(lost);
  ++stats_->frames;
  stats_->bytes += entry.size;
}

// An entry that the camera does not take back would be read again and again, and a frame delivered
// twice: it waits for the next look.
int NetfifoReader::LookLater() {
  look_at_ns_ = MonotonicNs() + look_interval_ns_;
  return CL_AGAIN;
}

int NetfifoReader::Read(void* buffer, std::uint32_t capacity, cl_frame* out) {
  if (caught_up_) {
    caught_up_ = false;
    return CL_AGAIN;
  }
  for (int tries = 0; tries < kMaxTries; ++tries) {
    netfifo::Entry entry;
    if (!Peek(&entry)) return CL_AGAIN;
    if (entry.mark == netfifo::Mark::kEos) {
      if (!Remove(1)) return LookLater();
      *out = cl_frame{};
      out->track = track_.info.id;
      out->gen = track_.info.gen;
      out->type = CL_F_EOS;
      return CL_OK;
    }
    if (!netfifo::Holds(track_.ring, entry.start, entry.size)) {
      ++stats_->rpc_errors;
      if (!Remove(1)) return LookLater();
      continue;
    }
    if (entry.size > capacity) {
      ++stats_->oversize;
      return Remove(1) ? CL_TOOSMALL : LookLater();
    }
    // The stream's end is known but not yet told: its memory may go any moment.
    if (session_->ending()) return CL_AGAIN;
    bool wrapped = false;
    if (!CopyUntorn(entry, buffer, &wrapped)) continue;
    if (!Remove(1)) return LookLater();
    Describe(entry, wrapped, out);
    return CL_OK;
  }
  look_at_ns_ = 0;
  return CL_AGAIN;
}

void NetfifoReader::SkipToNewestKeyFrame() {
  netfifo::Entry entry;
  const auto newest = [this, &entry](unsigned distance) {
    return Rpc([&] { return netfifo::PeekNewest(fifo_, distance, &entry); });
  };
  const std::int64_t until_ns = MonotonicNs() + kMostSkipNs;
  unsigned distance = 0;
  while (distance < kMaxQueued && newest(distance) && entry.type != CL_F_IDR &&
         MonotonicNs() < until_ns) {
    ++distance;
  }
  netfifo::Entry oldest;
  if (entry.type != CL_F_IDR || !Peek(&oldest)) return;
  // By number, not by distance: new frames arrive meanwhile.
  const std::uint32_t older = entry.number - oldest.number;
  if (older > 0 && older < kMaxQueued) Remove(older);
}

}  // namespace dashvoip
