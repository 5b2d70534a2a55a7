#ifndef DASHVOIP_BASE_RANDOM_SOURCE_H_
#define DASHVOIP_BASE_RANDOM_SOURCE_H_

#include <cstdint>

namespace dashvoip {

/** Randomness is injected, so that tests decide it. */
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual std::uint64_t Next() noexcept = 0;
  /** Uniform in [0, 1). */
  double NextUnit() noexcept {
    return static_cast<double>(Next() >> 11) * (1.0 / 9007199254740992.0);
  }
};

/**
 * SplitMix64: fast and well spread, for intervals, SSRCs and first sequence numbers. Not for
 * secrets. Seed it from getrandom(2).
 */
class SeededRandom : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) noexcept : state_(seed) {}
  std::uint64_t Next() noexcept override {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
  }

 private:
  std::uint64_t state_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_RANDOM_SOURCE_H_
