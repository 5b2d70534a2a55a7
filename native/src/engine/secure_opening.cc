#include "dashvoip/engine/secure_opening.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "dashvoip/base/monotonic.h"
#include "dashvoip/base/realtime_thread.h"
#include "dashvoip/base/time_units.h"
#include "dashvoip/engine/socket_address.h"

namespace dashvoip {
namespace {

// Whoever has not come by then does not come; somebody may have to allow the microphone before.
constexpr std::int64_t kPatienceNs = 30 * kNsPerSecond;
// As many ways as a machine may have to us; the oldest gives way.
constexpr std::size_t kMaxProved = 16;

}  // namespace

SecureOpening::SecureOpening(const DtlsSettings& settings, UdpSocket* socket, IceLite* ice,
                             std::function<void()> on_end)
    : socket_(socket), ice_(ice), on_end_(std::move(on_end)), dtls_(*Libssl::Find(), settings) {
  thread_ = StartThread("dashvoip-dtls", [this] { Run(); });
}

SecureOpening::~SecureOpening() {
  quit_.store(true, std::memory_order_release);
  wake_.Signal();
  thread_.join();
}

void SecureOpening::Run() {
  const auto batch = std::make_unique<DatagramBatch>();
  const std::int64_t last = MonotonicNs() + kPatienceNs;
  while (dtls_.state() == State::kGoing && MonotonicNs() < last) {
    if (!Sleep(last)) return;
    dtls_.OnTimer();
    Receive(batch.get());
    Flush();
  }
  const bool done = dtls_.state() == State::kDone;
  if (!done) failure_ = WhyNot();
  state_.store(done ? State::kDone : State::kFailed, std::memory_order_release);
  on_end_();
}

/** @return false when it is to be cut short. */
bool SecureOpening::Sleep(std::int64_t until) const {
  const auto left = static_cast<int>((until - MonotonicNs()) / kNsPerMs) + 1;
  const int timer = dtls_.NextTimerMs();
  pollfd watched[2] = {{socket_->descriptor(), POLLIN, 0}, {wake_.descriptor(), POLLIN, 0}};
  poll(watched, 2, timer < 0 ? left : std::min(left, timer));
  return !quit_.load(std::memory_order_acquire);
}

/** What comes behind the last word of the handshake is for whoever has the socket then. */
void SecureOpening::Receive(DatagramBatch* batch) {
  const std::int64_t now = MonotonicNs();
  const std::size_t count = socket_->Receive(batch, now, now);
  for (std::size_t i = 0; i < count; ++i) OnDatagram((*batch)[i]);
}

/** RFC 7983. */
void SecureOpening::OnDatagram(const Datagram& datagram) {
  TransportAddress from;
  if (datagram.truncated || !from.FromSockaddr(datagram.from.storage)) return;
  if (MayBeDtls(datagram.data, datagram.size)) {
    // RFC 8827 §6.5: nobody is talked to who has not shown that he wants it.
    if (IsProved(from)) dtls_.OnDatagram(datagram.data, datagram.size);
    return;
  }
  if (!MayBeStun(datagram.data, datagram.size)) return;
  std::array<std::uint8_t, IceLite::kMaxAnswer> answer;
  const IceLite::Outcome outcome =
      ice_->OnDatagram(datagram.data, datagram.size, from, answer.data());
  if (outcome.answer > 0) socket_->Send(answer.data(), outcome.answer, datagram.from);
  if (outcome.genuine && !IsProved(from)) {
    if (proved_.size() == kMaxProved) proved_.erase(proved_.begin());
    proved_.push_back(from);
  }
  if (outcome.nominated) dtls_.Start();
}

void SecureOpening::Flush() {
  DtlsConnection::Octets datagram;
  while (dtls_.TakeDatagram(&datagram)) {
    // What was not sent is sent again in time.
    if (ice_->selected().port == 0) continue;
    socket_->Send(datagram.data(), datagram.size(), SocketAddress::Of(ice_->selected()));
  }
}

bool SecureOpening::IsProved(const TransportAddress& from) const {
  return std::find(proved_.begin(), proved_.end(), from) != proved_.end();
}

std::string SecureOpening::WhyNot() const {
  if (!dtls_.failure().empty()) return "DTLS: " + dtls_.failure();
  if (ice_->selected().port != 0) return "DTLS: the far end does not answer";
  return ice_->counters().checks > 0 ? "ICE: the far end chose no way to us"
                                     : "ICE: the far end does not reach us by UDP";
}

}  // namespace dashvoip
