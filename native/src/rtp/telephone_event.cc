#include "dashvoip/rtp/telephone_event.h"

namespace dashvoip {
namespace {

constexpr char kDigits[] = "0123456789*#ABCD";

}  // namespace

bool EventOfDigit(char digit, std::uint8_t* event) noexcept {
  for (std::uint8_t i = 0; i < 16; ++i) {
    if (kDigits[i] != digit) continue;
    *event = i;
    return true;
  }
  return false;
}

char DigitOfEvent(std::uint8_t event) noexcept { return kDigits[event & 0x0f]; }

}  // namespace dashvoip
