#ifndef DASHVOIP_ENGINE_DTMF_ORDER_H_
#define DASHVOIP_ENGINE_DTMF_ORDER_H_

#include <array>
#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** Keys to be sent as telephone-events, one after the other; trivially copyable. */
struct DtmfOrder {
  static constexpr std::size_t kMaxDigits = 32;
  std::array<std::uint8_t, kMaxDigits> events;  ///< RFC 4733 §3.2: 0..15
  std::uint8_t count;
  std::uint16_t tone_ms;
  std::uint16_t gap_ms;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_DTMF_ORDER_H_
