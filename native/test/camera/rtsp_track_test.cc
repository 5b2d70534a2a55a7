#include "dashvoip/camera/rtsp_track.h"

#include <doctest/doctest.h>

#include <vector>

#include "dashvoip/camera/frame_continuity.h"
#include "sim/synthetic_media.h"

namespace dashvoip {
namespace {

using test::Bytes;

/** Bits in the forms of H.264 section 7.2. */
class BitWriter {
 public:
  BitWriter& Bits(std::uint32_t value, unsigned count) {
    while (count-- > 0) {
      if (used_ % 8 == 0) bytes_.push_back(0);
      bytes_.back() |= static_cast<std::uint8_t>((value >> count & 1) << (7 - used_ % 8));
      ++used_;
    }
    return *this;
  }
  BitWriter& Ue(std::uint32_t value) {
    unsigned length = 0;
    while ((value + 1) >> (length + 1) != 0) ++length;
    return Bits(0, length).Bits(value + 1, length + 1);
  }
  /** With the stop bit, as a NAL unit behind a start code. */
  Bytes Nal(std::uint8_t header) {
    Bits(1, 1);
    Bytes nal = {0, 0, 0, 1, header};
    nal.insert(nal.end(), bytes_.begin(), bytes_.end());
    return nal;
  }

 private:
  Bytes bytes_;
  unsigned used_ = 0;
};

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Baseline, 64x48, frame_num of 4 bits.
Bytes Sps() {
  return BitWriter()
      .Bits(66, 8)
      .Bits(0, 8)
      .Bits(30, 8)
      .Ue(0)
      .Ue(0)
      .Ue(2)
      .Ue(1)
      .Bits(0, 1)
      .Ue(3)
      .Ue(2)
      .Bits(3, 2)
      .Bits(0, 2)
      .Nal(0x67);
}
Bytes Pps() { return BitWriter().Ue(0).Ue(0).Bits(0, 2).Ue(0).Nal(0x68); }
const Bytes kDelimiter = {0, 0, 0, 1, 9, 0xf0};

constexpr std::uint32_t kTypeP = 5, kTypeI = 7;

Bytes Slice(std::uint8_t header, std::uint32_t type, std::uint32_t frame_num) {
  return BitWriter().Ue(0).Ue(type).Ue(0).Bits(frame_num, 4).Bits(0x155, 9).Nal(header);
}
Bytes Idr() { return Slice(0x65, kTypeI, 0); }
Bytes Reference(std::uint32_t frame_num) { return Slice(0x41, kTypeP, frame_num); }
Bytes NoReference(std::uint32_t frame_num) { return Slice(0x01, kTypeP, frame_num); }

dashvoip_rtsp_track H264(const Bytes& setup = {}) {
  dashvoip_rtsp_track track = {};
  track.codec = DASHVOIP_RTSP_H264;
  track.kind = CL_VIDEO;
  track.timescale = 90000;
  track.setup = setup.data();
  track.setup_size = static_cast<std::uint32_t>(setup.size());
  return track;
}

dashvoip_rtsp_track Sound(std::uint32_t codec, std::uint32_t rate, std::uint32_t channels) {
  dashvoip_rtsp_track track = {};
  track.codec = codec;
  track.kind = CL_AUDIO;
  track.payload_type = 97;
  track.timescale = rate;
  track.sample_rate = rate;
  track.channels = channels;
  return track;
}

RtspFrame Take(RtspTrack* track, const Bytes& data, std::int64_t pts) {
  dashvoip_rtsp_packet packet = {};
  packet.has_pts = 1;
  packet.pts = pts;
  packet.data = data.data();
  packet.size = static_cast<std::uint32_t>(data.size());
  return track->Take(packet);
}

TEST_CASE("rtsp track: a key frame gets the parameter sets of the session description") {
  const Bytes setup = Sps() + Pps();
  RtspTrack track(H264(setup));
  CHECK(track.info().codec == CL_H264);
  CHECK(track.info().width == 64);
  CHECK(track.info().height == 48);
  CHECK(Take(&track, kDelimiter + Idr(), 0).data == kDelimiter + setup + Idr());
  CHECK(Take(&track, Idr(), 1).data == setup + Idr());
  CHECK(Take(&track, kDelimiter + Reference(1), 2).data == kDelimiter + Reference(1));
}

TEST_CASE("rtsp track: parameter sets that come with the stream are kept for later key frames") {
  RtspTrack track(H264());
  CHECK(track.info().width == 0);
  CHECK(Take(&track, Idr(), 0).data == Idr());
  const Bytes whole = Sps() + Pps() + Idr();
  CHECK(Take(&track, whole, 1).data == whole);
  CHECK(Take(&track, Idr(), 2).data == whole);
}

TEST_CASE("rtsp track: a key frame of H.265 gets its parameter sets, behind its delimiter") {
  const Bytes vps = {0, 0, 0, 1, 0x40, 0x01, 0x0c, 0x01, 0xff};
  // Of x265, 322x242.
  const Bytes sps = {0,    0,    0,    1,    0x42, 0x01, 0x01, 0x01, 0x60, 0x00, 0x00, 0x03, 0x00,
                     0x90, 0x00, 0x00, 0x03, 0x00, 0x00, 0x03, 0x00, 0x3c, 0xa0, 0x0a, 0x88, 0x04,
                     0x07, 0x11, 0x11, 0x96, 0x56, 0x54, 0xa4, 0xc2, 0xf0, 0x16, 0x80, 0x80};
  const Bytes pps = {0, 0, 0, 1, 0x44, 0x01, 0xc0, 0x73, 0xc1, 0x89};
  const Bytes delimiter = {0, 0, 0, 1, 0x46, 0x01, 0x50};
  const Bytes idr = {0, 0, 0, 1, 0x26, 0x01, 0x77};
  const Bytes slice = {0, 0, 0, 1, 0x02, 0x01, 0x77};
  const Bytes setup = vps + sps + pps;
  dashvoip_rtsp_track from = H264(setup);
  from.codec = DASHVOIP_RTSP_H265;
  RtspTrack track(from);
  CHECK(track.info().codec == CL_H265);
  CHECK(track.info().width == 322);
  CHECK(track.info().height == 242);
  const RtspFrame key = Take(&track, delimiter + idr, 0);
  CHECK(key.type == CL_F_IDR);
  CHECK(key.data == delimiter + setup + idr);
  CHECK(Take(&track, setup + idr, 1).data == setup + idr);
  const RtspFrame other = Take(&track, delimiter + slice, 2);
  CHECK(other.type == CL_F_P);
  CHECK(other.missing == 0);
  CHECK(other.data == delimiter + slice);
}

TEST_CASE("rtsp track: missing pictures are found by frame_num") {
  const Bytes setup = Sps() + Pps();
  RtspTrack track(H264(setup));
  std::int64_t pts = 0;
  const auto missing = [&](const Bytes& unit) { return Take(&track, unit, pts += 3000).missing; };
  CHECK(missing(Reference(9)) == 0);  // who joins late misses nothing
  CHECK(missing(Idr()) == 0);
  CHECK(missing(Reference(1)) == 0);
  CHECK(missing(NoReference(2)) == 0);
  CHECK(missing(NoReference(2)) == 0);
  CHECK(missing(Reference(2)) == 0);
  CHECK(missing(Reference(5)) == 2);
  CHECK(missing(NoReference(8)) == 2);
  CHECK(missing(Reference(8)) == 0);
  for (std::uint32_t i = 9; i < 40; ++i) CHECK(missing(Reference(i % 16)) == 0);
  CHECK(missing(Reference(9)) == 1);
  CHECK(missing(Idr()) == 0);
  CHECK(missing(Idr()) == 0);
  pts += 900000;  // a long pause is no loss
  CHECK(missing(Reference(1)) == 0);
}

TEST_CASE("rtsp track: kinds of pictures, and what is none") {
  const Bytes setup = Sps() + Pps();
  RtspTrack track(H264(setup));
  CHECK(Take(&track, Idr(), 0).type == CL_F_IDR);
  CHECK(Take(&track, Reference(1), 1).type == CL_F_P);
  CHECK(Take(&track, Slice(0x41, kTypeI, 2), 2).type == CL_F_I);
  CHECK(Take(&track, Slice(0x01, 6, 3), 3).type == CL_F_B);
  CHECK(Take(&track, kDelimiter, 4).type == CL_F_OTHER);
  CHECK(Take(&track, {}, 5).data.empty());
  CHECK(Take(&track, {0, 0, 1, 0x41}, 6).missing == 0);
}

TEST_CASE("rtsp track: times have no sign and are made up where they are missing") {
  RtspTrack track(H264());
  const std::uint64_t first = Take(&track, Reference(0), -1).pts;
  CHECK(Take(&track, Reference(0), 2999).pts == first + 3000);
  dashvoip_rtsp_packet packet = {};
  CHECK(track.Take(packet).pts == first + 6000);
}

TEST_CASE("rtsp track: AAC-LC is told by its configuration, other kinds are not for us") {
  dashvoip_rtsp_track from = Sound(DASHVOIP_RTSP_AAC, 90000, 1);
  const auto codec_with = [&from](const Bytes& setup) {
    from.setup = setup.data();
    from.setup_size = static_cast<std::uint32_t>(setup.size());
    return RtspTrack(from).info().codec;
  };
  CHECK(codec_with({}) == CL_OTHER);
  CHECK(codec_with({0x11}) == CL_OTHER);
  CHECK(codec_with({0x2b, 0x11}) == CL_OTHER);  // SBR
  CHECK(codec_with({0x17, 0x90}) == CL_OTHER);  // a rate of its own
  const Bytes low = {0x14, 0x08};
  CHECK(codec_with(low) == CL_AAC_RAW);
  from.setup = low.data();
  from.setup_size = 2;
  from.timescale = 16000;
  const cl_track info = RtspTrack(from).info();
  CHECK(info.sample_rate == 16000);
  CHECK(info.channels == 1);
  CHECK(info.ticks_per_frame == 1024);
  CHECK(info.vendor_id == 97);
}

TEST_CASE("rtsp track: linear sound is turned round, G.711 is decoded") {
  RtspTrack linear(Sound(DASHVOIP_RTSP_L16, 48000, 2));
  CHECK(linear.info().codec == CL_PCM_S16LE);
  CHECK(Take(&linear, {1, 2, 3, 4, 5}, 0).data == Bytes{2, 1, 4, 3});
  RtspTrack a_law(Sound(DASHVOIP_RTSP_PCMA, 8000, 1));
  CHECK(Take(&a_law, {0xd5, 0x2a}, 0).data == Bytes{0x08, 0x00, 0x00, 0x82});
  RtspTrack mu_law(Sound(DASHVOIP_RTSP_PCMU, 8000, 1));
  CHECK(Take(&mu_law, {0xff, 0x80}, 0).data == Bytes{0x00, 0x00, 0x7c, 0x7d});
  CHECK(RtspTrack(Sound(DASHVOIP_RTSP_OTHER, 8000, 1)).info().codec == CL_OTHER);
  CHECK(RtspTrack(Sound(DASHVOIP_RTSP_L16, 0, 0)).info().codec == CL_OTHER);
}

TEST_CASE("rtsp track: missing sound is found by time") {
  RtspTrack track(Sound(DASHVOIP_RTSP_PCMA, 8000, 1));
  const Bytes frame(160, 0xd5);
  CHECK(Take(&track, frame, 1000).missing == 0);
  CHECK(Take(&track, frame, 1160).missing == 0);
  CHECK(Take(&track, frame, 1319).missing == 0);
  CHECK(Take(&track, frame, 1800).missing == 2);
  CHECK(Take(&track, frame, 1960 + 160000000).missing == FrameContinuity::kUnknown - 1);
  CHECK(Take(&track, frame, 1960).missing == FrameContinuity::kUnknown);
  CHECK(Take(&track, frame, 2120).type == CL_F_AUDIO);
}

}  // namespace
}  // namespace dashvoip
