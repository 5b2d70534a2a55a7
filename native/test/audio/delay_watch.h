#ifndef DASHVOIP_TEST_AUDIO_DELAY_WATCH_H_
#define DASHVOIP_TEST_AUDIO_DELAY_WATCH_H_

#include <cstdint>

#include "dashvoip/base/time_units.h"

namespace dashvoip {
namespace test {

/** Five minutes of virtual time for two clocks that differ, and the delay between them. */
class DelayWatch {
 public:
  static constexpr std::int64_t kEndNs = 300 * kNsPerSecond;

  /** Without sound the first seconds long: playing has begun and the level is known. */
  void Note(double delay_ms, std::int64_t now_ns) {
    if (now_ns >= 5 * kNsPerSecond && now_ns < 15 * kNsPerSecond) first_.Add(delay_ms);
    if (now_ns >= kEndNs - 10 * kNsPerSecond) last_.Add(delay_ms);
  }
  /** By how much the delay of the last ten seconds is more than it was at first. */
  double GrownMs() const { return last_.Get() - first_.Get(); }

 private:
  struct Mean {
    void Add(double value) {
      sum += value;
      ++count;
    }
    double Get() const { return sum / count; }
    double sum = 0;
    int count = 0;
  };
  Mean first_;
  Mean last_;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_AUDIO_DELAY_WATCH_H_
