#include "dashvoip/base/resident_code.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstring>

#include "dashvoip/base/inheriting_mutex.h"

namespace dashvoip {
namespace {

/** A size in kB that /proc/self/status tells. */
long StatusKb(const char* name) {
  std::FILE* const file = std::fopen("/proc/self/status", "r");
  REQUIRE(file != nullptr);
  char line[256];
  long kb = -1;
  while (std::fgets(line, sizeof line, file) != nullptr) {
    if (std::strncmp(line, name, std::strlen(name)) == 0) std::sscanf(line, "%*s %ld", &kb);
  }
  std::fclose(file);
  return kb;
}

TEST_CASE("resident code: libraries are locked, and no page is read for that alone") {
  const long resident_kb = StatusKb("VmRSS:");
  const std::size_t locked = KeepCodeResident();
  // 0 where this machine forbids it; then nothing is locked either.
  CHECK((locked > 0) == (StatusKb("VmLck:") > 0));
  CHECK(StatusKb("VmRSS:") - resident_kb < 1000);
}

TEST_CASE("inheriting mutex: whoever holds it inherits the priority of who waits") {
  InheritingMutex mutex;
  std::lock_guard<std::mutex> lock(mutex);
  // PTHREAD_PRIO_INHERIT is 0x20 of the kind that glibc keeps behind lock, count, owner and users.
  CHECK((mutex.native_handle()->__data.__kind & 0x20) != 0);
}

}  // namespace
}  // namespace dashvoip
