#ifndef DASHVOIP_SIM_RPC_SERVER_H_
#define DASHVOIP_SIM_RPC_SERVER_H_

#include <atomic>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "fd.h"
#include "reply_delay.h"
#include "rtos.h"

namespace dashvoip {
namespace sim {

/** Takes clients on a socket and serves each on a thread of its own. */
class RpcServer {
 public:
  /** @param listener listens at `path`; the file is removed at the end. */
  RpcServer(Fd listener, const std::string& path, Rtos* rtos, ReplyDelay* delay);
  ~RpcServer();

  /** Readable when a client waits for Accept(). */
  int fd() const { return listener_.get(); }
  void Accept();

 private:
  struct Connection {
    Fd socket;
    std::atomic<bool> done{false};
    std::thread thread;
  };

  void Reap();

  std::string path_;
  Fd listener_;
  Rtos* rtos_;
  ReplyDelay* delay_;
  std::list<std::unique_ptr<Connection>> connections_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_RPC_SERVER_H_
