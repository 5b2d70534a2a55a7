#ifndef DASHVOIP_SIM_REFUSALS_H_
#define DASHVOIP_SIM_REFUSALS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "wire.h"

namespace dashvoip {
namespace sim {

/** Which calls the RTOS answers with -1 although it could serve them. Any thread may ask. */
class Refusals {
 public:
  /** The next `times` calls of this kind. */
  void Refuse(wire::Procedure procedure, std::uint32_t times) {
    left_[static_cast<std::size_t>(procedure)] = times;
  }

  /** Counts one refusal off. */
  bool Take(wire::Procedure procedure) {
    const auto index = static_cast<std::size_t>(procedure);
    if (index >= left_.size()) return false;
    std::uint32_t left = left_[index];
    while (left > 0 && !left_[index].compare_exchange_weak(left, left - 1)) continue;
    return left > 0;
  }

 private:
  std::array<std::atomic<std::uint32_t>, 16> left_ = {};
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_REFUSALS_H_
