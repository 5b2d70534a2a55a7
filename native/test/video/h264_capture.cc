#include "video/h264_capture.h"

#include <algorithm>
#include <stdexcept>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/rtp/packet.h"

namespace dashvoip {
namespace test {

void Depacketizer::OnPacket(const std::uint8_t* data, std::size_t size) {
  RtpPacket packet;
  if (ParseRtpPacket(data, size, &packet) != RtpParseResult::kOk || packet.payload_size == 0) {
    throw std::runtime_error("no RTP packet with payload");
  }
  const bool gap = has_sequence_ && packet.header.sequence_number != next_sequence_;
  has_sequence_ = true;
  next_sequence_ = static_cast<std::uint16_t>(packet.header.sequence_number + 1);
  if (gap) {
    fragment_.clear();
    throw std::runtime_error("sequence numbers have a gap");
  }
  if (pictures_.empty() || pictures_.back().timestamp != packet.header.timestamp) {
    pictures_.emplace_back();
    pictures_.back().timestamp = packet.header.timestamp;
  }
  if (pictures_.back().marked) throw std::runtime_error("packet behind the marker");
  pictures_.back().marked = packet.header.marker;

  const std::uint8_t* p = packet.payload;
  const std::size_t length = packet.payload_size;
  const int type = p[0] & 0x1f;
  if (type >= 1 && type <= 23) {
    Add(Bytes(p, p + length));
  } else if (type == 24) {
    std::vector<Bytes> units;
    for (std::size_t at = 1; at < length;) {
      if (length - at < 2) throw std::runtime_error("STAP-A: cut short");
      const std::size_t part = ReadU16(p + at);
      if (part == 0 || length - at - 2 < part) throw std::runtime_error("STAP-A: wrong length");
      units.emplace_back(p + at + 2, p + at + 2 + part);
      at += 2 + part;
    }
    for (const Bytes& unit : units) Add(unit);
  } else if (type == 28 && length > 2) {
    const bool start = (p[1] & 0x80) != 0;
    const bool end = (p[1] & 0x40) != 0;
    if (start && end) throw std::runtime_error("FU-A: start and end in one");
    if (start != fragment_.empty()) throw std::runtime_error("FU-A: out of order");
    if (start) fragment_.push_back(static_cast<std::uint8_t>((p[0] & 0xe0) | (p[1] & 0x1f)));
    fragment_.insert(fragment_.end(), p + 2, p + length);
    if (end) {
      Add(fragment_);
      fragment_.clear();
    }
  } else {
    throw std::runtime_error("packet type that mode 1 does not have");
  }
}

std::vector<Picture> CapturedPictures() {
  Depacketizer depacketizer;
  int refused = 0;
  for (const CapturedDatagram& datagram : ReadCapture("pcap/h264.pcap")) {
    try {
      depacketizer.OnPacket(datagram.payload.data(), datagram.payload.size());
    } catch (const std::runtime_error&) {
      ++refused;
    }
  }
  // The capture has a gap, and in its 140th packet a STAP-A that announces more than it holds.
  if (refused > 5) throw std::runtime_error("h264.pcap is not the capture we know");
  std::vector<Picture> pictures = depacketizer.pictures();
  pictures.erase(std::remove_if(pictures.begin(), pictures.end(),
                                [](const Picture& picture) { return picture.nal_units.empty(); }),
                 pictures.end());
  return pictures;
}

Bytes AnnexB(const std::vector<Bytes>& nal_units) {
  Bytes bytes;
  for (const Bytes& nal : nal_units) {
    bytes.insert(bytes.end(), {0, 0, 0, 1});
    bytes.insert(bytes.end(), nal.begin(), nal.end());
  }
  return bytes;
}

}  // namespace test
}  // namespace dashvoip
