#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "dashvoip/camera/camera_microphone.h"
#include "dashvoip/camera/netfifo_player.h"
#include "dashvoip/camera/netfifo_reader.h"
#include "script.h"

// A camera whose every answer is the fuzzer's. The definitions below go before those of
// libnetfifo.so.
namespace {

using dashvoip::fuzz::Script;

// No answer lies outside: what the camera calls its ring is mapped, or nothing could be read at
// all. Whatever it says of places within may be wrong.
constexpr std::size_t kRing = 4096;
std::vector<std::uint8_t> memory(kRing + 1);  // the limit of the stream-in ring is a byte of it
Script* script = nullptr;

std::uint8_t* Place() { return memory.data() + script->Word() % (kRing + 1); }
int Answer() { return script->Byte() == 0xFF ? -1 : 0; }

/** Well within the ring, or an address that is none. */
std::uint8_t* Address() {
  const std::uint8_t choice = script->Byte();
  if (choice == 0xFE) return nullptr;
  if (choice == 0xFF) return reinterpret_cast<std::uint8_t*>(std::uintptr_t{script->Word()} << 16);
  return Place();
}

void TellTrack(AMBA_NETFIFO_MEDIA_TRACK_CFG_s* track) {
  const int type = script->Byte() % 5;
  std::memcpy(&track->nTrackType, &type, sizeof(track->nTrackType));
  track->nMediaId = script->Number({AMP_FORMAT_MID_H264, AMP_FORMAT_MID_PCM, AMP_FORMAT_MID_AAC});
  track->nTimeScale = script->Number({90000, 0, 30000});
  track->nTimePerFrame = script->Number({3000, 1920, 0});
  track->nInitDelay = script->Number({0, 40});
  track->hCodec = script->Byte() == 0xFF ? nullptr : memory.data();
  track->pBufferBase = Place();
  track->pBufferLimit = Place();
  if (script->Byte() < 0xC0) {
    track->pBufferBase = memory.data();
    track->pBufferLimit = memory.data() + kRing;
  }
  if (type == AMBA_NETFIFO_MEDIA_TRACK_TYPE_AUDIO) {
    track->Info.Audio.nSampleRate = script->Number({48000, 0, 8000});
    track->Info.Audio.nChannels = script->Number({2, 1, 0});
    track->Info.Audio.nBitsPerSample = script->Number({16, 0});
  } else {
    track->Info.Video.nGOPSize = script->Number({30, 0});
    track->Info.Video.nWidth = script->Word();
    track->Info.Video.nHeight = script->Word();
  }
}

int TellEntry(AMBA_NETFIFO_BITS_DESC_s* entry) {
  // Mostly the same one again, or none could be read whole.
  static AMBA_NETFIFO_BITS_DESC_s last;
  const std::uint8_t choice = script->Byte();
  if (choice == 0xFF || script->done()) return -1;
  if (choice % 2 == 0) {
    last.SeqNum = choice < 0x80 ? last.SeqNum + 1 : script->Word();
    last.Pts =
        choice < 0x40 ? last.Pts + 3000 : std::uint64_t{script->Word()} << 32 | script->Word();
    last.Type = script->Byte();
    last.Completed = script->Byte() % 2;
    last.StartAddr = Address();
    last.Size = script->Number({100, 1, 4096, AMBA_NETFIFO_MARK_EOS, 0});
  }
  *entry = last;
  return 0;
}

}  // namespace

#pragma GCC diagnostic ignored "-Wmissing-prototypes"
extern "C" {
__attribute__((visibility("default"))) int AmbaNetFifo_GetMediaStreamIDList(
    AMBA_NETFIFO_MEDIA_STREAMID_LIST_s* list) {
  list->Amount = static_cast<int>(script->Number({1, 2, 16}));
  return Answer();
}
__attribute__((visibility("default"))) int AmbaNetFifo_GetMediaInfo(
    int, AMBA_NETFIFO_MOVIE_INFO_CFG_s* info) {
  info->nTrack = script->Number({1, 2, 8});
  for (auto& track : info->Track) {
    if (!script->done()) TellTrack(&track);
  }
  return Answer();
}
__attribute__((visibility("default"))) int AmbaNetFifo_GetDefaultCFG(AMBA_NETFIFO_CFG_s*) {
  return Answer();
}
__attribute__((visibility("default"))) AMBA_NETFIFO_FIFO_t AmbaNetFifo_Create(AMBA_NETFIFO_CFG_s*) {
  return Answer() < 0 ? nullptr : reinterpret_cast<AMBA_NETFIFO_FIFO_t>(memory.data());
}
__attribute__((visibility("default"))) int AmbaNetFifo_Delete(AMBA_NETFIFO_FIFO_t) { return 0; }
__attribute__((visibility("default"))) int AmbaNetFifo_EraseAll(AMBA_NETFIFO_FIFO_t) { return 0; }
__attribute__((visibility("default"))) int AmbaNetFifo_PeekEntry(AMBA_NETFIFO_PEEKENTRY_ARG_s*,
                                                                 AMBA_NETFIFO_BITS_DESC_s* entry) {
  return TellEntry(entry);
}
__attribute__((visibility("default"))) int AmbaNetFifo_RevPeekEntry(
    AMBA_NETFIFO_PEEKENTRY_ARG_s*, AMBA_NETFIFO_BITS_DESC_s* entry) {
  return TellEntry(entry);
}
__attribute__((visibility("default"))) int AmbaNetFifo_RemoveEnrty(
    AMBA_NETFIFO_REMOVEENTRY_ARG_s*) {
  return Answer();
}
__attribute__((visibility("default"))) int AmbaNetFifo_PrepareEntry(
    AMBA_NETFIFO_FIFO_t, AMBA_NETFIFO_BITS_DESC_s* entry) {
  entry->StartAddr = Address();
  entry->Size = script->Number({4096, 100, 0});
  return Answer();
}
__attribute__((visibility("default"))) int AmbaNetFifo_WriteEntry(AMBA_NETFIFO_FIFO_t,
                                                                  AMBA_NETFIFO_BITS_DESC_s*) {
  return Answer();
}
__attribute__((visibility("default"))) int AmbaNetFifo_StreamIn_MSG(
    AMBA_NETFIFO_STREAMIN_MSG_PARAM_s*, AMBA_NETFIFO_STREAMIN_MSG_PARAM_s*) {
  return Answer();
}
__attribute__((visibility("default"))) int AmbaNetFifo_ReportStatus(unsigned) { return 0; }
}

namespace {

void ReadTrack(const dashvoip::netfifo::Track& track) {
  using namespace dashvoip;
  if (track.info.timescale == 0 || track.ring.size == 0) std::abort();
  cl_stats stats{};
  NetfifoReader reader(NetfifoSession::Instance(), track, stats);
  if (reader.Start(script->Byte() % 2 != 0) != CL_OK) return;
  CameraMicrophone microphone(8000, "/nowhere", [] {});
  const bool heard = track.info.codec == CL_PCM_S16LE && microphone.Attach(track.info);
  std::vector<std::uint8_t> frame(2048);
  for (int i = 0; i < 16 && !script->done(); ++i) {
    cl_frame told{};
    const int result = reader.Read(frame.data(), static_cast<std::uint32_t>(frame.size()), &told);
    if (result == CL_OK && told.size > frame.size()) std::abort();
    if (result == CL_OK && heard) microphone.Feed(frame.data(), told.size, told.lost);
    reader.Told(0);
  }
  reader.Stop(AMBA_NETFIFO_STATUS_END);
}

void PlayFrames() {
  using namespace dashvoip;
  NetfifoPlayer player(NetfifoSession::Instance());
  cl_track format{};
  if (player.Open(&format) != CL_OK) return;
  player.Start();
  const std::vector<std::uint8_t> frame(4096);
  for (int i = 0; i < 4 && !script->done(); ++i) {
    player.Write(frame.data(), script->Number({2048, 4096}) % 4097, 0);
  }
  player.Close();
}

}  // namespace

// The track table, the entries of its FIFOs and where sound is to be written, as a damaged camera
// may tell them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  Script input(data, size);
  script = &input;
  std::vector<netfifo::Track> tracks;
  if (netfifo::LiveTracks(&tracks)) {
    if (tracks.size() > CL_MAX_TRACKS) std::abort();
    for (std::uint32_t i = 0; i < tracks.size(); ++i) {
      tracks[i].info.id = i;
      ReadTrack(tracks[i]);
    }
  }
  PlayFrames();
  script = nullptr;
  return 0;
}
