#include "rpc_service.h"

#include <cstring>
#include <functional>
#include <stdexcept>
#include <utility>

#include "unix_socket.h"
#include "wire.h"

namespace dashvoip {
namespace sim {
namespace {

using wire::Procedure;

/** One call: the packet that came in, and the packet to be sent back. */
class Call {
 public:
  Call(const unsigned char* request, std::size_t size, Refusals* refusals)
      : body_(request + sizeof(wire::Header)), body_size_(size - sizeof(wire::Header)) {
    std::memcpy(&header_, request, sizeof(header_));
    refused_ = refusals->Take(header_.procedure);
  }

  Procedure procedure() const { return header_.procedure; }

  /** Runs `body` with the request and a zeroed reply. @return false for a malformed request. */
  template <typename Request, typename Reply, typename Body>
  bool Run(Body body) {
    if (body_size_ != sizeof(Request)) return false;
    Request request;
    std::memcpy(&request, body_, sizeof(request));
    Reply reply = {};
    header_.result = refused_ ? -1 : body(request, &reply);
    std::memcpy(packet_, &header_, sizeof(header_));
    std::memcpy(packet_ + sizeof(header_), &reply, sizeof(reply));
    packet_size_ = sizeof(header_) + sizeof(reply);
    return true;
  }

  bool SendReply(int connection) const {
    return SendPacket(connection, packet_, packet_size_, true);
  }

 private:
  wire::Header header_;
  bool refused_ = false;
  const unsigned char* body_;
  std::size_t body_size_;
  unsigned char packet_[wire::kMaxPacket];
  std::size_t packet_size_ = 0;
};

bool Dispatch(Call* call, std::uint32_t client, Rtos* rtos) {
  using namespace wire;  // NOLINT: the structs of every procedure
  switch (call->procedure()) {
    case Procedure::kGetDefaultConfig:
      return call->Run<Empty, Config>(
          [&](const Empty&, Config* config) { return rtos->GetDefaultConfig(config); });
    case Procedure::kCreate:
      return call->Run<Config, Created>([&](const Config& config, Created* created) {
        return rtos->Create(client, config, created);
      });
    case Procedure::kDelete:
      return call->Run<Entry, Empty>(
          [&](const Entry& entry, Empty*) { return rtos->Delete(entry.handle); });
    case Procedure::kEraseAll:
      return call->Run<Entry, Empty>(
          [&](const Entry& entry, Empty*) { return rtos->EraseAll(entry.handle); });
    case Procedure::kGetInfo:
      return call->Run<Entry, FifoInfo>(
          [&](const Entry& entry, FifoInfo* info) { return rtos->GetInfo(entry.handle, info); });
    case Procedure::kPeek:
    case Procedure::kRevPeek:
      return call->Run<Entry, Descriptor>([&](const Entry& entry, Descriptor* descriptor) {
        return rtos->Peek(entry, call->procedure() == Procedure::kRevPeek, descriptor);
      });
    case Procedure::kRemove:
      return call->Run<Entry, Removed>(
          [&](const Entry& entry, Removed* removed) { return rtos->Remove(entry, removed); });
    case Procedure::kPrepare:
      return call->Run<Entry, Descriptor>([&](const Entry& entry, Descriptor* descriptor) {
        return rtos->Prepare(entry.handle, descriptor);
      });
    case Procedure::kWrite:
      return call->Run<WriteRequest, Empty>(
          [&](const WriteRequest& request, Empty*) { return rtos->Write(request); });
    case Procedure::kGetStreamIds:
      return call->Run<Empty, StreamIds>(
          [&](const Empty&, StreamIds* ids) { return rtos->GetStreamIds(ids); });
    case Procedure::kGetMediaInfo:
      return call->Run<Number, MovieInfo>([&](const Number& stream_id, MovieInfo* info) {
        return rtos->GetMediaInfo(stream_id.value, info);
      });
    case Procedure::kPlaybackOp:
      return call->Run<Parameters, Parameters>(
          [&](const Parameters& in, Parameters* out) { return rtos->PlaybackOp(in, out); });
    case Procedure::kReportStatus:
      return call->Run<Number, Empty>(
          [&](const Number& status, Empty*) { return rtos->ReportStatus(client, status.value); });
    case Procedure::kStreamInMessage:
      return call->Run<Parameters, Parameters>(
          [&](const Parameters& in, Parameters* out) { return rtos->StreamInMessage(in, out); });
    case Procedure::kHello:
      return false;
  }
  return false;
}

/** Answers the greeting with the client's number, the memory and the event channel. */
std::uint32_t Greet(int connection, Rtos* rtos) {
  wire::Header hello;
  if (ReceivePacket(connection, &hello, sizeof(hello)) != sizeof(hello) ||
      hello.procedure != Procedure::kHello) {
    return 0;
  }
  struct {
    wire::Header header;
    wire::Greeting greeting;
  } reply = {{Procedure::kHello, -1}, {}};
  auto channel = PacketSocketPair();
  const std::uint32_t client = rtos->Attach(std::move(channel.first));
  if (client == 0) {
    SendPacket(connection, &reply, sizeof(reply), true);
    return 0;
  }
  reply.header.result = 0;
  reply.greeting = rtos->Greet(client);
  if (SendPacket(connection, &reply, sizeof(reply), true,
                 {rtos->memory_fd(), channel.second.get()})) {
    return client;
  }
  rtos->Detach(client);
  return 0;
}

}  // namespace

void ServeClient(int connection, Rtos* rtos, ReplyDelay* delay, Refusals* refusals) {
  const std::uint32_t client = Greet(connection, rtos);
  if (client == 0) return;
  unsigned char request[wire::kMaxPacket];
  while (true) {
    const ssize_t size = ReceivePacket(connection, request, sizeof(request));
    if (size < static_cast<ssize_t>(sizeof(wire::Header))) break;
    Call call(request, static_cast<std::size_t>(size), refusals);
    if (!Dispatch(&call, client, rtos)) break;
    if (!delay->Hold() || !call.SendReply(connection)) break;
  }
  rtos->Detach(client);
}

}  // namespace sim
}  // namespace dashvoip
