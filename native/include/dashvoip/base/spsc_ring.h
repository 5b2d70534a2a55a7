#ifndef DASHVOIP_BASE_SPSC_RING_H_
#define DASHVOIP_BASE_SPSC_RING_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <vector>

namespace dashvoip {

/**
 * Bounded queue of trivially copyable elements between exactly one writing and one reading thread.
 * Storage is allocated at construction; after that no call allocates, locks or waits.
 */
template <typename T>
class SpscRing {
 public:
  /** @param capacity elements that fit at once; rounded up to a power of two. */
  explicit SpscRing(std::size_t capacity) : slots_(RoundUp(capacity)), mask_(slots_.size() - 1) {}

  std::size_t capacity() const noexcept { return slots_.size(); }

  /** Elements ready to read. Exact for the reader, a lower bound for the writer's view of it. */
  std::size_t size() const noexcept {
    return write_.load(std::memory_order_acquire) - read_.load(std::memory_order_acquire);
  }

  /** Writer: appends up to `count` elements. @return how many fitted. */
  std::size_t Write(const T* data, std::size_t count) noexcept {
    const std::size_t at = write_.load(std::memory_order_relaxed);
    const std::size_t room = slots_.size() - (at - read_.load(std::memory_order_acquire));
    const std::size_t taken = std::min(count, room);
    const std::size_t head = std::min(taken, slots_.size() - (at & mask_));
    std::copy(data, data + head, slots_.begin() + static_cast<std::ptrdiff_t>(at & mask_));
    std::copy(data + head, data + taken, slots_.begin());
    write_.store(at + taken, std::memory_order_release);
    return taken;
  }

  bool Push(const T& value) noexcept { return Write(&value, 1) == 1; }

  /** Reader: takes up to `count` elements. @return how many there were. */
  std::size_t Read(T* out, std::size_t count) noexcept {
    const std::size_t at = read_.load(std::memory_order_relaxed);
    const std::size_t ready = write_.load(std::memory_order_acquire) - at;
    const std::size_t taken = std::min(count, ready);
    const std::size_t head = std::min(taken, slots_.size() - (at & mask_));
    const auto from = slots_.begin() + static_cast<std::ptrdiff_t>(at & mask_);
    std::copy(from, from + static_cast<std::ptrdiff_t>(head), out);
    std::copy(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(taken - head),
              out + head);
    read_.store(at + taken, std::memory_order_release);
    return taken;
  }

  bool Pop(T* out) noexcept { return Read(out, 1) == 1; }

  /** Reader: forgets up to `count` elements. @return how many. */
  std::size_t Discard(std::size_t count) noexcept {
    const std::size_t at = read_.load(std::memory_order_relaxed);
    const std::size_t taken = std::min(count, write_.load(std::memory_order_acquire) - at);
    read_.store(at + taken, std::memory_order_release);
    return taken;
  }

 private:
  static std::size_t RoundUp(std::size_t capacity) {
    std::size_t size = 1;
    while (size < capacity) size *= 2;
    return size;
  }

  std::vector<T> slots_;
  const std::size_t mask_;
  std::atomic<std::size_t> write_{0};
  // Own cache line, so that reader and writer do not slow each other down.
  char padding_[64 - sizeof(std::atomic<std::size_t>)] = {};
  std::atomic<std::size_t> read_{0};
};

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_SPSC_RING_H_
