#ifndef DASHVOIP_BASE_SPSC_RING_H_
#define DASHVOIP_BASE_SPSC_RING_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <type_traits>

namespace dashvoip {

/**
 * Bounded queue of trivially copyable elements between exactly one writing and one reading thread.
 * Storage is allocated at construction; after that no call allocates, locks or waits. When all has
 * been read the writer begins at the front again, so that memory which is never needed at once is
 * never touched.
 */
template <typename T>
class SpscRing {
  static_assert(std::is_trivially_copyable<T>::value, "elements are copied as they lie");

 public:
  /** @param capacity elements that fit at once; rounded up to a power of two. */
  explicit SpscRing(std::size_t capacity)
      : capacity_(RoundUp(capacity)), storage_(new Slot[capacity_]) {}

  std::size_t capacity() const noexcept { return capacity_; }

  /** Elements ready to read. Exact for the reader, a lower bound for the writer's view of it. */
  std::size_t size() const noexcept {
    return write_.load(std::memory_order_acquire) - read_.load(std::memory_order_acquire);
  }

  /** Writer: appends up to `count` elements. @return how many fitted. */
  std::size_t Write(const T* data, std::size_t count) noexcept {
    const std::size_t at = write_.load(std::memory_order_relaxed);
    const std::size_t read = read_.load(std::memory_order_acquire);
    const std::size_t taken = std::min(count, capacity_ - (at - read));
    if (taken == 0) return 0;
    // The reader looks at it only when there is something to read: not now.
    if (at == read) front_ = at;
    const std::size_t head = std::min(taken, capacity_ - Place(at));
    std::uninitialized_copy(data, data + head, Slots() + Place(at));
    std::uninitialized_copy(data + head, data + taken, Slots());
    write_.store(at + taken, std::memory_order_release);
    return taken;
  }

  bool Push(const T& value) noexcept { return Write(&value, 1) == 1; }

  /** Reader: takes up to `count` elements. @return how many there were. */
  std::size_t Read(T* out, std::size_t count) noexcept {
    const std::size_t at = read_.load(std::memory_order_relaxed);
    const std::size_t ready = write_.load(std::memory_order_acquire) - at;
    const std::size_t taken = std::min(count, ready);
    if (taken == 0) return 0;
    const std::size_t head = std::min(taken, capacity_ - Place(at));
    std::copy(Slots() + Place(at), Slots() + Place(at) + head, out);
    std::copy(Slots(), Slots() + (taken - head), out + head);
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
  // Not an array of T: its constructor would touch all of it.
  using Slot = typename std::aligned_storage<sizeof(T), alignof(T)>::type;

  static std::size_t RoundUp(std::size_t capacity) {
    std::size_t size = 1;
    while (size < capacity) size *= 2;
    return size;
  }
  T* Slots() const noexcept { return reinterpret_cast<T*>(storage_.get()); }
  std::size_t Place(std::size_t at) const noexcept { return (at - front_) & (capacity_ - 1); }

  const std::size_t capacity_;
  const std::unique_ptr<Slot[]> storage_;
  std::size_t front_ = 0;  // what is written as this number lies in the first slot
  std::atomic<std::size_t> write_{0};
  // Own cache line, so that reader and writer do not slow each other down.
  char padding_[64 - sizeof(std::atomic<std::size_t>)] = {};
  std::atomic<std::size_t> read_{0};
};

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_SPSC_RING_H_
