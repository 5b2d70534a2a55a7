#include "dashvoip/srtp/srtp_keyring.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace dashvoip {
namespace {

template <typename List>
bool SameBytes(const List& a, const List& b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

bool SameKey(const SrtpKey& a, const SrtpKey& b) noexcept {
  if (!SameBytes(a.master, b.master) || a.mki.present() != b.mki.present()) return false;
  return !a.mki || SameBytes(*a.mki, *b.mki);
}

const Libcrypto& Crypto() {
  const Libcrypto* const crypto = Libcrypto::Find();
  if (crypto != nullptr) return *crypto;
  throw std::runtime_error("this Node has no OpenSSL: sound and picture cannot be encrypted");
}

/** The context of `held` where the key is the same, otherwise a new one in `next`. */
template <typename Held>
auto Lend(const Held& held, SrtpSuite suite, const SrtpKey& key, Held* next)
    -> decltype(next->context.get()) {
  if (held.context && held.suite == suite && SameKey(held.key, key)) return held.context.get();
  using Context = typename std::remove_reference<decltype(*next->context)>::type;
  next->suite = suite;
  next->key = key;
  next->context = std::make_unique<Context>(Crypto(), suite, key);
  return next->context.get();
}

}  // namespace

SrtpLane SrtpKeyring::Prepare(const Optional<SrtpSettings>& settings) {
  next_sender_ = {};
  next_receiver_ = {};
  SrtpLane lane;
  if (!settings) return lane;
  lane.sender = Lend(sender_, settings->suite, settings->send, &next_sender_);
  lane.receiver = Lend(receiver_, settings->suite, settings->receive, &next_receiver_);
  return lane;
}

void SrtpKeyring::Commit(std::uint64_t order) {
  Retired retired{order, nullptr, nullptr};
  if (next_sender_.context) {
    retired.sender = std::move(sender_.context);
    sender_ = std::move(next_sender_);
  }
  if (next_receiver_.context) {
    retired.receiver = std::move(receiver_.context);
    receiver_ = std::move(next_receiver_);
  }
  if (retired.sender || retired.receiver) retired_.push_back(std::move(retired));
}

/** A receiver is still heard as the former one after the order that replaced it. */
void SrtpKeyring::Sweep(std::uint64_t done) {
  retired_.erase(std::remove_if(retired_.begin(), retired_.end(),
                                [done](const Retired& one) { return one.order < done; }),
                 retired_.end());
}

}  // namespace dashvoip
