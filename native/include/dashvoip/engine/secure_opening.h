#ifndef DASHVOIP_ENGINE_SECURE_OPENING_H_
#define DASHVOIP_ENGINE_SECURE_OPENING_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "dashvoip/api/settings.h"
#include "dashvoip/base/transport_address.h"
#include "dashvoip/base/wake_fd.h"
#include "dashvoip/dtls/dtls_connection.h"
#include "dashvoip/engine/udp_socket.h"
#include "dashvoip/ice/ice_lite.h"

namespace dashvoip {

/**
 * What happens on a socket before media may flow: ICE finds the far end, DTLS agrees on keys. On
 * an ordinary thread of its own, for OpenSSL allocates; nobody else uses the socket meanwhile.
 */
class SecureOpening {
 public:
  using State = DtlsConnection::State;

  /**
   * @param socket, @param ice outlive the opening, and are somebody else's once it is not going on
   * any more.
   * @param on_end told on the opening's thread. @throws std::runtime_error in words
   */
  SecureOpening(const DtlsSettings& settings, UdpSocket* socket, IceLite* ice,
                std::function<void()> on_end);
  /** Cuts it short. */
  ~SecureOpening();
  SecureOpening(const SecureOpening&) = delete;
  SecureOpening& operator=(const SecureOpening&) = delete;

  /** Any thread; what follows may be read once it is not kGoing. */
  State state() const noexcept { return state_.load(std::memory_order_acquire); }
  const std::string& failure() const noexcept { return failure_; }
  const SrtpSettings& keys() const noexcept { return dtls_.keys(); }

 private:
  void Run();
  bool Sleep(std::int64_t until) const;
  void Receive(DatagramBatch* batch);
  void OnDatagram(const Datagram& datagram);
  void Flush();
  bool IsProved(const TransportAddress& from) const;
  std::string WhyNot() const;

  UdpSocket* const socket_;
  IceLite* const ice_;
  const std::function<void()> on_end_;
  DtlsConnection dtls_;
  // That passed a check.
  std::vector<TransportAddress> proved_;
  std::string failure_;
  std::atomic<State> state_{State::kGoing};
  std::atomic<bool> quit_{false};
  WakeFd wake_;
  std::thread thread_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_SECURE_OPENING_H_
