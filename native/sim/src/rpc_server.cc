#include "rpc_server.h"

#include <sys/socket.h>

#include <utility>

#include "rpc_service.h"

namespace dashvoip {
namespace sim {

RpcServer::RpcServer(Fd listener, Rtos* rtos, ReplyDelay* delay, Refusals* refusals)
    : listener_(std::move(listener)), rtos_(rtos), delay_(delay), refusals_(refusals) {}

RpcServer::~RpcServer() {
  listener_.Reset();
  delay_->Quit();
  for (const auto& connection : connections_) shutdown(connection->socket.get(), SHUT_RDWR);
  for (const auto& connection : connections_) connection->thread.join();
}

void RpcServer::Accept() {
  Reap();
  Fd socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket) return;
  std::unique_ptr<Connection> connection(new Connection);
  Connection* self = connection.get();
  self->socket = std::move(socket);
  self->thread = std::thread([this, self] {
    ServeClient(self->socket.get(), rtos_, delay_, refusals_);
    // The client learns at once that nobody serves it any more.
    shutdown(self->socket.get(), SHUT_RDWR);
    self->done = true;
  });
  connections_.push_back(std::move(connection));
}

void RpcServer::Reap() {
  connections_.remove_if([](const std::unique_ptr<Connection>& connection) {
    if (!connection->done) return false;
    connection->thread.join();
    return true;
  });
}

}  // namespace sim
}  // namespace dashvoip
