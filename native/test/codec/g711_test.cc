// Shows RFC 3551.

#include "dashvoip/codec/g711.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <utility>
#include <vector>

namespace dashvoip {
namespace {

// The Recommendation's tables taken literally: segments are searched, nothing is clever.

int ReferenceALaw(int sample) {
  const bool negative = sample < 0;
  int step = (negative ? -sample - 1 : sample) / 16;  // 0..2047, 12 bits of magnitude
  int code = 0;
  if (step < 32) {
    code = step;
    if (step >= 16) code = 16 + (step - 16);
  } else {
    int segment = 1;
    while (step >= 32) {
      step /= 2;
      ++segment;
    }
    code = segment * 16 + (step - 16);
  }
  if (!negative) code += 128;
  return code ^ 0x55;
}

int ReferenceMuLaw(int sample) {
  const bool negative = sample < 0;
  int step = (negative ? -sample - 1 : sample) / 4 + 33;  // 14 bits and the bias
  if (step > 8191) step = 8191;
  int segment = 0;
  while (step >= 64) {
    step /= 2;
    ++segment;
  }
  const int code = segment * 16 + (step - 32) / 2;
  return 255 - (code + (negative ? 128 : 0));
}

int ReferenceFromALaw(int code) {
  const int bits = code ^ 0x55;
  const int segment = bits / 16 % 8;
  // Middle of the quantizing interval, in units of 1/16 of the smallest step.
  double value = (bits % 16 + 0.5) * 16;
  if (segment > 0) value = (bits % 16 + 16.5) * 16 * (1 << (segment - 1));
  return static_cast<int>(bits >= 128 ? value : -value);
}

int ReferenceFromMuLaw(int code) {
  const int bits = 255 - code;
  const int segment = bits / 16 % 8;
  const int value = ((2 * (bits % 16) + 33) * (1 << segment) - 33) * 4;
  return bits >= 128 ? -value : value;
}

TEST_CASE("G.711: every sample is encoded as the Recommendation says") {
  int wrong = 0;
  for (int sample = -32768; sample <= 32767; ++sample) {
    const auto linear = static_cast<std::int16_t>(sample);
    if (ALawFromLinear(linear) != ReferenceALaw(sample)) ++wrong;
    if (MuLawFromLinear(linear) != ReferenceMuLaw(sample)) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("G.711: every code is decoded as the Recommendation says, and encoded back") {
  for (int code = 0; code < 256; ++code) {
    CAPTURE(code);
    const auto byte = static_cast<std::uint8_t>(code);
    CHECK(LinearFromALaw(byte) == ReferenceFromALaw(code));
    CHECK(LinearFromMuLaw(byte) == ReferenceFromMuLaw(code));
    CHECK(ALawFromLinear(LinearFromALaw(byte)) == code);
    // µ-law has two zeros; the negative one is written as the positive.
    if (code != 0x7f) CHECK(MuLawFromLinear(LinearFromMuLaw(byte)) == code);
  }
}

TEST_CASE("G.711: blocks are what samples are, silence is silent") {
  std::vector<std::int16_t> linear;
  for (int i = -160; i < 160; ++i) linear.push_back(static_cast<std::int16_t>(i * 200));
  for (const G711Law law : {G711Law::kALaw, G711Law::kMuLaw}) {
    std::vector<std::uint8_t> codes(linear.size());
    std::vector<std::int16_t> decoded(linear.size());
    G711Encode(law, linear.data(), linear.size(), codes.data());
    G711Decode(law, codes.data(), codes.size(), decoded.data());
    for (std::size_t i = 0; i < linear.size(); ++i) {
      const bool a_law = law == G711Law::kALaw;
      CHECK(codes[i] == (a_law ? ALawFromLinear(linear[i]) : MuLawFromLinear(linear[i])));
      CHECK(decoded[i] == (a_law ? LinearFromALaw(codes[i]) : LinearFromMuLaw(codes[i])));
      // Half a quantizing interval: 1/32 of the value, and 16 near zero.
      CHECK(std::abs(decoded[i] - linear[i]) <= std::max(16, std::abs(linear[i]) / 31));
    }
  }
  CHECK(std::abs(LinearFromALaw(kALawSilence)) <= 8);
  CHECK(LinearFromMuLaw(kMuLawSilence) == 0);
}

/**
 * The decision values of the Recommendation as a list of interval lengths at 16 bits: tables 1a and
 * 2a give one length for all intervals of a segment.
 */
std::vector<int> Decisions(const std::vector<std::pair<int, int>>& count_and_length) {
  std::vector<int> ends;
  int at = 0;
  for (const std::pair<int, int>& part : count_and_length) {
    for (int i = 0; i < part.first; ++i) ends.push_back(at += part.second);
  }
  return ends;
}

TEST_CASE("G.711: all 65536 values fall into the interval of the Recommendation's tables") {
  const std::vector<int> a_law =
      Decisions({{32, 16}, {16, 32}, {16, 64}, {16, 128}, {16, 256}, {16, 512}, {16, 1024}});
  const std::vector<int> mu_law = Decisions(
      {{1, 4}, {15, 8}, {16, 16}, {16, 32}, {16, 64}, {16, 128}, {16, 256}, {16, 512}, {16, 1024}});
  REQUIRE(a_law.size() == 128);
  REQUIRE(a_law.back() == 32768);
  REQUIRE(mu_law.size() == 128);
  const auto interval = [](const std::vector<int>& ends, int magnitude) {
    const auto found = std::upper_bound(ends.begin(), ends.end(), magnitude);
    return std::min(127, static_cast<int>(found - ends.begin()));
  };
  int wrong = 0;
  for (int value = -32768; value <= 32767; ++value) {
    const auto sample = static_cast<std::int16_t>(value);
    const bool negative = value < 0;
    const int magnitude = negative ? -value - 1 : value;
    const int a = (interval(a_law, magnitude) | (negative ? 0 : 0x80)) ^ 0x55;
    const int mu = 0xff ^ (interval(mu_law, magnitude) | (negative ? 0x80 : 0));
    if (ALawFromLinear(sample) != a || MuLawFromLinear(sample) != mu) ++wrong;
    // And back: no further away than the interval is long.
    const auto length = [&interval, magnitude](const std::vector<int>& ends) {
      const auto n = static_cast<std::size_t>(interval(ends, magnitude));
      return ends[n] - (n == 0 ? 0 : ends[n - 1]);
    };
    if (std::abs(LinearFromALaw(ALawFromLinear(sample)) - value) > length(a_law) / 2) ++wrong;
    if (magnitude < mu_law.back() &&
        std::abs(LinearFromMuLaw(MuLawFromLinear(sample)) - value) > length(mu_law) / 2 + 2) {
      ++wrong;
    }
  }
  CHECK(wrong == 0);
}

}  // namespace
}  // namespace dashvoip
