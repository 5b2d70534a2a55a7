#include "flag_value.h"

#include <cerrno>
#include <cstdlib>

#include "options.h"

namespace dashvoip {
namespace sim {

std::uint64_t ToNumber(const std::string& text, std::uint64_t min, std::uint64_t max) {
  char* end = nullptr;
  errno = 0;
  const unsigned long long value = std::strtoull(text.c_str(), &end, 0);
  const bool digits = !text.empty() && text[0] >= '0' && text[0] <= '9';
  if (!digits || *end != '\0' || errno != 0 || value < min || value > max) {
    throw UsageError("expected a whole number from " + std::to_string(min) + " to " +
                     std::to_string(max) + ", found '" + text + "'");
  }
  return value;
}

double ToDecimal(const std::string& text, double min, double max) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(value >= min && value <= max)) {
    throw UsageError("expected a number from " + std::to_string(min) + " to " +
                     std::to_string(max) + ", found '" + text + "'");
  }
  return value;
}

bool ToSwitch(const std::string& text) {
  return ToChoice<bool>(text, {{"on", true}, {"off", false}});
}

void RefuseChoice(const std::string& text, const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + word;
  throw UsageError("expected one of " + all + "; found '" + text + "'");
}

}  // namespace sim
}  // namespace dashvoip
