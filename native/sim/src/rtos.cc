#include "rtos.h"

#include <sstream>
#include <utility>

#include "AmbaNetFifo.h"

namespace dashvoip {
namespace sim {
namespace {

constexpr int kFailed = -1;
constexpr std::uint32_t kEntries = 256;
// Not 0 and not an index: a client must pass on what the list says.
constexpr std::uint32_t kLiveStreamId = 2;

}  // namespace

Rtos::Rtos(const Options& options)
    : exclusive_(options.rpc.exclusive),
      read_cost_us_per_kib_(options.rpc.read_cost_us_per_kib),
      memory_({options.ring_size, options.audio_ring_size, options.stream_in_ring_size}),
      events_(options.events),
      fifos_(&events_),
      encoder_(options.encoder, memory_.region(0), memory_.region(1), &fifos_, &events_),
      speaker_(options.speaker, memory_.region(2), &fifos_) {
  // Before anybody can connect, and so before any thread has to be fast.
  encoder_.Begin(std::chrono::steady_clock::now());
  encoder_thread_ = std::thread([this] { encoder_.Run(&mutex_); });
  speaker_thread_ = std::thread([this] { speaker_.Run(&mutex_); });
}

Rtos::~Rtos() { Stop(); }

void Rtos::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    encoder_.Quit();
    speaker_.Quit();
  }
  if (encoder_thread_.joinable()) encoder_thread_.join();
  if (speaker_thread_.joinable()) speaker_thread_.join();
}

std::uint32_t Rtos::Attach(Fd events) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (exclusive_ && !clients_.empty()) return 0;
  const std::uint32_t client = events_.Add(std::move(events));
  clients_.insert(client);
  ++clients_seen_;
  return client;
}

void Rtos::Detach(std::uint32_t client) {
  const std::lock_guard<std::mutex> lock(mutex_);
  fifos_.RemoveOfClient(client);
  encoder_.ClientGone(client);
  events_.Remove(client);
  clients_.erase(client);
}

wire::Greeting Rtos::Greet(std::uint32_t client) const {
  wire::Greeting greeting = {};
  greeting.version = wire::kVersion;
  greeting.event_handle = client;
  greeting.read_cost_us_per_kib = read_cost_us_per_kib_;
  memory_.Describe(&greeting);
  return greeting;
}

int Rtos::GetDefaultConfig(wire::Config* config) {
  config->entries = kEntries;
  config->is_virtual = 1;
  config->ticks_per_second = 90000;
  return 0;
}

int Rtos::Create(std::uint32_t client, const wire::Config& config, wire::Created* created) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Fifo fifo = {client, config.event_handle, config.consumed_threshold, nullptr};
  created->first_pts = ~UINT64_C(0);
  if (config.is_virtual == 0) return kFailed;
  if (!speaker_.enabled() || config.codec != Speaker::kCodec) {
    const EncoderTrack* track = encoder_.FindCodec(config.codec);
    if (track == nullptr) return kFailed;
    fifo.reader.reset(new VirtualFifo(track->fifo(), config, track->pts_scale()));
    created->first_pts = fifo.reader->first_pts();
    created->waiting_ms = fifo.reader->waiting_ms();
  }
  created->handle = fifos_.Add(std::move(fifo));
  return created->handle == 0 ? kFailed : 0;
}

int Rtos::Delete(std::uint64_t handle) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return fifos_.Remove(handle) ? 0 : kFailed;
}

int Rtos::EraseAll(std::uint64_t handle) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Fifo* fifo = fifos_.Find(handle);
  if (fifo == nullptr) return kFailed;
  fifo->reader ? fifo->reader->EraseAll() : speaker_.EraseAll();
  return 0;
}

int Rtos::GetInfo(std::uint64_t handle, wire::FifoInfo* info) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Fifo* fifo = fifos_.Find(handle);
  if (fifo == nullptr) return kFailed;
  *info = fifo->reader ? wire::FifoInfo{fifo->reader->base().capacity(), fifo->reader->available()}
                       : speaker_.Info();
  return 0;
}

int Rtos::Peek(const wire::Entry& entry, bool reverse, wire::Descriptor* descriptor) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Fifo* fifo = fifos_.Find(entry.handle);
  if (fifo == nullptr || !fifo->reader) return kFailed;
  const wire::Descriptor* found =
      reverse ? fifo->reader->RevPeek(entry.number) : fifo->reader->Peek(entry.number);
  if (found == nullptr) return kFailed;
  *descriptor = *found;
  return 0;
}

int Rtos::Remove(const wire::Entry& entry, wire::Removed* removed) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Fifo* fifo = fifos_.Find(entry.handle);
  if (fifo == nullptr || !fifo->reader) return kFailed;
  return fifo->reader->Remove(entry.number, &removed->bytes) ? 0 : kFailed;
}

int Rtos::Prepare(std::uint64_t handle, wire::Descriptor* descriptor) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Fifo* fifo = fifos_.Find(handle);
  if (fifo == nullptr || fifo->reader) return kFailed;
  *descriptor = speaker_.Prepare();
  return 0;
}

int Rtos::Write(const wire::WriteRequest& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Fifo* fifo = fifos_.Find(request.handle);
  if (fifo == nullptr || fifo->reader) return kFailed;
  return speaker_.Write(request.descriptor) ? 0 : kFailed;
}

int Rtos::GetStreamIds(wire::StreamIds* ids) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (encoder_.tracks().empty()) return 0;
  ids->amount = 1;
  ids->ids[0] = kLiveStreamId;
  return 0;
}

int Rtos::GetMediaInfo(std::uint32_t stream_id, wire::MovieInfo* info) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (stream_id == AMBA_NETFIFO_STREAM_ID_STREAMIN) {
    *info = speaker_.MovieInfo();
    return 0;
  }
  if (stream_id != kLiveStreamId) return kFailed;
  for (const auto& track : encoder_.tracks()) info->tracks[info->count++] = track.description();
  return 0;
}

int Rtos::PlaybackOp(const wire::Parameters& in, wire::Parameters* out) {
  const std::lock_guard<std::mutex> lock(mutex_);
  switch (in.code) {
    // Answered with success on this generation, and nothing comes of it.
    case AMBA_NETFIFO_PLAYBACK_OP_SET_LIVE_BITRATE:
    case AMBA_NETFIFO_PLAYBACK_OP_SET_NET_BANDWIDTH:
    case AMBA_NETFIFO_PLAYBACK_OP_SEND_RR_STAT:
      out->code = 0;
      return 0;
    case AMBA_NETFIFO_PLAYBACK_OP_GET_LIVE_BITRATE:
    case AMBA_NETFIFO_PLAYBACK_OP_GET_LIVE_AVG_BITRATE:
      out->code = encoder_.bits_per_second();
      return 0;
    default:
      out->code = static_cast<std::uint32_t>(kFailed);
      return 0;
  }
}

int Rtos::ReportStatus(std::uint32_t client, std::uint32_t status) {
  const std::lock_guard<std::mutex> lock(mutex_);
  encoder_.ReportStatus(client, status);
  return 0;
}

int Rtos::StreamInMessage(const wire::Parameters& in, wire::Parameters* out) {
  const std::lock_guard<std::mutex> lock(mutex_);
  out->code = in.code;
  return speaker_.Message(in.code) ? 0 : kFailed;
}

std::string Rtos::CountersJson() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const EncoderCounters encoder = encoder_.counters();
  const SpeakerCounters& speaker = speaker_.counters();
  std::ostringstream json;
  json << "\"clients\":" << clients_seen_ << ",\"sessions\":" << encoder.sessions
       << ",\"videoFrames\":" << encoder.video_frames << ",\"audioFrames\":" << encoder.audio_frames
       << ",\"lostNew\":" << encoder.lost_new << ",\"evictedUnread\":" << encoder.evicted_unread
       << ",\"latestFrameUs\":" << encoder.latest_us << ",\"eventsSent\":" << events_.sent()
       << ",\"eventsLost\":" << events_.lost() << ",\"speaker\":{\"frames\":" << speaker.frames
       << ",\"samples\":" << speaker.samples << ",\"silentSamples\":" << speaker.silent_samples
       << ",\"underruns\":" << speaker.underruns << ",\"fileErrors\":" << speaker.file_errors
       << "}";
  return json.str();
}

}  // namespace sim
}  // namespace dashvoip
