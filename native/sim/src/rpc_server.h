#ifndef DASHVOIP_SIM_RPC_SERVER_H_
#define DASHVOIP_SIM_RPC_SERVER_H_

#include <atomic>
#include <list>
#include <memory>
#include <thread>

#include "fd.h"
#include "refusals.h"
#include "reply_delay.h"
#include "rtos.h"

namespace dashvoip {
namespace sim {

/** Takes clients on a listening socket and serves each on a thread of its own. */
class RpcServer {
 public:
  RpcServer(Fd listener, Rtos* rtos, ReplyDelay* delay, Refusals* refusals);
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

  Fd listener_;
  Rtos* rtos_;
  ReplyDelay* delay_;
  Refusals* refusals_;
  std::list<std::unique_ptr<Connection>> connections_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_RPC_SERVER_H_
