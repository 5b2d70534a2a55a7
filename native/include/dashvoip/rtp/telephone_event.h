#ifndef DASHVOIP_RTP_TELEPHONE_EVENT_H_
#define DASHVOIP_RTP_TELEPHONE_EVENT_H_

#include <cstdint>

namespace dashvoip {

/** RFC 4733 §3.2: the sixteen keys are events 0..15. @return false for another character. */
bool EventOfDigit(char digit, std::uint8_t* event) noexcept;
/** @param event 0..15 */
char DigitOfEvent(std::uint8_t event) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_TELEPHONE_EVENT_H_
