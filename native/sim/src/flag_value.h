#ifndef DASHVOIP_SIM_FLAG_VALUE_H_
#define DASHVOIP_SIM_FLAG_VALUE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace dashvoip {
namespace sim {

/** Words of the command line as values. All throw UsageError with what was expected. */
std::uint64_t ToNumber(const std::string& text, std::uint64_t min, std::uint64_t max);
double ToDecimal(const std::string& text, double min, double max);
bool ToSwitch(const std::string& text);

/** The value that stands beside a word in a table. */
template <typename Value>
Value ToChoice(const std::string& text, const std::vector<std::pair<std::string, Value>>& table);

/** Fails with "expected one of ..., found ...". */
[[noreturn]] void RefuseChoice(const std::string& text, const std::vector<std::string>& words);

template <typename Value>
Value ToChoice(const std::string& text, const std::vector<std::pair<std::string, Value>>& table) {
  std::vector<std::string> words;
  for (const auto& row : table) {
    if (row.first == text) return row.second;
    words.push_back(row.first);
  }
  RefuseChoice(text, words);
}

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_FLAG_VALUE_H_
