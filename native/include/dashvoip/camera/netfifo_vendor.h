#ifndef DASHVOIP_CAMERA_NETFIFO_VENDOR_H_
#define DASHVOIP_CAMERA_NETFIFO_VENDOR_H_

#include <AmbaNetFifo.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/camera/camlink.h"

namespace dashvoip {
namespace netfifo {

/**
 * The one place that knows the structs, operation numbers and habits of AmbaNetFifo.h: what is here
 * is to be looked at when another SDK's header comes along. Every function is one blocking RPC (two
 * where said) and gives false when the camera refuses or does not answer.
 */

/** A pointer in some SDKs, a 64-bit number in others; 0 is none. */
using Fifo = decltype(AmbaNetFifo_Create(static_cast<AMBA_NETFIFO_CFG_s*>(nullptr)));

/** Names a FIFO in events, whatever type its handle has. */
using FifoId = std::uintptr_t;
template <typename Handle>
FifoId ToId(Handle* fifo) {
  return reinterpret_cast<FifoId>(fifo);
}
inline FifoId ToId(unsigned long long fifo) { return static_cast<FifoId>(fifo); }

/** Payload ring, mapped into this process, not cached, overwritten without warning. */
struct Ring {
  std::uint8_t* base = nullptr;
  std::size_t size = 0;
};

struct Track {
  cl_track info;  ///< id and gen are for the caller to fill
  decltype(AMBA_NETFIFO_MEDIA_TRACK_CFG_s::hCodec) codec;
  Ring ring;
  std::uint32_t told_timescale;  ///< what the camera said; info has defaults in place of 0
  std::uint32_t told_channels;
};

enum class Mark { kNone, kEos };

struct Entry {
  std::uint32_t number = 0;
  std::uint64_t pts = 0;
  cl_ftype type = CL_F_OTHER;
  Mark mark = Mark::kNone;
  bool complete = false;
  std::uint8_t* start = nullptr;
  std::uint32_t size = 0;
};

/** Tracks that can be read, of the live stream. Two RPCs. Empty while nothing is encoded. */
bool LiveTracks(std::vector<Track>* out);
/** Tracks of the decoder that plays what we write; empty where there is none. */
bool StreamInTracks(std::vector<Track>* out);

enum class Begin {
  kNextFrame,      ///< with the next frame that is written
  kQueuedKeyFrame  ///< with the key frame queued in the last group of pictures
};
/** Two RPCs. */
bool CreateReader(const Track& track, unsigned event_handle, Begin begin, Fifo* out);
/** Two RPCs. */
bool CreateWriter(const Track& track, unsigned event_handle, Fifo* out);
bool Delete(Fifo fifo);
bool EraseAll(Fifo fifo);

/** @param distance from the oldest unread entry. False at once when there is none. */
bool PeekOldest(Fifo fifo, unsigned distance, Entry* out);
bool PeekNewest(Fifo fifo, unsigned distance, Entry* out);
bool Remove(Fifo fifo, unsigned entries);
struct FillLevel {
  std::uint32_t total = 0;    ///< entries that fit
  std::uint32_t waiting = 0;  ///< entries unread
};
bool FillOf(Fifo fifo, FillLevel* out);

/** Where the next frame goes, and how many bytes are free. */
bool PrepareWrite(Fifo fifo, std::uint8_t** start, std::uint32_t* free_bytes);
/** Queues one audio frame whose bytes are at `start`. */
bool Write(Fifo fifo, std::uint8_t* start, std::uint32_t size, std::uint64_t pts);
bool StreamInStart();
bool StreamInStop();

/** Copies out of a ring; `start` lies in it, `size` is at most its size. @return it wrapped. */
bool CopyOut(const Ring& ring, const std::uint8_t* start, std::uint32_t size, void* out);
/** Copies into a ring. */
void CopyIn(const Ring& ring, std::uint8_t* start, const void* data, std::uint32_t size);
/** Whether a frame that the camera described can lie in this ring. */
bool Holds(const Ring& ring, const std::uint8_t* start, std::uint32_t size);

}  // namespace netfifo
}  // namespace dashvoip

#endif  // DASHVOIP_CAMERA_NETFIFO_VENDOR_H_
