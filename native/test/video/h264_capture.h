#ifndef DASHVOIP_TEST_VIDEO_H264_CAPTURE_H_
#define DASHVOIP_TEST_VIDEO_H264_CAPTURE_H_

#include <cstdint>
#include <vector>

#include "rtp/test_files.h"

namespace dashvoip {
namespace test {

/** A picture as a receiver puts it together (RFC 6184): its NAL units, without start codes. */
struct Picture {
  std::uint32_t timestamp = 0;
  bool marked = false;  ///< the last packet carried the marker
  std::vector<Bytes> nal_units;
};

/**
 * Depacketizes single NAL units, STAP-A and FU-A. Throws std::runtime_error on anything that RFC
 * 6184 forbids: a gap in a fragmented unit, lengths that do not add up, another packet type.
 */
class Depacketizer {
 public:
  void OnPacket(const std::uint8_t* data, std::size_t size);
  const std::vector<Picture>& pictures() const { return pictures_; }

 private:
  void Add(const Bytes& nal) { pictures_.back().nal_units.push_back(nal); }

  std::vector<Picture> pictures_;
  Bytes fragment_;
  bool has_sequence_ = false;
  std::uint16_t next_sequence_ = 0;
};

/** The pictures of test/data/pcap/h264.pcap. */
std::vector<Picture> CapturedPictures();

/** With start codes of four bytes. */
Bytes AnnexB(const std::vector<Bytes>& nal_units);

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_VIDEO_H264_CAPTURE_H_
