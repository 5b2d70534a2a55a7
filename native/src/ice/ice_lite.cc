#include "dashvoip/ice/ice_lite.h"

#include <algorithm>
#include <utility>

namespace dashvoip {

constexpr std::size_t IceLite::kMaxAnswer;

IceLite::IceLite(const Libcrypto& crypto, std::string fragment, const std::string& password)
    : crypto_(crypto),
      fragment_(std::move(fragment)),
      key_(crypto, reinterpret_cast<const std::uint8_t*>(password.data()), password.size()) {}

IceLite::Outcome IceLite::OnDatagram(const std::uint8_t* data, std::size_t size,
                                     const TransportAddress& from, std::uint8_t* answer) noexcept {
  Outcome outcome;
  StunMessage request;
  // RFC 8445 §7.1: every check has a FINGERPRINT. Indications keep a NAT open, and are not
  // answered.
  if (!ParseStun(data, size, &request) || !request.has_fingerprint ||
      request.type != StunType::kBindingRequest) {
    return outcome;
  }
  const Refusal refusal = Examine(data, request);
  const bool refused = refusal.code != 0;
  // RFC 8489 §9.1.3: without the password there is nothing to prove.
  outcome.genuine = refusal.code != 400 && refusal.code != 401;
  StunWriter writer(answer, kMaxAnswer,
                    refused ? StunType::kBindingError : StunType::kBindingSuccess,
                    request.transaction);
  if (refused) {
    ++counters_.refused;
    writer.AddErrorCode(refusal.code, refusal.reason);
    if (refusal.code == 420) writer.AddUnknown(request);
  } else {
    ++counters_.checks;
    writer.AddMappedAddress(from);
  }
  if (outcome.genuine) writer.AddIntegrity(&key_);
  writer.AddFingerprint();
  outcome.answer = writer.size();
  if (refused || !request.use_candidate || from == selected_) return outcome;
  // RFC 8445 §7.3.1.5, §8.1.1: the last one that the controlling end nominates.
  if (selected_.port != 0) ++counters_.moves;
  selected_ = from;
  outcome.nominated = true;
  return outcome;
}

IceLite::Refusal IceLite::Examine(const std::uint8_t* data, const StunMessage& request) noexcept {
  if (request.integrity_at == 0 || request.username == nullptr) return {400, "Bad Request"};
  if (!IsForUs(request) || !HasIntegrity(crypto_, &key_, data, request)) {
    return {401, "Unauthenticated"};
  }
  if (request.unknown_count > 0) return {420, "Unknown Attribute"};
  // RFC 8445 §7.3.1.1: who is lite is the controlled one.
  if (request.controlled) return {487, "Role Conflict"};
  return {0, ""};
}

/** RFC 8445 §7.2.2: our fragment, a colon, theirs. */
bool IceLite::IsForUs(const StunMessage& request) const noexcept {
  const std::size_t length = fragment_.size();
  return request.username_size > length && request.username[length] == ':' &&
         std::equal(fragment_.begin(), fragment_.end(), request.username);
}

}  // namespace dashvoip
