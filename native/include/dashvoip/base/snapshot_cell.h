#ifndef DASHVOIP_BASE_SNAPSHOT_CELL_H_
#define DASHVOIP_BASE_SNAPSHOT_CELL_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace dashvoip {

/**
 * A value that one thread publishes without ever waiting and any thread reads whole (a sequence
 * lock). The words are atomics of their own, each stored with release and loaded with acquire: a
 * reader that saw one word of a newer value also sees that the sequence moved on, and tries again.
 */
template <typename T>
class SnapshotCell {
  static_assert(std::is_trivially_copyable<T>::value, "a snapshot is copied as words");

 public:
  SnapshotCell() { Publish(T()); }

  /** The one writer. Wait-free. */
  void Publish(const T& value) noexcept {
    std::array<std::uint64_t, kWords> words{};
    std::memcpy(words.data(), &value, sizeof(T));
    const std::uint64_t sequence = sequence_.load(std::memory_order_relaxed);
    sequence_.store(sequence + 1, std::memory_order_relaxed);
    for (std::size_t i = 0; i < kWords; ++i) {
      words_[i].store(words[i], std::memory_order_release);
    }
    sequence_.store(sequence + 2, std::memory_order_release);
  }

  /** Any thread that may wait for the few hundred nanoseconds of a `Publish` in progress. */
  T Read() const noexcept {
    std::array<std::uint64_t, kWords> words{};
    for (;;) {
      const std::uint64_t before = sequence_.load(std::memory_order_acquire);
      if (before % 2 != 0) continue;
      for (std::size_t i = 0; i < kWords; ++i) {
        words[i] = words_[i].load(std::memory_order_acquire);
      }
      if (sequence_.load(std::memory_order_relaxed) == before) break;
    }
    T value;
    std::memcpy(static_cast<void*>(&value), words.data(), sizeof(T));
    return value;
  }

 private:
  static constexpr std::size_t kWords = (sizeof(T) + 7) / 8;

  std::atomic<std::uint64_t> sequence_{0};
  std::array<std::atomic<std::uint64_t>, kWords> words_{};
};

template <typename T>
constexpr std::size_t SnapshotCell<T>::kWords;

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_SNAPSHOT_CELL_H_
