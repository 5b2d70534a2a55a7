#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "dashvoip/rtp/pacing_statistics.h"
#include "dashvoip/rtp/receive_statistics.h"
#include "dashvoip/rtp/rtcp_session.h"
#include "dashvoip/video/picture_packetizer.h"
#include "dashvoip/video/video_pacer.h"
#include "dashvoip/voice/voice_codec.h"
#include "dashvoip/voice/voice_receiver.h"

// What the cores of the media plane cost for each slot of 20 ms, without system calls.

namespace {

using namespace dashvoip;

constexpr std::int64_t kFrameNs = 20000000;
constexpr std::size_t kFrame = 160;

template <typename Work>
void Report(const char* name, int slots, Work work) {
  const auto begin = std::chrono::steady_clock::now();
  for (int slot = 0; slot < slots; ++slot) work(slot);
  const std::chrono::duration<double, std::micro> spent = std::chrono::steady_clock::now() - begin;
  std::printf("%-44s %8.3f us per slot\n", name, spent.count() / slots);
}

std::vector<std::int16_t> Voice() {
  std::vector<std::int16_t> voice(8000);
  for (std::size_t n = 0; n < voice.size(); ++n) {
    const double t = static_cast<double>(n) / 8000;
    voice[n] = static_cast<std::int16_t>(4000 * std::sin(753.98 * t) + 2000 * std::sin(3015.9 * t));
  }
  return voice;
}

/** Both directions of a G.711 call. @param lost every so many packets, 0 for none. */
class Call {
 public:
  explicit Call(int lost) : lost_(lost) {}

  void Slot(int slot) {
    const std::int64_t now = slot * kFrameNs;
    const std::int16_t* microphone = voice_.data() + (slot % 50) * static_cast<int>(kFrame);
    // Up.
    std::uint8_t datagram[kRtpHeaderSize + kFrame];
    header_.sequence_number = static_cast<std::uint16_t>(slot);
    header_.timestamp = static_cast<std::uint32_t>(slot) * kFrame;
    WriteRtpHeader(header_, datagram);
    codec_.Encode(microphone, kFrame, datagram + kRtpHeaderSize);
    rtcp_.OnRtpSent(header_.timestamp, now, kFrame, now);
    pacing_.OnSent(now, now + 50000);
    // Down.
    RtpPacket packet;
    const bool arrives = lost_ == 0 || slot % lost_ != 0;
    if (arrives && ParseRtpPacket(datagram, sizeof datagram, &packet) == RtpParseResult::kOk) {
      const std::int64_t arrival = now - 9000000 + (slot * 7919 % 5000) * 1000;
      statistics_.OnPacket(packet, arrival);
      rtcp_.OnRtpReceived(arrival);
      receiver_.Put(packet, &codec_, arrival);
    }
    std::int16_t speaker[kFrame];
    receiver_.Render(now, speaker, kFrame);
    std::uint8_t report[256];
    rtcp_.OnTimer(now, &statistics_, report, sizeof report);
    heard_ += speaker[80];
  }
  int heard() const { return heard_; }

 private:
  static RtcpSettings Settings() {
    RtcpSettings settings;
    settings.ssrc = 1;
    settings.cname = "camera@192.0.2.1";
    settings.clock_rate = 8000;
    settings.bandwidth = 80000;
    return settings;
  }

  int lost_;
  int heard_ = 0;
  std::vector<std::int16_t> voice_ = Voice();
  RtpHeader header_;
  SeededRandom random_{1};
  RtcpSession rtcp_{Settings(), &random_};
  ReceiveStatistics statistics_{8000};
  PacingStatistics pacing_;
  VoiceCodec codec_{BuiltInCoder(AudioCodec::kPcma), 8000};
  VoiceReceiver receiver_{8000, 200};
};

/** 2 Mbit/s at 30 pictures per second: 8333 bytes each. */
class Video {
 public:
  Video() {
    for (std::size_t i = 0; i < picture_.size(); ++i) {
      picture_[i] = static_cast<std::uint8_t>(1 + i * 37 % 255);
    }
    const std::uint8_t head[] = {0, 0, 0, 1, 0x65};
    std::copy(head, head + sizeof head, picture_.begin());
  }

  void Picture(int n) {
    const std::int64_t now = n * 33333333LL;
    std::size_t packets = 0;
    packetizer_.Packetize(picture_.data(), picture_.size(), static_cast<std::uint32_t>(n) * 3000,
                          &packets);
    pacer_.OnPicture(packets, n % 30 == 0, 33333333, now);
    while (pacer_.next_deadline() != VideoPacer::kNever) {
      ring_.Pop(pacer_.TakeDue(pacer_.next_deadline()));
    }
  }

 private:
  std::vector<std::uint8_t> picture_ = std::vector<std::uint8_t>(8333);
  PacketRing ring_{512, 512 * 1024};
  PicturePacketizer packetizer_{PicturePacketizerSettings(), &ring_};
  VideoPacer pacer_{64};
};

}  // namespace

int main() {
  constexpr int kSlots = 100000;
  Call even(0);
  Report("G.711 call, both directions", kSlots, [&even](int slot) { even.Slot(slot); });
  Call lossy(10);
  Report("G.711 call, every tenth packet lost", kSlots, [&lossy](int slot) { lossy.Slot(slot); });
  Video video;
  Report("H.264 picture of 2 Mbit/s (of 33 ms)", kSlots / 4,
         [&video](int slot) { video.Picture(slot); });
  return even.heard() == lossy.heard() ? 1 : 0;
}
