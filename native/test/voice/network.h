#ifndef DASHVOIP_TEST_VOICE_NETWORK_H_
#define DASHVOIP_TEST_VOICE_NETWORK_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dashvoip/base/random_source.h"

namespace dashvoip {
namespace test {

/** What a network does to packets. Shares are 0..1. */
struct NetworkForm {
  enum class Jitter {
    kNone,
    kUniform,      ///< of 0 to `jitter_ms`
    kNormal,       ///< of this standard deviation, cut off three of them before the mean
    kExponential,  ///< of this mean
    kTrace,
  };
  /** From the second `at` on the way is so much longer, or shorter. */
  struct Shift {
    double at_s;
    double by_ms;
  };

  double way_ms = 40;  ///< of the fastest packet
  Jitter jitter = Jitter::kNone;
  double jitter_ms = 0;
  std::vector<double> trace;  ///< ms for each 20 ms of sending, again and again; below 0: lost
  bool overtaking = true;     ///< a packet may overtake the one before it, as with netem

  /** Gilbert and Elliott: all is lost in the bad state, nothing in the good one. */
  double good_to_bad = 0;
  double bad_to_good = 1;

  double reordered = 0;  ///< share of packets that are held back ...
  double held_ms = 0;    ///< ... for this long
  double duplicated = 0;

  double rate_kbit = 0;  ///< with headers, 0: any; what waits longer than `queue_ms` is lost
  double queue_ms = 0;

  double stall_every_s = 0;  ///< 0: never; the first at that time
  double stall_ms = 0;       ///< nothing arrives for this long, then all of it at once
  std::vector<Shift> shifts;
};

/** When a packet arrives, ns: never, once or twice. */
struct Delivery {
  std::size_t count = 0;
  std::int64_t at[2] = {0, 0};
};

/** Carries one direction of a call, in whatever time its caller lives. */
class Network {
 public:
  Network(const NetworkForm& form, std::uint64_t seed) : form_(form), random_(seed) {}

  /** @param sent ns since the call began, never falling; @param bytes with all headers. */
  Delivery Carry(std::int64_t sent, std::size_t bytes);

  /** Whether nothing arrives at that time. */
  bool Stalled(std::int64_t at) const;

 private:
  bool Lost();
  bool Queued(double* at_ms, std::size_t bytes);
  double JitterMs(double sent_ms, bool* lost);
  double AfterStall(double at_ms) const;

  const NetworkForm form_;
  SeededRandom random_;
  bool bad_ = false;
  double line_free_ms_ = 0;
  double last_at_ms_ = 0;
};

/** The numbers of a trace: ms, `-` for a lost packet, `#` before a comment. */
std::vector<double> ReadTrace(const std::string& path);

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_VOICE_NETWORK_H_
