#ifndef DASHVOIP_SIM_UNIX_SOCKET_H_
#define DASHVOIP_SIM_UNIX_SOCKET_H_

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "fd.h"

namespace dashvoip {
namespace sim {

/** Path of the simulator's socket when nobody names one: $H22_SIM_SOCKET, else a file in /tmp. */
std::string DefaultSocketPath();

/** The file of a bound socket, removed at the end of its life. */
class SocketFile {
 public:
  explicit SocketFile(const std::string& path) : path_(path) {}
  ~SocketFile() { ::unlink(path_.c_str()); }
  SocketFile(const SocketFile&) = delete;
  SocketFile& operator=(const SocketFile&) = delete;

 private:
  std::string path_;
};

/** Connects to a packet socket. @return an empty Fd when nobody listens there. */
Fd ConnectPacketSocket(const std::string& path);

/**
 * Listens on a packet socket, replacing a socket file whose owner is gone.
 * @throws std::runtime_error when the path is in use or cannot be bound.
 */
Fd ListenPacketSocket(const std::string& path);

/** Binds a datagram socket, likewise. */
Fd BindDatagramSocket(const std::string& path);

/** Both ends of a packet connection. @throws std::runtime_error when the system has none left. */
std::pair<Fd, Fd> PacketSocketPair();

/**
 * Sends one packet, optionally with descriptors. Never raises SIGPIPE.
 * @param wait false: fails instead of waiting when the receiver's queue is full.
 */
bool SendPacket(int socket, const void* data, std::size_t size, bool wait,
                const std::vector<int>& fds = {});

/**
 * Waits for one packet.
 * @param fds when not null, receives the descriptors that came along.
 * @return its size, 0 when the other end is gone, -1 on an error or when it does not fit.
 */
ssize_t ReceivePacket(int socket, void* data, std::size_t capacity, std::vector<Fd>* fds = nullptr);

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_UNIX_SOCKET_H_
