#ifndef DASHVOIP_API_SHAPE_H_
#define DASHVOIP_API_SHAPE_H_

#include <cstddef>
#include <cstdint>

namespace dashvoip {

/**
 * A value that may be absent; trivially copyable where its type is. The shapes that cross Node-API
 * are made of this, of numbers, words, texts, lists and each other.
 */
template <typename T>
class Optional {
 public:
  Optional() = default;
  Optional(const T& value) : value_(value), present_(true) {}

  bool present() const noexcept { return present_; }
  explicit operator bool() const noexcept { return present_; }
  const T& operator*() const noexcept { return value_; }
  T& operator*() noexcept { return value_; }
  const T* operator->() const noexcept { return &value_; }
  T* operator->() noexcept { return &value_; }

 private:
  T value_{};
  bool present_ = false;
};

/** Inclusive bounds of a number that goes down. */
struct Range {
  std::int64_t low;
  std::int64_t high;
};

/** The words of an enumeration, in its order. */
struct WordList {
  const char* const* words;
  std::size_t count;
};

/** As TypeScript knows it: `WordOf(Direction::kSendOnly)` is "sendonly". */
template <typename Enumeration>
const char* WordOf(Enumeration value) noexcept {
  return WordsOf(value).words[static_cast<std::size_t>(value)];
}

}  // namespace dashvoip

#endif  // DASHVOIP_API_SHAPE_H_
