// libnetfifo: the vendor's calls, each one round trip to the simulator.
#pragma GCC visibility push(default)
#include "AmbaNetFifo.h"
#pragma GCC visibility pop

#include <string.h>
#include <time.h>

#include <memory>
#include <mutex>

#include "client.h"
#include "unix_socket.h"
#include "wire.h"

using dashvoip::sim::Client;
namespace wire = dashvoip::sim::wire;

namespace {

constexpr int kFailed = -1;

/** What the vendor's library keeps per process. */
struct State {
  std::mutex mutex;
  std::shared_ptr<Client> client;
  AmbaNetFifo_cbFifoEvent fifo_callback = nullptr;
  void* fifo_user = nullptr;
  AmbaNetFifo_cbControlEvent control_callback = nullptr;
  void* control_user = nullptr;
};

State& TheState() {
  // Never destroyed: the event thread may still run while the process exits.
  static State& state = *new State;
  return state;
}

std::shared_ptr<Client> TheClient() {
  State& state = TheState();
  const std::lock_guard<std::mutex> lock(state.mutex);
  return state.client;
}

std::uint64_t Number(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

void* Pointer(std::uint64_t number) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(number));
}

wire::Entry EntryOf(AMBA_NETFIFO_FIFO_t fifo, std::uint32_t number) {
  return {Number(fifo), number, 0};
}

/** Reading the camera's uncached memory costs time: burn it where the reader would have. */
void BurnReadCost(const Client& client, std::uint64_t bytes) {
  const std::uint64_t cost_ns =
      bytes * client.greeting().read_cost_us_per_kib * UINT64_C(1000) / 1024;
  if (cost_ns == 0) return;
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t end =
      now.tv_sec * INT64_C(1000000000) + now.tv_nsec + static_cast<std::int64_t>(cost_ns);
  do {
    clock_gettime(CLOCK_MONOTONIC, &now);
  } while (now.tv_sec * INT64_C(1000000000) + now.tv_nsec < end);
}

void CopyTrack(const Client& client, const wire::Track& from, AMBA_NETFIFO_MEDIA_TRACK_CFG_s* to) {
  to->nTrackType = static_cast<AMBA_NETFIFO_MEDIA_TRACK_TYPE_e>(from.type);
  to->nMediaId = from.media_id;
  to->nTimeScale = from.timescale;
  to->nTimePerFrame = from.time_per_frame;
  to->nInitDelay = from.init_delay_ms;
  to->hCodec = Pointer(from.codec);
  to->pBufferBase = client.memory().ToLinux(from.buffer_base);
  to->pBufferLimit = client.memory().ToLinux(from.buffer_limit);
  if (to->nTrackType == AMBA_NETFIFO_MEDIA_TRACK_TYPE_VIDEO) {
    to->Info.Video.nGOPSize = from.gop;
    to->Info.Video.nCodecTimeScale = from.timescale;
    to->Info.Video.nWidth = from.width;
    to->Info.Video.nHeight = from.height;
    to->Info.Video.nM = 1;
    to->Info.Video.nN = static_cast<unsigned char>(from.gop < 255 ? from.gop : 254);
    to->Info.Video.bDefault = 1;
    to->Info.Video.bClosedGOP = 1;
  } else {
    to->Info.Audio.nSampleRate = from.sample_rate;
    to->Info.Audio.nChannels = from.channels;
    to->Info.Audio.nBitsPerSample = from.sample_bits;
    to->Info.Audio.bDefault = 1;
  }
}

void CopyDescriptor(const Client& client, const wire::Descriptor& from,
                    AMBA_NETFIFO_BITS_DESC_s* to) {
  to->SeqNum = from.seq;
  to->Pts = from.pts;
  to->Type = from.type;
  to->Completed = from.completed;
  to->Align = from.align;
  to->StartAddr = client.memory().ToLinux(from.address);
  to->Size = from.size;
}

int Peek(wire::Procedure procedure, const AMBA_NETFIFO_PEEKENTRY_ARG_s* entry,
         AMBA_NETFIFO_BITS_DESC_s* desc) {
  const auto client = TheClient();
  if (!client || entry == nullptr || desc == nullptr) return kFailed;
  wire::Descriptor reply;
  const int result =
      client->Call(procedure, EntryOf(entry->fifo, entry->distanceToLastEntry), &reply);
  if (result == 0) CopyDescriptor(*client, reply, desc);
  return result;
}

int CallWithHandle(wire::Procedure procedure, AMBA_NETFIFO_FIFO_t fifo) {
  const auto client = TheClient();
  wire::Empty reply;
  return client ? client->Call(procedure, EntryOf(fifo, 0), &reply) : kFailed;
}

template <typename Parameters>
int CallWithParameters(wire::Procedure procedure, unsigned int code, const Parameters& in,
                       unsigned int* out_code, Parameters* out) {
  const auto client = TheClient();
  if (!client) return kFailed;
  wire::Parameters request, reply;
  request.code = code;
  memcpy(request.bytes, in.Param, sizeof(request.bytes));
  const int result = client->Call(procedure, request, &reply);
  if (result < 0) return result;
  *out_code = reply.code;
  memcpy(out->Param, reply.bytes, sizeof(reply.bytes));
  return result;
}

void Deliver(const wire::Event& event) {
  State& state = TheState();
  std::unique_lock<std::mutex> lock(state.mutex);
  const auto on_fifo = state.fifo_callback;
  const auto on_control = state.control_callback;
  void* const fifo_user = state.fifo_user;
  void* const control_user = state.control_user;
  lock.unlock();
  if (event.kind == wire::EventKind::kFifo && on_fifo != nullptr) {
    on_fifo(Pointer(event.handle), event.code, nullptr, fifo_user);
  } else if (event.kind == wire::EventKind::kControl && on_control != nullptr) {
    on_control(event.code, event.param1, event.param2, control_user);
  }
}

}  // namespace

int AmbaNetFifo_init(int* event_hndlr) {
  State& state = TheState();
  const std::lock_guard<std::mutex> lock(state.mutex);
  if (event_hndlr == nullptr || state.client) return kFailed;
  state.client = Client::Connect(dashvoip::sim::DefaultSocketPath());
  if (!state.client) return kFailed;
  *event_hndlr = static_cast<int>(state.client->greeting().event_handle);
  return 0;
}

void AmbaNetFifo_release(void) {
  State& state = TheState();
  std::shared_ptr<Client> last;
  const std::lock_guard<std::mutex> lock(state.mutex);
  last.swap(state.client);
  state.fifo_callback = nullptr;
  state.control_callback = nullptr;
}

int AmbaNetFifo_Reg_cbFifoEvent(AmbaNetFifo_cbFifoEvent cb, void* user_data) {
  State& state = TheState();
  const std::lock_guard<std::mutex> lock(state.mutex);
  state.fifo_callback = cb;
  state.fifo_user = user_data;
  return 0;
}

int AmbaNetFifo_Reg_cbControlEvent(AmbaNetFifo_cbControlEvent cb, void* user_data) {
  State& state = TheState();
  const std::lock_guard<std::mutex> lock(state.mutex);
  state.control_callback = cb;
  state.control_user = user_data;
  return 0;
}

void* AmbaNetFifo_ExecEventProcess(void*) {
  const auto client = TheClient();
  wire::Event event;
  while (client && client->NextEvent(&event)) Deliver(event);
  return nullptr;
}

void AmbaNetFifo_StopEventProcess(void) {
  const auto client = TheClient();
  if (client) client->StopEvents();
}

int AmbaNetFifo_ReportStatus(unsigned int status) {
  const auto client = TheClient();
  wire::Empty reply;
  return client ? client->Call(wire::Procedure::kReportStatus, wire::Number{status}, &reply)
                : kFailed;
}

int AmbaNetFifo_GetMediaStreamIDList(AMBA_NETFIFO_MEDIA_STREAMID_LIST_s* list) {
  const auto client = TheClient();
  if (!client || list == nullptr) return kFailed;
  wire::StreamIds reply;
  const int result = client->Call(wire::Procedure::kGetStreamIds, wire::Empty{0}, &reply);
  memset(list, 0, sizeof(*list));
  if (result < 0) return result;
  list->Amount = reply.amount;
  memcpy(list->StreamID_List, reply.ids, sizeof(list->StreamID_List));
  return result;
}

int AmbaNetFifo_GetMediaInfo(int StreamID, AMBA_NETFIFO_MOVIE_INFO_CFG_s* info) {
  const auto client = TheClient();
  if (!client || info == nullptr) return kFailed;
  wire::MovieInfo reply;
  const int result = client->Call(wire::Procedure::kGetMediaInfo,
                                  wire::Number{static_cast<std::uint32_t>(StreamID)}, &reply);
  memset(info, 0, sizeof(*info));
  if (result < 0) return result;
  info->nTrack = reply.count < wire::kMaxTracks ? reply.count : wire::kMaxTracks;
  for (unsigned int i = 0; i < info->nTrack; ++i) {
    CopyTrack(*client, reply.tracks[i], &info->Track[i]);
  }
  return result;
}

int AmbaNetFifo_GetDefaultCFG(AMBA_NETFIFO_CFG_s* cfg) {
  const auto client = TheClient();
  if (!client || cfg == nullptr) return kFailed;
  wire::Config reply;
  const int result = client->Call(wire::Procedure::kGetDefaultConfig, wire::Empty{0}, &reply);
  memset(cfg, 0, sizeof(*cfg));
  if (result < 0) return result;
  cfg->NumEntries = reply.entries;
  cfg->IsVirtual = reply.is_virtual;
  cfg->TickPerSecond = reply.ticks_per_second;
  return result;
}

AMBA_NETFIFO_FIFO_t AmbaNetFifo_Create(AMBA_NETFIFO_CFG_s* cfg) {
  const auto client = TheClient();
  if (!client || cfg == nullptr) return nullptr;
  wire::Config request = {};
  request.codec = Number(cfg->hCodec);
  request.entries = cfg->NumEntries;
  request.is_virtual = cfg->IsVirtual;
  request.event_handle = cfg->cbEvent;
  request.consumed_threshold = cfg->EventDataConsumedThreshold;
  request.ready_skip = cfg->EventDataReadySkipNum;
  request.sync_rp_on_write = cfg->SyncRpOnWrite;
  request.ticks_per_second = cfg->TickPerSecond;
  request.with_init_data = cfg->InitData.CreateFifoWithInitData;
  request.init_condition = cfg->InitData.InitCondition;
  request.first_frame_type = cfg->InitData.FristFrameType;
  request.init_param = cfg->InitData.InitParam.NumFrame;
  wire::Created reply;
  if (client->Call(wire::Procedure::kCreate, request, &reply) < 0) return nullptr;
  cfg->InitData.OnCreateFirstFramePts = reply.first_pts;
  cfg->InitData.OnCreateTimeLength = reply.waiting_ms;
  return static_cast<AMBA_NETFIFO_FIFO_t>(Pointer(reply.handle));
}

int AmbaNetFifo_Delete(AMBA_NETFIFO_FIFO_t fifo) {
  return CallWithHandle(wire::Procedure::kDelete, fifo);
}

int AmbaNetFifo_EraseAll(AMBA_NETFIFO_FIFO_t fifo) {
  return CallWithHandle(wire::Procedure::kEraseAll, fifo);
}

int AmbaNetFifo_PeekEntry(AMBA_NETFIFO_PEEKENTRY_ARG_s* entry, AMBA_NETFIFO_BITS_DESC_s* desc) {
  return Peek(wire::Procedure::kPeek, entry, desc);
}

int AmbaNetFifo_RevPeekEntry(AMBA_NETFIFO_PEEKENTRY_ARG_s* entry, AMBA_NETFIFO_BITS_DESC_s* desc) {
  return Peek(wire::Procedure::kRevPeek, entry, desc);
}

int AmbaNetFifo_RemoveEnrty(AMBA_NETFIFO_REMOVEENTRY_ARG_s* entry) {
  const auto client = TheClient();
  if (!client || entry == nullptr) return kFailed;
  wire::Removed reply;
  const int result = client->Call(wire::Procedure::kRemove,
                                  EntryOf(entry->fifo, entry->EntriesToBeRemoved), &reply);
  if (result == 0) BurnReadCost(*client, reply.bytes);
  return result;
}

int AmbaNetFifo_GetInfo(AMBA_NETFIFO_FIFO_t fifo, AMBA_NETFIFO_FIFO_INFO_s* info) {
  const auto client = TheClient();
  if (!client || info == nullptr) return kFailed;
  wire::FifoInfo reply;
  const int result = client->Call(wire::Procedure::kGetInfo, EntryOf(fifo, 0), &reply);
  if (result < 0) return result;
  info->TotalEntries = reply.total;
  info->AvailEntries = reply.available;
  return result;
}

int AmbaNetFifo_PrepareEntry(AMBA_NETFIFO_FIFO_t fifo, AMBA_NETFIFO_BITS_DESC_s* desc) {
  const auto client = TheClient();
  if (!client || desc == nullptr) return kFailed;
  wire::Descriptor reply;
  const int result = client->Call(wire::Procedure::kPrepare, EntryOf(fifo, 0), &reply);
  if (result == 0) CopyDescriptor(*client, reply, desc);
  return result;
}

int AmbaNetFifo_WriteEntry(AMBA_NETFIFO_FIFO_t fifo, AMBA_NETFIFO_BITS_DESC_s* desc) {
  const auto client = TheClient();
  if (!client || desc == nullptr) return kFailed;
  wire::WriteRequest request = {};
  request.handle = Number(fifo);
  request.descriptor.pts = desc->Pts;
  request.descriptor.address = client->memory().ToRtos(desc->StartAddr);
  request.descriptor.size = desc->Size;
  request.descriptor.type = desc->Type;
  request.descriptor.completed = desc->Completed;
  wire::Empty reply;
  return client->Call(wire::Procedure::kWrite, request, &reply);
}

int AmbaNetFifo_StreamIn_MSG(AMBA_NETFIFO_STREAMIN_MSG_PARAM_s* in,
                             AMBA_NETFIFO_STREAMIN_MSG_PARAM_s* out) {
  if (in == nullptr || out == nullptr) return kFailed;
  return CallWithParameters(wire::Procedure::kStreamInMessage, in->MSG, *in, &out->MSG, out);
}

int AmbaNetFifo_PlayBack_OP(AMBA_NETFIFO_PLAYBACK_OP_PARAM_s* in,
                            AMBA_NETFIFO_PLAYBACK_OP_PARAM_s* out) {
  if (in == nullptr || out == nullptr) return kFailed;
  return CallWithParameters(wire::Procedure::kPlaybackOp, in->OP, *in, &out->OP, out);
}
