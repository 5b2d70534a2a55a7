#include "client.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>

#include <vector>

#include "unix_socket.h"

namespace dashvoip {
namespace sim {
namespace {

/** Asks for the link. The reply carries the shared memory and the event channel. */
bool Greet(int socket, wire::Greeting* greeting, std::vector<Fd>* fds) {
  const wire::Header hello = {wire::Procedure::kHello, 0};
  struct {
    wire::Header header;
    wire::Greeting greeting;
  } reply;
  if (!SendPacket(socket, &hello, sizeof(hello), true)) return false;
  if (ReceivePacket(socket, &reply, sizeof(reply), fds) != sizeof(reply)) return false;
  *greeting = reply.greeting;
  return reply.header.result >= 0 && greeting->version == wire::kVersion && fds->size() == 2 &&
         greeting->region_count <= wire::kMaxRegions;
}

}  // namespace

std::unique_ptr<Client> Client::Connect(const std::string& path) {
  Fd rpc = ConnectPacketSocket(path);
  wire::Greeting greeting;
  std::vector<Fd> fds;
  if (!rpc || !Greet(rpc.get(), &greeting, &fds)) return nullptr;
  Fd stop(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  MemoryMap memory = MemoryMap::Map(fds[0], greeting);
  if (!stop || !memory) return nullptr;
  return std::unique_ptr<Client>(
      new Client(std::move(rpc), std::move(fds[1]), std::move(stop), std::move(memory), greeting));
}

Client::Client(Fd rpc, Fd events, Fd stop, MemoryMap memory, const wire::Greeting& greeting)
    : rpc_(std::move(rpc)),
      events_(std::move(events)),
      stop_(std::move(stop)),
      memory_(std::move(memory)),
      greeting_(greeting) {}

int Client::CallBytes(wire::Procedure procedure, const void* request, std::size_t request_size,
                      void* reply, std::size_t reply_size) {
  unsigned char packet[wire::kMaxPacket];
  wire::Header header = {procedure, 0};
  memcpy(packet, &header, sizeof(header));
  memcpy(packet + sizeof(header), request, request_size);

  const std::lock_guard<std::mutex> lock(call_mutex_);
  if (!SendPacket(rpc_.get(), packet, sizeof(header) + request_size, true)) return -1;
  const ssize_t received = ReceivePacket(rpc_.get(), packet, sizeof(packet));
  if (received != static_cast<ssize_t>(sizeof(header) + reply_size)) return -1;
  memcpy(&header, packet, sizeof(header));
  if (header.procedure != procedure) return -1;
  memcpy(reply, packet + sizeof(header), reply_size);
  return header.result;
}

bool Client::NextEvent(wire::Event* event) {
  pollfd waiting[2] = {{stop_.get(), POLLIN, 0}, {events_.get(), POLLIN, 0}};
  while (true) {
    if (poll(waiting, 2, -1) < 0 && errno != EINTR) return false;
    if ((waiting[0].revents & POLLIN) != 0) return false;
    if (waiting[1].revents == 0) continue;
    return ReceivePacket(events_.get(), event, sizeof(*event)) == sizeof(*event);
  }
}

void Client::StopEvents() {
  const std::uint64_t one = 1;
  // The only way to fail is a counter that is full, which wakes the thread as well.
  if (write(stop_.get(), &one, sizeof(one)) != sizeof(one)) return;
}

}  // namespace sim
}  // namespace dashvoip
