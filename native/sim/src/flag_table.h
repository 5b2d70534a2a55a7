#ifndef DASHVOIP_SIM_FLAG_TABLE_H_
#define DASHVOIP_SIM_FLAG_TABLE_H_

#include <functional>
#include <string>
#include <vector>

#include "options.h"

namespace dashvoip {
namespace sim {

/** How well it is known that the camera behaves so. */
enum class Grade { kNone, kBoard, kCallers, kOlder, kAssumed };

/** One flag of the command line. */
struct Flag {
  const char* name;
  const char* value;  // what it takes, in words; empty: it stands alone
  Grade grade;
  const char* text;
  std::function<void(Options*, const std::string&)> set;
};

struct FlagGroup {
  const char* heading;
  std::vector<Flag> flags;
};

/** All flags, in the order of --help: the one place that knows them. */
const std::vector<FlagGroup>& AllFlags();

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_FLAG_TABLE_H_
