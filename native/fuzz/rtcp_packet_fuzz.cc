#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dashvoip/rtp/rtcp_packet.h"
#include "dashvoip/rtp/rtcp_session.h"

namespace {

// Reads every byte it is told of, so that a pointer past the end is found.
struct Reader : dashvoip::RtcpListener {
  void OnCname(std::uint32_t, const char* name, std::size_t size) noexcept override {
    for (std::size_t i = 0; i < size; ++i) sum += static_cast<unsigned char>(name[i]);
    ++told;
  }
  void OnSenderReport(std::uint32_t, const dashvoip::SenderInfo&) noexcept override { ++told; }
  void OnReportBlock(std::uint32_t, const dashvoip::ReportBlock& block) noexcept override {
    if (block.cumulative_lost > 0x7fffff || block.cumulative_lost < -0x800000) std::abort();
    ++told;
  }
  unsigned sum = 0;
  unsigned told = 0;
};

}  // namespace

// RTCP compound packet, and the session that acts on it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  Reader reader;
  const RtcpParseResult result = ParseRtcp(data, size, &reader);
  if (result != RtcpParseResult::kOk && reader.told > 0) std::abort();

  SeededRandom random(1);
  RtcpSettings settings;
  settings.ssrc = 1;
  settings.cname = "fuzz";
  settings.clock_rate = 8000;
  settings.bandwidth = 80000;
  RtcpSession session(settings, &random);
  ReceiveStatistics statistics(8000);
  session.Start(0);
  session.OnRtpSent(0, 0, 160, 0);
  session.OnRtcpReceived(data, size, 1000000);
  std::uint8_t out[256];
  session.OnTimer(2000000000, &statistics, out, sizeof out);
  session.WriteBye(3000000000, &statistics, out, sizeof out);
  return 0;
}
