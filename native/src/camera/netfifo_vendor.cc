#include "dashvoip/camera/netfifo_vendor.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace dashvoip {
namespace netfifo {
namespace {

// The header decides on layouts; this code relies on no more than what stands here.
static_assert(sizeof(AMBA_NETFIFO_BITS_DESC_s::SeqNum) == 4, "numbers of entries are u32 and wrap");
static_assert(sizeof(AMBA_NETFIFO_BITS_DESC_s::Pts) == 8, "PTS is 64 bits wide");
static_assert(sizeof(AMBA_NETFIFO_BITS_DESC_s::Size) == 4, "marks are told by 32-bit sizes");
static_assert(sizeof(AMBA_NETFIFO_BITS_DESC_s::StartAddr) >= sizeof(void*),
              "StartAddr holds an address of this process");
static_assert(sizeof(Fifo) <= sizeof(FifoId), "a handle fits into an event's pointer");
static_assert(sizeof(AMBA_NETFIFO_PLAYBACK_OP_PARAM_s::Param) >= 16,
              "a receiver report fits into an operation");

// The vendor's own habit: the limit of an outbound ring is one past its last
// byte, that of the stream-in ring is its last byte.
constexpr std::size_t kOutboundLimitAdds = 0;
constexpr std::size_t kStreamInLimitAdds = 1;

constexpr unsigned kEntries = 256;
constexpr unsigned kDefaultTimeScale = 90000;
constexpr unsigned kDefaultChannels = 2;
constexpr unsigned kDefaultBits = 16;
constexpr unsigned kSamplesPerFrame = 1024;

// Addresses are pointers in some SDKs and 64-bit numbers in others.
template <typename Address>
typename std::enable_if<std::is_pointer<Address>::value, std::uint8_t*>::type ToPointer(
    Address address) {
  return address;
}
template <typename Address>
typename std::enable_if<std::is_integral<Address>::value, std::uint8_t*>::type ToPointer(
    Address address) {
  return reinterpret_cast<std::uint8_t*>(static_cast<std::uintptr_t>(address));
}
template <typename Address>
typename std::enable_if<std::is_pointer<Address>::value>::type SetAddress(Address* out,
                                                                          std::uint8_t* address) {
  *out = address;
}
template <typename Address>
typename std::enable_if<std::is_integral<Address>::value>::type SetAddress(Address* out,
                                                                           std::uint8_t* address) {
  *out = static_cast<Address>(reinterpret_cast<std::uintptr_t>(address));
}

std::uint32_t CodecOf(unsigned media_id) {
  switch (media_id) {
    case AMP_FORMAT_MID_H264:
    case AMP_FORMAT_MID_AVC:
      return CL_H264;
    case AMP_FORMAT_MID_H265:
    case AMP_FORMAT_MID_HVC:
      return CL_H265;
    case AMP_FORMAT_MID_MJPEG:
      return CL_MJPEG;
    case AMP_FORMAT_MID_AAC:
      return CL_AAC_RAW;
    case AMP_FORMAT_MID_PCM:
      return CL_PCM_S16LE;
    case AMP_FORMAT_MID_OPUS:
      return CL_OPUS;
    default:
      return CL_OTHER;
  }
}

cl_ftype TypeOf(unsigned type) {
  switch (type) {
    case AMBA_FRAMEINFO_TYPE_IDR_FRAME:
      return CL_F_IDR;
    case AMBA_FRAMEINFO_TYPE_I_FRAME:
      return CL_F_I;
    case AMBA_FRAMEINFO_TYPE_P_FRAME:
      return CL_F_P;
    case AMBA_FRAMEINFO_TYPE_B_FRAME:
      return CL_F_B;
    case AMBA_FRAMEINFO_TYPE_AUDIO_FRAME:
      return CL_F_AUDIO;
    case AMBA_FRAMEINFO_TYPE_EOS:
      return CL_F_EOS;
    default:
      return CL_F_OTHER;
  }
}

void FillVideo(const AMBA_NETFIFO_VIDEO_TRACK_CFG_s& video, cl_track* out) {
  out->kind = CL_VIDEO;
  out->width = video.nWidth;
  out->height = video.nHeight;
  out->gop = video.nGOPSize;
}

void FillAudio(const AMBA_NETFIFO_AUDIO_TRACK_CFG_s& audio, cl_track* out) {
  out->kind = CL_AUDIO;
  out->sample_rate = audio.nSampleRate;
  out->channels = audio.nChannels != 0 ? audio.nChannels : kDefaultChannels;
  out->bits = audio.nBitsPerSample != 0 ? audio.nBitsPerSample : kDefaultBits;
  if (out->ticks_per_frame == 0 && out->sample_rate > 0) {
    out->ticks_per_frame = static_cast<std::uint32_t>(std::uint64_t{out->timescale} *
                                                      kSamplesPerFrame / out->sample_rate);
  }
}

// A damaged table tells types that its enumeration does not have: the number, as it is in memory.
int TypeOf(const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& vendor) {
  int type = 0;
  static_assert(sizeof(vendor.nTrackType) == sizeof(type), "an enumeration as wide as int");
  std::memcpy(&type, &vendor.nTrackType, sizeof(type));
  return type;
}

Track Convert(const AMBA_NETFIFO_MEDIA_TRACK_CFG_s& vendor, std::size_t limit_adds) {
  Track track = {};
  cl_track& info = track.info;
  info.vendor_id = vendor.nMediaId;
  info.codec = CodecOf(vendor.nMediaId);
  info.timescale = vendor.nTimeScale != 0 ? vendor.nTimeScale : kDefaultTimeScale;
  // Without a scale the duration of a frame has no unit either.
  info.ticks_per_frame = vendor.nTimeScale != 0 ? vendor.nTimePerFrame : 0;
  info.init_delay_ms = vendor.nInitDelay;
  switch (TypeOf(vendor)) {
    case AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO:
      FillVideo(vendor.Info.Video, &info);
      break;
    case AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO:
      FillAudio(vendor.Info.Audio, &info);
      break;
    default:
      info.kind = CL_TEXT;
      break;
  }
  track.told_timescale = vendor.nTimeScale;
  track.told_channels = info.kind == CL_AUDIO ? vendor.Info.Audio.nChannels : 0;
  track.codec = vendor.hCodec;
  track.ring.base = ToPointer(vendor.pBufferBase);
  std::uint8_t* const limit = ToPointer(vendor.pBufferLimit);
  if (limit > track.ring.base) {
    track.ring.size = static_cast<std::size_t>(limit - track.ring.base) + limit_adds;
  }
  return track;
}

bool TracksOf(int stream, std::size_t limit_adds, std::vector<Track>* out) {
  AMBA_NETFIFO_MOVIE_INFO_CFG_s info = {};
  if (AmbaNetFifo_GetMediaInfo(stream, &info) < 0) return false;
  const std::size_t capacity = sizeof(info.Track) / sizeof(info.Track[0]);
  const std::size_t count = std::min<std::size_t>(info.nTrack, capacity);
  for (std::size_t i = 0; i < count && out->size() < CL_MAX_TRACKS; ++i) {
    const Track track = Convert(info.Track[i], limit_adds);
    if (track.codec != decltype(track.codec){} && track.ring.size > 0) out->push_back(track);
  }
  return true;
}

bool Create(AMBA_NETFIFO_CFG_s* cfg, const Track& track, unsigned event_handle, Fifo* out) {
  cfg->hCodec = track.codec;
  cfg->cbEvent = event_handle;
  cfg->NumEntries = kEntries;
  cfg->IsVirtual = 1;
  *out = AmbaNetFifo_Create(cfg);
  return *out != Fifo{};
}

void Fill(const AMBA_NETFIFO_BITS_DESC_s& desc, Entry* out) {
  out->number = desc.SeqNum;
  out->pts = desc.Pts;
  out->type = TypeOf(desc.Type);
  out->complete = desc.Completed != 0;
  out->start = ToPointer(desc.StartAddr);
  out->size = desc.Size;
  const bool eos = out->type == CL_F_EOS || desc.Size == AMBA_NETFIFO_MARK_EOS ||
                   desc.Size == AMBA_NETFIFO_MARK_EOS_PAUSE;
  out->mark = eos ? Mark::kEos : Mark::kNone;
}

bool StreamIn(unsigned message) {
  AMBA_NETFIFO_STREAMIN_MSG_PARAM_s in = {};
  AMBA_NETFIFO_STREAMIN_MSG_PARAM_s out = {};
  in.MSG = message;
  return AmbaNetFifo_StreamIn_MSG(&in, &out) >= 0;
}

}  // namespace

bool LiveTracks(std::vector<Track>* out) {
  out->clear();
  AMBA_NETFIFO_MEDIA_STREAMID_LIST_s list = {};
  if (AmbaNetFifo_GetMediaStreamIDList(&list) < 0) return false;
  const int capacity = sizeof(list.StreamID_List) / sizeof(list.StreamID_List[0]);
  for (int i = 0; i < std::min(list.Amount, capacity) && out->empty(); ++i) {
    if (!TracksOf(list.StreamID_List[i], kOutboundLimitAdds, out)) return false;
  }
  return true;
}

bool StreamInTracks(std::vector<Track>* out) {
  out->clear();
  return TracksOf(AMBA_NETFIFO_STREAM_ID_STREAMIN, kStreamInLimitAdds, out);
}

bool CreateReader(const Track& track, unsigned event_handle, Begin begin, Fifo* out) {
  AMBA_NETFIFO_CFG_s cfg = {};
  if (AmbaNetFifo_GetDefaultCFG(&cfg) < 0) return false;
  cfg.EventDataReadySkipNum = 0;
  cfg.InitData.CreateFifoWithInitData = begin == Begin::kQueuedKeyFrame ? 1 : 0;
  if (begin == Begin::kQueuedKeyFrame) {
    // The last group of pictures has one key frame, and the camera begins at the oldest it finds.
    const unsigned gop = track.info.gop;
    cfg.InitData.InitCondition = AMBA_NETFIFO_CFG_INIT_WITH_NUM_FRAME;
    cfg.InitData.InitParam.NumFrame = gop > 0 && gop < kEntries ? gop : kEntries;
    cfg.InitData.FristFrameType = AMBA_FRAMEINFO_TYPE_IDR_FRAME;
  }
  return Create(&cfg, track, event_handle, out);
}

bool CreateWriter(const Track& track, unsigned event_handle, Fifo* out) {
  AMBA_NETFIFO_CFG_s cfg = {};
  return AmbaNetFifo_GetDefaultCFG(&cfg) >= 0 && Create(&cfg, track, event_handle, out);
}

bool Delete(Fifo fifo) { return AmbaNetFifo_Delete(fifo) >= 0; }
bool EraseAll(Fifo fifo) { return AmbaNetFifo_EraseAll(fifo) >= 0; }

bool PeekOldest(Fifo fifo, unsigned distance, Entry* out) {
  AMBA_NETFIFO_PEEKENTRY_ARG_s arg = {};
  AMBA_NETFIFO_BITS_DESC_s desc = {};
  arg.fifo = fifo;
  arg.distanceToLastEntry = distance;
  if (AmbaNetFifo_PeekEntry(&arg, &desc) != 0) return false;
  Fill(desc, out);
  return true;
}

bool PeekNewest(Fifo fifo, unsigned distance, Entry* out) {
  AMBA_NETFIFO_PEEKENTRY_ARG_s arg = {};
  AMBA_NETFIFO_BITS_DESC_s desc = {};
  arg.fifo = fifo;
  arg.distanceToLastEntry = distance;
  if (AmbaNetFifo_RevPeekEntry(&arg, &desc) != 0) return false;
  Fill(desc, out);
  return true;
}

bool Remove(Fifo fifo, unsigned entries) {
  AMBA_NETFIFO_REMOVEENTRY_ARG_s arg = {};
  arg.fifo = fifo;
  arg.EntriesToBeRemoved = entries;
  return AmbaNetFifo_RemoveEnrty(&arg) == 0;
}

bool FillOf(Fifo fifo, FillLevel* out) {
  AMBA_NETFIFO_FIFO_INFO_s info = {};
  if (AmbaNetFifo_GetInfo(fifo, &info) < 0) return false;
  out->total = info.TotalEntries;
  out->waiting = info.AvailEntries;
  return true;
}

bool PrepareWrite(Fifo fifo, std::uint8_t** start, std::uint32_t* free_bytes) {
  AMBA_NETFIFO_BITS_DESC_s desc = {};
  if (AmbaNetFifo_PrepareEntry(fifo, &desc) < 0) return false;
  *start = ToPointer(desc.StartAddr);
  *free_bytes = desc.Size;
  return true;
}

bool Write(Fifo fifo, std::uint8_t* start, std::uint32_t size, std::uint64_t pts) {
  AMBA_NETFIFO_BITS_DESC_s desc = {};
  desc.Pts = pts;
  desc.Type = AMBA_FRAMEINFO_TYPE_AUDIO_FRAME;
  desc.Completed = 1;
  SetAddress(&desc.StartAddr, start);
  desc.Size = size;
  return AmbaNetFifo_WriteEntry(fifo, &desc) >= 0;
}

bool StreamInStart() { return StreamIn(AMBA_NETFIFO_STREAMIN_MSG_START); }
bool StreamInStop() { return StreamIn(AMBA_NETFIFO_STREAMIN_MSG_STOP); }

bool CopyOut(const Ring& ring, const std::uint8_t* start, std::uint32_t size, void* out) {
  const auto to_end = static_cast<std::size_t>(ring.base + ring.size - start);
  const std::size_t head = std::min<std::size_t>(size, to_end);
  std::memcpy(out, start, head);
  std::memcpy(static_cast<std::uint8_t*>(out) + head, ring.base, size - head);
  return head < size;
}

void CopyIn(const Ring& ring, std::uint8_t* start, const void* data, std::uint32_t size) {
  const auto to_end = static_cast<std::size_t>(ring.base + ring.size - start);
  const std::size_t head = std::min<std::size_t>(size, to_end);
  std::memcpy(start, data, head);
  std::memcpy(ring.base, static_cast<const std::uint8_t*>(data) + head, size - head);
}

bool Holds(const Ring& ring, const std::uint8_t* start, std::uint32_t size) {
  return start >= ring.base && start < ring.base + ring.size && size > 0 && size <= ring.size;
}

}  // namespace netfifo
}  // namespace dashvoip
