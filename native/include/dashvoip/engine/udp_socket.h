#ifndef DASHVOIP_ENGINE_UDP_SOCKET_H_
#define DASHVOIP_ENGINE_UDP_SOCKET_H_

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "dashvoip/engine/socket_address.h"
#include "dashvoip/engine/source_filter.h"

namespace dashvoip {

/** A received datagram; `data` is good, and may be changed, until the batch is filled again. */
struct Datagram {
  std::uint8_t* data = nullptr;
  std::size_t size = 0;
  /** Longer than any RTP packet of ours: `data` holds only its beginning. */
  bool truncated = false;
  SocketAddress from;
  /** CLOCK_MONOTONIC, from the kernel's receive stamp. */
  std::int64_t arrival_ns = 0;
};

/** Buffers for one recvmmsg, allocated once and used for every socket in turn. */
class DatagramBatch {
 public:
  static constexpr std::size_t kDatagrams = 16;
  static constexpr std::size_t kBytes = 2048;

  DatagramBatch();
  DatagramBatch(const DatagramBatch&) = delete;
  DatagramBatch& operator=(const DatagramBatch&) = delete;

  std::size_t size() const noexcept { return size_; }
  Datagram& operator[](std::size_t i) noexcept { return datagrams_[i]; }

 private:
  friend class UdpSocket;

  std::size_t size_ = 0;
  std::array<Datagram, kDatagrams> datagrams_;
  std::array<std::array<std::uint8_t, kBytes>, kDatagrams> bytes_;
  std::array<std::array<std::uint8_t, 64>, kDatagrams> control_;
  std::array<iovec, kDatagrams> vectors_;
  std::array<mmsghdr, kDatagrams> headers_;
};

/**
 * A non-blocking UDP socket. `Open` and the destructor belong to ordinary threads, `Receive` and
 * `Send` to the media thread: each is one system call that never waits.
 */
class UdpSocket {
 public:
  struct Options {
    int dscp = 0;               ///< RFC 2474 code point, 0..63
    int send_buffer_bytes = 0;  ///< 0 leaves the system's size
    int receive_buffer_bytes = 0;
  };

  UdpSocket() = default;
  ~UdpSocket();
  UdpSocket(UdpSocket&& other) noexcept { *this = std::move(other); }
  UdpSocket& operator=(UdpSocket&& other) noexcept;

  /** @return 0 or the errno of the step that failed; the socket is then closed. */
  int Open(const SocketAddress& local, const Options& options);
  bool is_open() const noexcept { return fd_ >= 0; }
  /** For poll(); -1 when it is not open. */
  int descriptor() const noexcept { return fd_; }

  /**
   * Takes up to `DatagramBatch::kDatagrams` waiting datagrams.
   * @param earliest_ns, @param now_ns bounds for the arrival times, which pass through the wall
   *   clock: a step of it can then never throw them further off than one slot.
   * @return how many; 0 when none wait.
   */
  std::size_t Receive(DatagramBatch* batch, std::int64_t earliest_ns, std::int64_t now_ns) noexcept;

  /** @return false when the kernel refused it (no route, no buffer); the datagram is then lost. */
  bool Send(const std::uint8_t* data, std::size_t size, const SocketAddress& to) noexcept;

  /**
   * Takes the ICMP errors that came back for what was sent; costs nothing while none did.
   * @return how many say that `to` cannot be reached: its port is closed, or its host is gone.
   */
  std::size_t TakeUnreachable(const SocketAddress& to) noexcept;

  /** From now on the kernel drops what comes from others. @return false when it refuses to. */
  bool Admit(const SourceFilter& sources) noexcept;
  void AdmitAll() noexcept;
  /** Datagrams that the kernel dropped while it admitted only some; known with the next one. */
  std::uint64_t filtered() const noexcept { return filtered_; }

 private:
  void Close() noexcept;
  void NoteDrops(msghdr* header) noexcept;

  int fd_ = -1;
  int family_ = 0;
  bool has_errors_ = false;
  bool filtering_ = false;
  bool has_drops_ = false;  // `drops_` is the kernel's count since the filter was set
  std::uint32_t drops_ = 0;
  std::uint64_t filtered_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_UDP_SOCKET_H_
