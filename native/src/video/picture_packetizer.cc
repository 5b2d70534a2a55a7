#include "dashvoip/video/picture_packetizer.h"

#include <algorithm>
#include <cstring>

#include "dashvoip/base/byte_order.h"
#include "dashvoip/rtp/packet.h"

namespace dashvoip {

namespace {

constexpr std::size_t kMinPayload = 64;
constexpr std::size_t kAggregateLength = 2;
constexpr std::uint8_t kFuStart = 0x80;
constexpr std::uint8_t kFuEnd = 0x40;
constexpr std::uint8_t kMarker = 0x80;

// RFC 7798 §4.4.2 and §4.4.3.
constexpr std::uint8_t kH265Aggregate = 48;
constexpr std::uint8_t kH265Fragment = 49;

}  // namespace

/** What an access unit holds. */
struct PicturePacketizer::Contents {
  bool key_frame = false;
  bool has_vps = false;
  bool has_sps = false;
  bool has_pps = false;
  bool has_slice = false;
  std::size_t largest_slice = 0;
};

constexpr std::size_t PicturePacketizer::kMaxAggregate;

PicturePacketizer::PicturePacketizer(const PicturePacketizerSettings& settings,
                                     PacketRing* ring) noexcept
    : settings_(settings),
      ring_(ring),
      parameter_sets_(settings.codec),
      sequence_number_(settings.first_sequence_number) {
  settings_.max_payload = std::max(settings_.max_payload, kMinPayload);
}

PicturePacketizer::Contents PicturePacketizer::Inspect(const std::uint8_t* access_unit,
                                                       std::size_t size) noexcept {
  Contents contents;
  AnnexBReader reader(access_unit, size);
  NalUnit nal;
  while (reader.Next(&nal)) {
    if (nal.forbidden()) {
      ++counters_.malformed_nal_units;
      continue;
    }
    parameter_sets_.Update(nal);
    const NalRole role = RoleOf(settings_.codec, nal);
    contents.has_vps = contents.has_vps || role == NalRole::kVps;
    contents.has_sps = contents.has_sps || role == NalRole::kSps;
    contents.has_pps = contents.has_pps || role == NalRole::kPps;
    contents.key_frame = contents.key_frame || role == NalRole::kKeySlice;
    if (role != NalRole::kSlice && role != NalRole::kKeySlice) continue;
    contents.has_slice = true;
    contents.largest_slice = std::max(contents.largest_slice, nal.size);
  }
  return contents;
}

PicturePacketizer::Result PicturePacketizer::Packetize(const std::uint8_t* access_unit,
                                                       std::size_t size, std::uint32_t timestamp,
                                                       std::size_t* packets) noexcept {
  *packets = 0;
  const Contents contents = Inspect(access_unit, size);
  if (!contents.has_slice) return Result::kEmpty;
  if (awaiting_key_frame_ && !contents.key_frame) return Drop();
  const std::uint16_t first_sequence_number = sequence_number_;
  timestamp_ = timestamp;
  picture_packets_ = 0;
  picture_bytes_ = 0;
  last_header_ = nullptr;
  aggregate_count_ = 0;
  aggregate_size_ = 0;
  if (!WritePicture(access_unit, size, contents)) {
    ring_->Rollback();
    sequence_number_ = first_sequence_number;
    return Drop();
  }
  if (last_header_ == nullptr) return Result::kEmpty;
  last_header_[1] |= kMarker;  // RFC 6184 §5.1, RFC 7798 §4.1: last of the access unit
  *packets = ring_->Commit();
  awaiting_key_frame_ = false;
  ++counters_.pictures;
  if (!is_h265() && settings_.packetization_mode == 0 &&
      contents.largest_slice > settings_.max_payload) {
    ++counters_.oversize_pictures;
  }
  if (contents.key_frame) ++counters_.key_pictures;
  counters_.packets += picture_packets_;
  counters_.payload_bytes += picture_bytes_;
  return Result::kSent;
}

PicturePacketizer::Result PicturePacketizer::Drop() noexcept {
  awaiting_key_frame_ = true;
  ++counters_.dropped_pictures;
  return Result::kDropped;
}

bool PicturePacketizer::WritePicture(const std::uint8_t* access_unit, std::size_t size,
                                     const Contents& contents) noexcept {
  const bool has_all = contents.has_sps && contents.has_pps && (contents.has_vps || !is_h265());
  bool owes_sets = contents.key_frame && !has_all && parameter_sets_.complete();
  AnnexBReader reader(access_unit, size);
  NalUnit nal;
  while (reader.Next(&nal)) {
    const NalRole role = RoleOf(settings_.codec, nal);
    if (nal.forbidden() || role == NalRole::kNone) continue;
    if (owes_sets && role != NalRole::kDelimiter) {
      if (!WriteParameterSets()) return false;
      owes_sets = false;
    }
    if (!WriteNal(nal)) return false;
  }
  return FlushAggregate();
}

// RFC 6184 §8.4: whoever joins or lost something can begin at any key frame.
bool PicturePacketizer::WriteParameterSets() noexcept {
  ++counters_.repeated_parameter_sets;
  for (std::size_t i = 0; i < parameter_sets_.count(); ++i) {
    if (!WriteNal(parameter_sets_.at(i))) return false;
  }
  return true;
}

bool PicturePacketizer::WriteNal(const NalUnit& nal) noexcept {
  const bool aggregates = is_h265() || settings_.packetization_mode == 1;
  // RFC 6184 §6.2: single NAL unit mode has no fragments, but the camera's slices are what they
  // are, and who says mode 0, or is older than modes, mostly takes them: better than no picture for
  // sure.
  if (nal.size > settings_.max_payload) return FlushAggregate() && WriteFragments(nal);
  const std::size_t size = kAggregateLength + nal.size;
  const bool fits =
      aggregate_count_ < kMaxAggregate &&
      NalHeaderSize(settings_.codec) + aggregate_size_ + size <= settings_.max_payload;
  if (aggregate_count_ > 0 && !(aggregates && fits) && !FlushAggregate()) return false;
  aggregate_[aggregate_count_++] = nal;
  aggregate_size_ += size;
  return true;
}

// One NAL unit goes as it is (RFC 6184 §5.6, RFC 7798 §4.4.1), several share a packet.
bool PicturePacketizer::FlushAggregate() noexcept {
  if (aggregate_count_ == 0) return true;
  const bool single = aggregate_count_ == 1;
  const std::size_t header = NalHeaderSize(settings_.codec);
  std::uint8_t* p = AppendPacket(single ? aggregate_[0].size : header + aggregate_size_);
  if (p == nullptr) return false;
  if (single) {
    std::memcpy(p, aggregate_[0].data, aggregate_[0].size);
  } else {
    WriteAggregateHeader(p);
    p += header;
    for (std::size_t i = 0; i < aggregate_count_; ++i) {
      WriteU16(p, static_cast<std::uint16_t>(aggregate_[i].size));
      std::memcpy(p + kAggregateLength, aggregate_[i].data, aggregate_[i].size);
      p += kAggregateLength + aggregate_[i].size;
    }
  }
  aggregate_count_ = 0;
  aggregate_size_ = 0;
  return true;
}

// STAP-A (RFC 6184 §5.7.1): the highest importance; AP (RFC 7798 §4.4.2): the lowest temporal
// layer.
void PicturePacketizer::WriteAggregateHeader(std::uint8_t* out) const noexcept {
  std::uint8_t importance = 0;
  std::uint8_t layer = 0xff;
  for (std::size_t i = 0; i < aggregate_count_; ++i) {
    importance = std::max(importance, aggregate_[i].ref_idc());
    if (is_h265()) layer = std::min(layer, aggregate_[i].data[1]);
  }
  if (is_h265()) {
    out[0] = kH265Aggregate << 1;
    out[1] = layer;
  } else {
    out[0] = static_cast<std::uint8_t>(importance << 5 | kNalStapA);
  }
}

// RFC 6184 §5.8, RFC 7798 §4.4.3: the NAL header travels in the payload header and in the FU
// header. Parts of equal size, so that the last one is not a very small one.
bool PicturePacketizer::WriteFragments(const NalUnit& nal) noexcept {
  const std::size_t header = NalHeaderSize(settings_.codec);
  const std::size_t headers = header + 1;
  const std::uint8_t* at = nal.data + header;
  std::size_t left = nal.size - header;
  const std::size_t most = settings_.max_payload - headers;
  std::size_t parts = (left + most - 1) / most;
  std::uint8_t position = kFuStart;
  for (; parts > 0; --parts) {
    const std::size_t part = (left + parts - 1) / parts;
    std::uint8_t* p = AppendPacket(headers + part);
    if (p == nullptr) return false;
    if (parts == 1) position |= kFuEnd;
    p[0] = static_cast<std::uint8_t>(is_h265() ? kH265Fragment << 1 : nal.ref_idc() << 5 | kNalFuA);
    if (is_h265()) p[1] = nal.data[1];
    p[header] = static_cast<std::uint8_t>(position | (is_h265() ? H265TypeOf(nal) : nal.type()));
    std::memcpy(p + headers, at, part);
    at += part;
    left -= part;
    position = 0;
  }
  return true;
}

// @return where the payload goes, nullptr when the ring is full.
std::uint8_t* PicturePacketizer::AppendPacket(std::size_t payload_size) noexcept {
  std::uint8_t* packet = ring_->Append(kRtpHeaderSize + payload_size);
  if (packet == nullptr) return nullptr;
  RtpHeader header;
  header.payload_type = settings_.payload_type;
  header.sequence_number = sequence_number_++;
  header.timestamp = timestamp_;
  header.ssrc = settings_.ssrc;
  WriteRtpHeader(header, packet);
  last_header_ = packet;
  ++picture_packets_;
  picture_bytes_ += payload_size;
  return packet + kRtpHeaderSize;
}

}  // namespace dashvoip
