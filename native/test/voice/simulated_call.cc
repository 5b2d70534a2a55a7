#include "voice/simulated_call.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <queue>

#include "dashvoip/base/time_units.h"
#include "dashvoip/voice/emodel.h"
#include "dashvoip/voice/voice_receiver.h"
#include "voice/speech_like.h"

namespace dashvoip {
namespace test {
namespace {

constexpr std::size_t kHeaders = 40;     // IPv4, UDP, RTP
constexpr double kSettleMs = 10 * 1000;  // the buffer may learn for so long
constexpr double kLoopSeconds = 5;       // of speech, again and again
constexpr double kSpurtMs = 1500;        // mean
constexpr double kNoiseEveryMs = 200;
constexpr std::uint8_t kNoiseLevel = 60;     // -dBov
constexpr double kRecoveryWindowMs = 10000;  // behind a stall
constexpr double kPhaseMs = 7;               // of our slots against the sender's packets

std::int64_t Ns(double ms) { return static_cast<std::int64_t>(std::llround(ms * kNsPerMs)); }
double Ms(std::int64_t ns) { return static_cast<double>(ns) / kNsPerMs; }

const AudioCodecInfo& CodecNamed(const Scenario& scenario) {
  for (const AudioCodecInfo& info : kAudioCodecs) {
    if (scenario.codec == info.name) return info;
  }
  throw ScenarioError(scenario.name + ": expected a codec of this build, found \"" +
                      scenario.codec + "\"");
}

/** Words with pauses between them that are nearly still: made once, since that takes longest. */
const std::vector<std::int16_t>& Speech(std::uint32_t rate) {
  static std::map<std::uint32_t, std::vector<std::int16_t>> made;
  std::vector<std::int16_t>& sound = made[rate];
  if (!sound.empty()) return sound;
  sound = SpeechLike(static_cast<std::size_t>(kLoopSeconds * rate), rate);
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double second = std::fmod(static_cast<double>(i) / rate, 2.5);
    if (second > 2) sound[i] = static_cast<std::int16_t>(sound[i] / 200);
  }
  return sound;
}

/** What the far end sends: packets of speech, their times and their numbers. */
class Sender {
 public:
  struct Packet {
    bool noise;
    RtpHeader header;
    const std::vector<std::uint8_t>* payload;
    std::int64_t sent;
  };

  Sender(const Scenario& scenario, const AudioCodecInfo& info)
      : scenario_(scenario),
        random_(scenario.seed + 1),
        ticks_(static_cast<std::uint32_t>(scenario.packet_ms * info.clock_rate / 1000)),
        noise_(1, kNoiseLevel) {
    VoiceCodec codec(BuiltInCoder(info.id), info.sample_rate);
    const std::vector<std::int16_t>& sound = Speech(info.sample_rate);
    const auto size = static_cast<std::size_t>(scenario.packet_ms * info.sample_rate / 1000);
    for (std::size_t at = 0; at + size <= sound.size(); at += size) {
      std::vector<std::uint8_t> payload(codec.MaxPayload(size));
      payload.resize(codec.Encode(&sound[at], size, payload.data()));
      payloads_.push_back(payload);
    }
  }

  double next_ms() const {
    return static_cast<double>(frames_) * scenario_.packet_ms * (1 + scenario_.drift_ppm / 1e6);
  }

  /** What leaves at next_ms(). @return false for nothing. */
  bool Next(Packet* packet) {
    const double now_ms = next_ms();
    packet->sent = Ns(now_ms);
    packet->header.ssrc = 1;
    packet->header.timestamp = static_cast<std::uint32_t>(frames_ * ticks_ + 0xffff0000u);
    const bool spoke = speaks_;
    if (scenario_.talks < 1 && now_ms >= turn_ms_) TakeTurn(now_ms);
    packet->payload = &payloads_[frames_ % payloads_.size()];
    ++frames_;
    packet->noise = !speaks_;
    packet->header.marker = speaks_ && !spoke;
    if (!speaks_) {
      if (!scenario_.noise || now_ms < noise_due_ms_) return false;
      noise_due_ms_ = now_ms + kNoiseEveryMs;
      packet->payload = &noise_;
    }
    packet->header.sequence_number = sequence_++;
    return true;
  }

 private:
  void TakeTurn(double now_ms) {
    speaks_ = !speaks_;
    const double mean = speaks_ ? kSpurtMs : kSpurtMs * (1 - scenario_.talks) / scenario_.talks;
    turn_ms_ = now_ms + mean * (0.3 + 1.4 * random_.NextUnit());
    noise_due_ms_ = now_ms;
  }

  const Scenario& scenario_;
  SeededRandom random_;
  const std::uint32_t ticks_;
  const std::vector<std::uint8_t> noise_;
  std::vector<std::vector<std::uint8_t>> payloads_;
  std::uint64_t frames_ = 0;
  std::uint16_t sequence_ = 65000;
  bool speaks_ = true;
  double turn_ms_ = kSpurtMs;
  double noise_due_ms_ = 0;
};

/** How long it takes behind each stall until the delay is what it was. */
class RecoveryWatch {
 public:
  explicit RecoveryWatch(const Scenario& scenario)
      : slot_ms_(scenario.slot_ms),
        window_ms_(std::min(kRecoveryWindowMs, scenario.network.stall_every_s * 500)) {}

  void OnSlot(double now_ms, bool stalled, bool plays, double wait_ms) {
    if (stalled) {
      if (!stalled_) before_ms_ = steady_ms_;
      stalled_ = true;
      return;
    }
    if (stalled_) {
      stalled_ = false;
      end_ms_ = now_ms;
      watching_ = before_ms_ > 0;
    }
    if (watching_ && now_ms - end_ms_ <= window_ms_) {
      if (!plays || wait_ms > before_ms_ + slot_ms_) {
        longest_ms_ = std::max(longest_ms_, now_ms + slot_ms_ - end_ms_);
      }
    } else if (plays) {
      steady_ms_ += (wait_ms - steady_ms_) * 0.02;
    }
  }
  double longest_ms() const { return longest_ms_; }

 private:
  const double slot_ms_;
  const double window_ms_;
  bool stalled_ = false;
  bool watching_ = false;
  double steady_ms_ = 0;
  double before_ms_ = 0;
  double end_ms_ = 0;
  double longest_ms_ = 0;
};

class Call {
 public:
  Call(const Scenario& scenario, double seconds)
      : scenario_(scenario),
        info_(CodecNamed(scenario)),
        end_ms_(std::min(seconds, scenario.seconds) * 1000),
        sender_(scenario, info_),
        network_(scenario.network, scenario.seed),
        codec_(BuiltInCoder(info_.id), info_.sample_rate),
        receiver_(info_.sample_rate, static_cast<std::uint32_t>(scenario.cap_ms)),
        slot_(static_cast<std::size_t>(scenario.slot_ms * info_.sample_rate / 1000)),
        recovery_(scenario) {}

  CallFigures Run() {
    bool settled = false;
    for (double now_ms = kPhaseMs; now_ms < end_ms_; now_ms += scenario_.slot_ms) {
      SendUntil(now_ms);
      Deliver(Ns(now_ms));
      const bool sounds = receiver_.Render(Ns(now_ms), slot_.data(), slot_.size());
      if (!settled && now_ms >= kSettleMs) {
        settled = true;
        before_ = receiver_.Snapshot();
        packets_ = 0;
        ways_ms_.clear();
      }
      if (settled) Look(now_ms, sounds);
    }
    return Figures();
  }

 private:
  struct Arrival {
    std::int64_t at;
    std::uint64_t order;  // of those that come at the same time
    Sender::Packet packet;
    bool operator>(const Arrival& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  void SendUntil(double now_ms) {
    while (sender_.next_ms() <= now_ms) {
      Sender::Packet packet;
      if (!sender_.Next(&packet)) continue;
      const Delivery delivery = network_.Carry(packet.sent, kHeaders + packet.payload->size());
      for (std::size_t i = 0; i < delivery.count; ++i)
        arrivals_.push({delivery.at[i], sent_++, packet});
      if (delivery.count > 0) ways_ms_.push_back(Ms(delivery.at[0] - packet.sent));
    }
  }

  void Deliver(std::int64_t now) {
    for (; !arrivals_.empty() && arrivals_.top().at <= now; arrivals_.pop()) {
      const Arrival& arrival = arrivals_.top();
      RtpPacket packet;
      packet.header = arrival.packet.header;
      packet.payload = arrival.packet.payload->data();
      packet.payload_size = arrival.packet.payload->size();
      if (arrival.packet.noise) {
        receiver_.PutNoise(packet, info_.clock_rate, arrival.at);
      } else {
        receiver_.Put(packet, &codec_, arrival.at);
        ++packets_;
      }
    }
  }

  void Look(double now_ms, bool sounds) {
    const double wait_ms = receiver_.Snapshot().wait * 1000.0 / info_.sample_rate;
    const std::uint64_t played = receiver_.Snapshot().played;
    const bool plays = sounds && played > played_;
    played_ = played;
    recovery_.OnSlot(now_ms, network_.Stalled(Ns(now_ms)), plays, wait_ms);
    if (!plays) return;
    wait_sum_ms_ += wait_ms;
    ++slots_;
  }

  CallFigures Figures() {
    const JitterBufferSnapshot now = receiver_.Snapshot();
    const auto since = [&](std::uint64_t JitterBufferSnapshot::*counter) {
      return static_cast<double>(now.*counter - before_.*counter);
    };
    using S = JitterBufferSnapshot;
    CallFigures figures;
    const double played = std::max(1.0, since(&S::played));
    figures.concealed = since(&S::concealed) / (played + since(&S::concealed));
    figures.late = since(&S::late_packets) / std::max<double>(1, packets_);
    figures.stretched = (since(&S::inserted) + since(&S::removed)) / played;
    figures.discarded = since(&S::discarded) / std::max(1.0, since(&S::received));
    figures.restarts = since(&S::restarts);
    figures.delay_ms = slots_ > 0 ? wait_sum_ms_ / slots_ : 0;
    figures.jitter97_ms = Jitter97();
    figures.recovery_ms = recovery_.longest_ms();
    const double ear_ms = scenario_.packet_ms + scenario_.network.way_ms + figures.delay_ms;
    figures.mos = RateVoice(ImpairmentOf(info_), figures.concealed, ear_ms).mos;
    return figures;
  }

  double Jitter97() {
    if (ways_ms_.empty()) return 0;
    std::sort(ways_ms_.begin(), ways_ms_.end());
    return ways_ms_[ways_ms_.size() * 97 / 100] - ways_ms_.front();
  }

  const Scenario& scenario_;
  const AudioCodecInfo& info_;
  const double end_ms_;
  Sender sender_;
  Network network_;
  VoiceCodec codec_;
  VoiceReceiver receiver_;
  std::vector<std::int16_t> slot_;
  std::priority_queue<Arrival, std::vector<Arrival>, std::greater<Arrival>> arrivals_;
  JitterBufferSnapshot before_;
  RecoveryWatch recovery_;
  std::vector<double> ways_ms_;
  std::uint64_t sent_ = 0;
  std::uint64_t packets_ = 0;
  std::uint64_t played_ = 0;
  double wait_sum_ms_ = 0;
  int slots_ = 0;
};

}  // namespace

CallFigures Simulate(const Scenario& scenario, double most_seconds) {
  return Call(scenario, most_seconds).Run();
}

}  // namespace test
}  // namespace dashvoip
