/*
 * What goes over the socket between libnetfifo and the simulator. One packet is a Header and the
 * body of its procedure. Both ends run on one machine and are built together, so bodies are plain
 * structs of fixed-width fields. Addresses are the RTOS's own 32-bit ones, 0 for none: libnetfifo
 * translates them to and from Linux pointers.
 */
#ifndef DASHVOIP_SIM_WIRE_H_
#define DASHVOIP_SIM_WIRE_H_

#include <cstdint>

namespace dashvoip {
namespace sim {
namespace wire {

constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kMaxTracks = 8;
constexpr std::uint32_t kMaxStreams = 16;
constexpr std::uint32_t kMaxRegions = 3;
constexpr std::uint32_t kMaxPacket = 2048;  // as on the board's link

/** Numbered as on the board, but for the greeting, which stands for opening the link. */
enum class Procedure : std::uint32_t {
  kHello = 0,
  kGetDefaultConfig = 1,
  kCreate = 2,
  kDelete = 3,
  kEraseAll = 4,
  kGetInfo = 5,
  kPeek = 6,
  kRevPeek = 7,
  kRemove = 8,
  kPrepare = 9,
  kWrite = 10,
  kGetStreamIds = 11,
  kGetMediaInfo = 12,
  kPlaybackOp = 13,
  kReportStatus = 14,
  kStreamInMessage = 15
};

struct Header {
  Procedure procedure;
  std::int32_t result;  // in replies
};

struct Empty {
  std::uint32_t unused;
};

/** A readable stretch of the shared memory; everything between regions is out of bounds. */
struct Region {
  std::uint64_t offset, size;
};

/** Reply to the greeting; comes with two descriptors: the shared memory and the event channel. */
struct Greeting {
  std::uint32_t version;
  std::uint32_t event_handle;
  std::uint64_t memory_base;  // RTOS address of the shared memory's first byte
  std::uint64_t memory_size;
  std::uint32_t read_cost_us_per_kib;
  std::uint32_t region_count;
  Region regions[kMaxRegions];
};

struct Descriptor {
  std::uint64_t pts;
  std::uint64_t address;
  std::uint32_t seq;
  std::uint32_t size;
  std::uint8_t type;
  std::uint8_t completed;
  std::uint16_t align;
  std::uint32_t unused;
};

struct Config {
  std::uint64_t codec;
  std::uint32_t entries, is_virtual, event_handle;
  std::uint32_t consumed_threshold, ready_skip;
  std::uint32_t sync_rp_on_write, ticks_per_second;
  std::uint32_t with_init_data, init_condition, first_frame_type;
  std::uint64_t init_param;
};

struct Created {
  std::uint64_t handle;
  std::uint64_t first_pts;
  std::uint64_t waiting_ms;
};

struct Entry {
  std::uint64_t handle;
  std::uint32_t number;  // distance for the peeks, amount for remove, otherwise unused
  std::uint32_t unused;
};

struct Removed {
  std::uint64_t bytes;
};

struct FifoInfo {
  std::uint32_t total, available;
};

struct WriteRequest {
  std::uint64_t handle;
  Descriptor descriptor;
};

struct StreamIds {
  std::int32_t amount;
  std::int32_t ids[kMaxStreams];
};

struct Number {
  std::uint32_t value;
};

struct Track {
  std::uint64_t codec, buffer_base, buffer_limit;
  std::uint32_t type, media_id, timescale, time_per_frame, init_delay_ms;
  std::uint32_t width, height, gop;                  // video
  std::uint32_t sample_rate, channels, sample_bits;  // audio
  std::uint32_t unused;
};

struct MovieInfo {
  std::uint32_t count, unused;
  Track tracks[kMaxTracks];
};

/** An operation or a stream-in message, both ways. */
struct Parameters {
  std::uint32_t code;
  std::uint8_t bytes[128];
};

enum class EventKind : std::uint32_t { kFifo = 1, kControl = 2 };

/** One packet on the event channel. */
struct Event {
  EventKind kind;
  std::uint32_t code;  // event or command
  std::uint64_t handle;
  std::uint32_t param1, param2;
};

}  // namespace wire
}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_WIRE_H_
