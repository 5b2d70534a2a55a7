#ifndef DASHVOIP_API_OBJECT_READER_H_
#define DASHVOIP_API_OBJECT_READER_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "dashvoip/api/rules.h"
#include "dashvoip/api/shape.h"
#include "dashvoip/base/transport_address.h"

namespace dashvoip {

/** What a value of the other language is. */
enum class ForeignKind : std::uint8_t { kNothing, kFlag, kNumber, kText, kList, kObject, kOther };

/**
 * A value of the other language that is being read, and where it stands.
 *
 * `Foreign` is such a value: the addon's is JavaScript's, tests have their own. It has `kind()`; of
 * its kind `flag()`, `number()`, `text()`; of a list `size()` and `At(index)`; of an object
 * `Member(name)` and `names()`; and for all others `words()`.
 *
 * The first value that does not fit is the one error: `path: expected ..., found ...`.
 */
template <typename Foreign>
class ForeignPlace {
 public:
  /** @param error shared by all places of one reading; empty while all is well. */
  ForeignPlace(Foreign value, std::string path, std::string* error)
      : value_(std::move(value)), path_(std::move(path)), error_(error) {}

  const Foreign& operator*() const { return value_; }
  const Foreign* operator->() const { return &value_; }
  bool ok() const { return error_->empty(); }

  ForeignPlace Member(const std::string& name) const {
    return ForeignPlace(value_.Member(name), path_ + "." + name, error_);
  }
  ForeignPlace At(std::size_t index) const {
    return ForeignPlace(value_.At(index), path_ + "[" + std::to_string(index) + "]", error_);
  }

  void Fail(const std::string& expected) const { Fail(expected, Found()); }
  void Fail(const std::string& expected, const std::string& found) const {
    if (ok()) *error_ = path_ + ": expected " + expected + ", found " + found;
  }

 private:
  static constexpr std::size_t kFoundCharacters = 60;

  std::string Found() const {
    switch (value_.kind()) {
      case ForeignKind::kNothing:
        return "nothing";
      case ForeignKind::kText:
        return "'" + value_.text().substr(0, kFoundCharacters) + "'";
      case ForeignKind::kList:
        return "an array";
      case ForeignKind::kObject:
        return "an object";
      case ForeignKind::kFlag:
      case ForeignKind::kNumber:
      case ForeignKind::kOther:
        break;
    }
    return value_.words();
  }

  Foreign value_;
  std::string path_;
  std::string* error_;
};

// Values ----------------------------------------------------------------------------------------

template <typename Foreign>
void Read(const ForeignPlace<Foreign>& place, bool* out, Range) {
  if (place->kind() != ForeignKind::kFlag) return place.Fail("true or false");
  *out = place->flag();
}

template <typename Foreign, typename Number,
          std::enable_if_t<std::is_integral<Number>::value, int> = 0>
void Read(const ForeignPlace<Foreign>& place, Number* out, Range range) {
  using Limits = std::numeric_limits<Number>;
  static_assert(sizeof(Number) < sizeof(std::int64_t), "a double holds no more than 53 bits");
  const std::int64_t low = std::max<std::int64_t>(range.low, Limits::min());
  const std::int64_t high = std::min<std::int64_t>(range.high, Limits::max());
  const double number = place->kind() == ForeignKind::kNumber ? place->number() : std::nan("");
  // Written so that NaN fits nowhere.
  if (number >= static_cast<double>(low) && number <= static_cast<double>(high) &&
      std::floor(number) == number) {
    *out = static_cast<Number>(number);
    return;
  }
  place.Fail("a whole number " + std::to_string(low) + ".." + std::to_string(high));
}

template <typename Foreign>
void Read(const ForeignPlace<Foreign>& place, std::string* out, Range) {
  if (place->kind() == ForeignKind::kText) {
    *out = place->text();
    if (!out->empty() && out->find('\0') == std::string::npos) return;
  }
  place.Fail("a string that is not empty");
}

template <typename Foreign, std::size_t kMost>
void Read(const ForeignPlace<Foreign>& place, BoundedText<kMost>* out, Range range) {
  std::string text;
  Read(place, &text, range);
  if (out->Assign(text)) return;
  place.Fail("a string of " + std::to_string(kMost) + " bytes at most",
             "one of " + std::to_string(text.size()));
}

template <typename Foreign>
void Read(const ForeignPlace<Foreign>& place, IpAddress* out, Range) {
  if (place->kind() == ForeignKind::kText && IpAddress::Parse(place->text(), out)) return;
  place.Fail("a numeric IPv4 or IPv6 address");
}

template <typename Foreign, typename Words, std::enable_if_t<std::is_enum<Words>::value, int> = 0>
void Read(const ForeignPlace<Foreign>& place, Words* out, Range) {
  if (place->kind() == ForeignKind::kText && FindWord(place->text(), out)) return;
  const WordList list = WordsOf(Words());
  std::string expected = list.count > 1 ? "one of " : "";
  for (std::size_t i = 0; i < list.count; ++i) {
    expected += std::string(i == 0 ? "'" : ", '") + list.words[i] + "'";
  }
  place.Fail(expected);
}

// Lists and objects -----------------------------------------------------------------------------

template <typename Foreign, typename Shape, std::enable_if_t<std::is_class<Shape>::value, int> = 0>
void Read(const ForeignPlace<Foreign>& place, Shape* out, Range);

template <typename Foreign, typename Element, std::size_t kCount>
void Read(const ForeignPlace<Foreign>& place, std::array<Element, kCount>* out, Range range) {
  if (place->kind() != ForeignKind::kList || place->size() != kCount) {
    return place.Fail("an array of " + std::to_string(kCount));
  }
  for (std::size_t i = 0; i < kCount; ++i) Read(place.At(i), &(*out)[i], range);
}

template <typename Foreign, typename Element, std::size_t kMost, std::size_t kLeast>
void Read(const ForeignPlace<Foreign>& place, BoundedList<Element, kMost, kLeast>* out,
          Range range) {
  const bool is_list = place->kind() == ForeignKind::kList;
  const std::size_t size = is_list ? place->size() : 0;
  if (!is_list || size < kLeast) {
    return place.Fail(kLeast == 0   ? std::string("an array")
                      : kLeast == 1 ? std::string("an array that is not empty")
                                    : "an array of " + std::to_string(kLeast) + " at least");
  }
  if (size > kMost) {
    return place.Fail("an array of " + std::to_string(kMost) + " at most",
                      "one of " + std::to_string(size));
  }
  *out = BoundedList<Element, kMost, kLeast>();
  for (std::size_t i = 0; i < size && place.ok(); ++i) {
    Element element{};
    Read(place.At(i), &element, range);
    out->Add(element);
  }
}

/** Visits the fields of a shape (src/media/shapes) and takes them out of an object. */
template <typename Foreign>
class ObjectReader {
 public:
  explicit ObjectReader(const ForeignPlace<Foreign>& object) : object_(object) {}

  template <typename Value>
  void operator()(const char* name, Value& value, Range range = kAnyNumber) {
    known_.push_back(name);
    if (object_.ok()) Read(object_.Member(name), &value, range);
  }
  template <typename Value>
  void operator()(const char* name, Optional<Value>& value, Range range = kAnyNumber) {
    known_.push_back(name);
    if (!object_.ok()) return;
    const ForeignPlace<Foreign> member = object_.Member(name);
    if (member->kind() == ForeignKind::kNothing) return;
    Value present{};
    Read(member, &present, range);
    value = present;
  }

  /** What is not declared is misspelt, or meant for somebody else. */
  void RefuseOthers() const {
    if (!object_.ok()) return;
    for (const std::string& name : object_->names()) {
      const ForeignPlace<Foreign> member = object_.Member(name);
      const bool known = std::find(known_.begin(), known_.end(), name) != known_.end();
      if (!known && member->kind() != ForeignKind::kNothing) member.Fail("nothing of that name");
    }
  }

 private:
  const ForeignPlace<Foreign>& object_;
  std::vector<std::string> known_;
};

template <typename Foreign, typename Shape, std::enable_if_t<std::is_class<Shape>::value, int>>
void Read(const ForeignPlace<Foreign>& place, Shape* out, Range) {
  if (place->kind() != ForeignKind::kObject) return place.Fail("an object");
  *out = Shape();
  ObjectReader<Foreign> reader(place);
  Shape::Visit(*out, reader);
  reader.RefuseOthers();
  if (!place.ok()) return;
  const Rule broken = BrokenRule(*out);
  if (broken.expected != nullptr) place.Member(broken.field).Fail(broken.expected);
}

/** @param name what the object is called in an error. @return false with the reason in `error`. */
template <typename Foreign, typename Shape>
bool ReadObject(const Foreign& value, const char* name, Shape* out, std::string* error) {
  error->clear();
  Read(ForeignPlace<Foreign>(value, name, error), out, kAnyNumber);
  return error->empty();
}

}  // namespace dashvoip

#endif  // DASHVOIP_API_OBJECT_READER_H_
