#ifndef DASHVOIP_API_SHAPE_H_
#define DASHVOIP_API_SHAPE_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

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
  T Or(const T& otherwise) const { return present_ ? value_ : otherwise; }

 private:
  T value_{};
  bool present_ = false;
};

/** A list in a fixed room: trivially copyable where its elements are. */
template <typename T, std::size_t kMost, std::size_t kLeast = 0>
class BoundedList {
 public:
  /** @return false when it is full. */
  bool Add(const T& element) noexcept {
    if (size_ == kMost) return false;
    elements_[size_++] = element;
    return true;
  }

  std::size_t size() const noexcept { return size_; }
  const T& operator[](std::size_t at) const noexcept { return elements_[at]; }
  const T* begin() const noexcept { return elements_.data(); }
  const T* end() const noexcept { return elements_.data() + size_; }

 private:
  std::array<T, kMost> elements_{};
  std::size_t size_ = 0;
};

/** A text in a fixed room; trivially copyable. */
template <std::size_t kMost>
class BoundedText {
 public:
  /** @return false, and leaves *this, when it does not fit. */
  bool Assign(const std::string& text) noexcept {
    if (text.size() > kMost) return false;
    std::copy(text.begin(), text.end(), characters_.begin());
    size_ = text.size();
    return true;
  }

  std::size_t size() const noexcept { return size_; }
  const char* data() const noexcept { return characters_.data(); }
  std::string str() const { return std::string(data(), size_); }

 private:
  std::array<char, kMost> characters_{};
  std::size_t size_ = 0;
};

/** Inclusive bounds of a number that goes down. */
struct Range {
  std::int64_t low;
  std::int64_t high;
};

/** As wide as the number's type. */
constexpr Range kAnyNumber = {INT64_MIN, INT64_MAX};

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

/** @return false when it is none of them. */
template <typename Enumeration>
bool FindWord(const std::string& word, Enumeration* out) noexcept {
  const WordList list = WordsOf(Enumeration());
  for (std::size_t i = 0; i < list.count; ++i) {
    if (word != list.words[i]) continue;
    *out = static_cast<Enumeration>(i);
    return true;
  }
  return false;
}

}  // namespace dashvoip

#endif  // DASHVOIP_API_SHAPE_H_
