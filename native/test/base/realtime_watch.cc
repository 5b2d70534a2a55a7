#include "base/realtime_watch.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdio>

#include "dashvoip/base/realtime_section.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DASHVOIP_SANITIZED 1
// Of sanitizer/allocator_interface.h, which GCC does not bring along.
extern "C" int __sanitizer_install_malloc_and_free_hooks(
    void (*malloc_hook)(const volatile void* data, std::size_t size),
    void (*free_hook)(const volatile void* data));
#endif

namespace dashvoip {
namespace test {
namespace {

constexpr std::size_t kPlaces = 8;
constexpr int kFrames = 24;

struct Place {
  std::array<void*, kFrames> frames{};
  std::atomic<int> count{0};
};

std::atomic<std::uint64_t> allocations{0};
std::atomic<std::uint64_t> plain_locks{0};
std::array<Place, kPlaces> places;
std::atomic<std::size_t> next_place{0};

/** What `backtrace` itself does is not the thread's. */
void Note(std::atomic<std::uint64_t>* faults) noexcept {
  const RealtimePause pause;
  faults->fetch_add(1, std::memory_order_relaxed);
  const std::size_t index = next_place.fetch_add(1, std::memory_order_relaxed);
  if (index >= kPlaces) return;
  Place& place = places[index];
  place.count.store(backtrace(place.frames.data(), kFrames), std::memory_order_release);
}

void NoteAllocation() noexcept {
  if (RealtimeMark::IsUp()) Note(&allocations);
}

void NoteLock(const pthread_mutex_t* mutex) noexcept {
  // PTHREAD_MUTEX_PRIO_INHERIT_NP of the C library, whose header is not for others.
  constexpr int kInherits = 32;
  if (RealtimeMark::IsUp() && (mutex->__data.__kind & kInherits) == 0) Note(&plain_locks);
}

}  // namespace

RealtimeFaults TakeRealtimeFaults() {
  RealtimeFaults faults;
  faults.allocations = allocations.exchange(0);
  faults.plain_locks = plain_locks.exchange(0);
  for (Place& place : places) place.count.store(0);
  next_place.store(0);
  return faults;
}

RealtimeFaults TellRealtimeFaults(const char* where) {
  for (Place& place : places) {
    const int count = place.count.load(std::memory_order_acquire);
    if (count == 0) continue;
    std::fprintf(stderr,
                 "\nA real-time thread, behind its set-up, allocated or took a plain mutex "
                 "(addr2line -Cfpe):\n");
    backtrace_symbols_fd(place.frames.data(), count, STDERR_FILENO);
  }
  const RealtimeFaults faults = TakeRealtimeFaults();
  if (faults.total() > 0) {
    std::fprintf(stderr, "%s: real-time threads allocated %llu times, took %llu plain mutexes\n",
                 where, static_cast<unsigned long long>(faults.allocations),
                 static_cast<unsigned long long>(faults.plain_locks));
  }
  return faults;
}

}  // namespace test
}  // namespace dashvoip

// Of the C library's own functions, those that count first and then go on. ---------------------

using dashvoip::test::NoteAllocation;
using dashvoip::test::NoteLock;

extern "C" {

__attribute__((no_sanitize("thread"))) int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  using Function = int (*)(pthread_mutex_t*);
  static std::atomic<Function> next{nullptr};
  Function function = next.load(std::memory_order_relaxed);
  if (function == nullptr) {
    function = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    next.store(function, std::memory_order_relaxed);
  }
  NoteLock(mutex);
  return function(mutex);
}

#ifndef DASHVOIP_SANITIZED
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* data, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* data);

void* malloc(std::size_t size) noexcept {
  NoteAllocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  NoteAllocation();
  return __libc_calloc(count, size);
}
void* realloc(void* data, std::size_t size) noexcept {
  NoteAllocation();
  return __libc_realloc(data, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  NoteAllocation();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** data, std::size_t alignment, std::size_t size) noexcept {
  NoteAllocation();
  *data = __libc_memalign(alignment, size);
  return *data == nullptr ? 12 : 0;  // ENOMEM
}
void free(void* data) noexcept {
  if (data != nullptr) NoteAllocation();
  __libc_free(data);
}
#endif

}  // extern "C"

namespace {

/** Before the first test. */
struct Begin {
  Begin() {
    // The first call of it loads a library.
    void* frame = nullptr;
    backtrace(&frame, 1);
#ifdef DASHVOIP_SANITIZED
    // The allocator is the sanitizer's.
    __sanitizer_install_malloc_and_free_hooks(
        [](const volatile void*, std::size_t) { NoteAllocation(); },
        [](const volatile void* data) {
          if (data != nullptr) NoteAllocation();
        });
#endif
  }
};
const Begin begin;

}  // namespace
