#ifndef DASHVOIP_CODEC_G711_H_
#define DASHVOIP_CODEC_G711_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** The two laws of ITU-T G.711; one byte per sample at 8 kHz. */
enum class G711Law { kALaw, kMuLaw };  // PCMA is payload type 8, PCMU 0 (RFC 3551 §6)

/** Silence as a byte: the code of the smallest positive value. */
constexpr std::uint8_t kALawSilence = 0xd5;
constexpr std::uint8_t kMuLawSilence = 0xff;

/** One sample, 16-bit linear; A-law uses its upper 13 bits, µ-law 14. */
std::uint8_t ALawFromLinear(std::int16_t sample) noexcept;
std::uint8_t MuLawFromLinear(std::int16_t sample) noexcept;
std::int16_t LinearFromALaw(std::uint8_t code) noexcept;
std::int16_t LinearFromMuLaw(std::uint8_t code) noexcept;

void G711Encode(G711Law law, const std::int16_t* in, std::size_t count, std::uint8_t* out) noexcept;
void G711Decode(G711Law law, const std::uint8_t* in, std::size_t count, std::int16_t* out) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_G711_H_
