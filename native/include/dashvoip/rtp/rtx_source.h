#ifndef DASHVOIP_RTP_RTX_SOURCE_H_
#define DASHVOIP_RTP_RTX_SOURCE_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * The source of packets that are sent once more (RFC 4588 §4): SSRC, numbers and payload type are
 * its own, and in front of the payload stands the number that the packet had.
 */
class RtxSource {
 public:
  static constexpr std::size_t kMoreBytes = 2;

  RtxSource(std::uint32_t ssrc, std::uint16_t first_sequence_number) noexcept
      : ssrc_(ssrc), sequence_number_(first_sequence_number) {}

  std::uint32_t ssrc() const noexcept { return ssrc_; }

  /**
   * @param packet RTP without CSRC, extension and padding, as ours are;
   * @param out with room for kMoreBytes more than `size`.
   * @return what it takes there, 0 for what is no packet. Sent() makes the number used.
   */
  std::size_t Write(const std::uint8_t* packet, std::size_t size, std::uint8_t payload_type,
                    std::uint8_t* out) const noexcept;
  void Sent() noexcept { ++sequence_number_; }

 private:
  std::uint32_t ssrc_;
  std::uint16_t sequence_number_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RTP_RTX_SOURCE_H_
