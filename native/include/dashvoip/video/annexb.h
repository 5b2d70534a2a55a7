#ifndef DASHVOIP_VIDEO_ANNEXB_H_
#define DASHVOIP_VIDEO_ANNEXB_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/** NAL unit types of ITU-T H.264 table 7-1 and RFC 6184 table 1 that we act on. */
enum H264NalType : std::uint8_t {
  kNalSlice = 1,
  kNalIdr = 5,
  kNalSei = 6,
  kNalSps = 7,
  kNalPps = 8,
  kNalAud = 9,
  kNalEndOfSequence = 10,
  kNalEndOfStream = 11,
  kNalFiller = 12,
  kNalStapA = 24,
  kNalFuA = 28,
};

/** One NAL unit without start code; points into the access unit. */
struct NalUnit {
  const std::uint8_t* data = nullptr;
  std::size_t size = 0;  ///< at least 1

  std::uint8_t type() const noexcept { return data[0] & 0x1f; }
  /** nal_ref_idc, 0..3. */
  std::uint8_t ref_idc() const noexcept { return data[0] >> 5 & 3; }
  bool forbidden() const noexcept { return (data[0] & 0x80) != 0; }
};

/**
 * Walks through an access unit in the byte stream format of H.264 Annex B: start codes of 3 or 4
 * bytes, zero bytes before and after NAL units. Bytes in front of the first start code are passed
 * over; any input is allowed.
 */
class AnnexBReader {
 public:
  AnnexBReader(const std::uint8_t* data, std::size_t size) noexcept;
  /** @return false at the end. */
  bool Next(NalUnit* out) noexcept;

 private:
  const std::uint8_t* at_;  // behind a start code, or end_
  const std::uint8_t* end_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_VIDEO_ANNEXB_H_
