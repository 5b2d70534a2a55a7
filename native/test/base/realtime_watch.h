#ifndef DASHVOIP_TEST_BASE_REALTIME_WATCH_H_
#define DASHVOIP_TEST_BASE_REALTIME_WATCH_H_

#include <cstdint>

namespace dashvoip {
namespace test {

/** What was done within a RealtimeSection and must not be. */
struct RealtimeFaults {
  std::uint64_t allocations = 0;  ///< memory taken or given back
  std::uint64_t plain_locks = 0;  ///< mutexes that do not inherit a priority

  std::uint64_t total() const { return allocations + plain_locks; }
};

/** Of all threads since the last call. A run of tests in which some are left has failed. */
RealtimeFaults TakeRealtimeFaults();

/** The same, told on stderr with the places where the first of them happened. */
RealtimeFaults TellRealtimeFaults(const char* where);

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_BASE_REALTIME_WATCH_H_
