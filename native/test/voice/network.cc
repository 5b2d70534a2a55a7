#include "voice/network.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace dashvoip {
namespace test {
namespace {

constexpr double kTraceStepMs = 20;
constexpr double kNsPerMsOfDouble = 1e6;
constexpr double kTwoPi = 6.283185307179586;

double NormalOf(SeededRandom* random) {
  const double radius = std::sqrt(-2 * std::log(1 - random->NextUnit()));
  return radius * std::cos(kTwoPi * random->NextUnit());
}

}  // namespace

Delivery Network::Carry(std::int64_t sent, std::size_t bytes) {
  Delivery delivery;
  const double sent_ms = static_cast<double>(sent) / kNsPerMsOfDouble;
  bool lost = Lost();
  const double jitter_ms = JitterMs(sent_ms, &lost);
  double at_ms = sent_ms;
  if (!lost && form_.rate_kbit > 0) lost = !Queued(&at_ms, bytes);
  if (lost) return delivery;

  at_ms += form_.way_ms + jitter_ms;
  for (const NetworkForm::Shift& shift : form_.shifts) {
    if (sent_ms >= shift.at_s * 1000) at_ms += shift.by_ms;
  }
  at_ms = AfterStall(at_ms);
  if (!form_.overtaking) at_ms = last_at_ms_ = std::max(at_ms, last_at_ms_);
  if (random_.NextUnit() < form_.reordered) at_ms += form_.held_ms;
  delivery.at[delivery.count++] = static_cast<std::int64_t>(at_ms * kNsPerMsOfDouble);
  if (random_.NextUnit() < form_.duplicated) {
    delivery.at[delivery.count++] = static_cast<std::int64_t>((at_ms + 1) * kNsPerMsOfDouble);
  }
  return delivery;
}

bool Network::Lost() {
  bad_ = random_.NextUnit() < (bad_ ? 1 - form_.bad_to_good : form_.good_to_bad);
  return bad_;
}

/** One queue that is emptied at the rate of the line. */
bool Network::Queued(double* at_ms, std::size_t bytes) {
  const double begins = std::max(*at_ms, line_free_ms_);
  if (begins - *at_ms > form_.queue_ms) return false;
  line_free_ms_ = begins + static_cast<double>(bytes) * 8 / form_.rate_kbit;
  *at_ms = line_free_ms_;
  return true;
}

double Network::JitterMs(double sent_ms, bool* lost) {
  switch (form_.jitter) {
    case NetworkForm::Jitter::kNone:
      return 0;
    case NetworkForm::Jitter::kUniform:
      return form_.jitter_ms * random_.NextUnit();
    case NetworkForm::Jitter::kNormal:
      return form_.jitter_ms * std::max(0.0, 3 + NormalOf(&random_));
    case NetworkForm::Jitter::kExponential:
      return -form_.jitter_ms * std::log(1 - random_.NextUnit());
    case NetworkForm::Jitter::kTrace:
      break;
  }
  const auto step = static_cast<std::size_t>(sent_ms / kTraceStepMs);
  const double value = form_.trace[step % form_.trace.size()];
  *lost = *lost || value < 0;
  return value;
}

double Network::AfterStall(double at_ms) const {
  if (form_.stall_every_s <= 0) return at_ms;
  const double every_ms = form_.stall_every_s * 1000;
  const double begins = std::floor(at_ms / every_ms) * every_ms;
  return begins > 0 ? std::max(at_ms, begins + form_.stall_ms) : at_ms;
}

bool Network::Stalled(std::int64_t at) const {
  const double at_ms = static_cast<double>(at) / kNsPerMsOfDouble;
  return AfterStall(at_ms) > at_ms;
}

std::vector<double> ReadTrace(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + ": no such trace");
  std::vector<double> trace;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    for (std::string word; words >> word;) {
      trace.push_back(word == "-" ? -1 : std::stod(word));
    }
  }
  if (trace.empty()) throw std::runtime_error(path + ": expected a number for each packet");
  return trace;
}

}  // namespace test
}  // namespace dashvoip
