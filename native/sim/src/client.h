#ifndef DASHVOIP_SIM_CLIENT_H_
#define DASHVOIP_SIM_CLIENT_H_

#include <memory>
#include <mutex>
#include <string>

#include "fd.h"
#include "memory_map.h"
#include "wire.h"

namespace dashvoip {
namespace sim {

/** libnetfifo's link to the simulator: calls out, events in, the payload mapped. */
class Client {
 public:
  /** @return null when no simulator answers at `path` or it takes no more clients. */
  static std::unique_ptr<Client> Connect(const std::string& path);

  /**
   * One blocking round trip. Calls of several threads queue up behind one another.
   * @return the camera's result, or -1 when the link is lost.
   */
  template <typename Request, typename Reply>
  int Call(wire::Procedure procedure, const Request& request, Reply* reply) {
    return CallBytes(procedure, &request, sizeof(request), reply, sizeof(*reply));
  }

  /**
   * Waits for the next event.
   * @return false when StopEvents() was called or the link is lost.
   */
  bool NextEvent(wire::Event* event);
  void StopEvents();

  const wire::Greeting& greeting() const { return greeting_; }
  const MemoryMap& memory() const { return memory_; }

 private:
  Client(Fd rpc, Fd events, Fd stop, MemoryMap memory, const wire::Greeting& greeting);
  int CallBytes(wire::Procedure procedure, const void* request, std::size_t request_size,
                void* reply, std::size_t reply_size);

  Fd rpc_, events_, stop_;
  MemoryMap memory_;
  wire::Greeting greeting_;
  std::mutex call_mutex_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_CLIENT_H_
