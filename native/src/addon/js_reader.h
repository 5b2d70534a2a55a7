#ifndef DASHVOIP_ADDON_JS_READER_H_
#define DASHVOIP_ADDON_JS_READER_H_

#include <napi.h>

#include <cstddef>
#include <string>
#include <vector>

#include "dashvoip/api/object_reader.h"

namespace dashvoip {
namespace addon {

/** A value of JavaScript as `ObjectReader` wants it. A getter that throws gives nothing. */
class JsValue {
 public:
  JsValue(Napi::Env env, Napi::Value value) : env_(env), value_(value) {}

  ForeignKind kind() const;
  bool flag() const { return value_.As<Napi::Boolean>(); }
  double number() const { return value_.As<Napi::Number>(); }
  std::string text() const { return value_.As<Napi::String>(); }
  std::string words() const;

  std::size_t size() const { return value_.As<Napi::Array>().Length(); }
  JsValue At(std::size_t index) const;

  JsValue Member(const std::string& name) const;
  /** What can be enumerated. */
  std::vector<std::string> names() const;

 private:
  Napi::Env env_;
  Napi::Value value_;
};

/** One TypeError with the code that makes it a MediaException. */
void ThrowBadSettings(Napi::Env env, const std::string& message);

/**
 * Reads a shape of src/media/shapes.
 * @param name what the object is called in an error.
 * @return false when it does not fit: the TypeError is thrown, and says where and why.
 */
template <typename Shape>
bool ReadShape(Napi::Env env, Napi::Value value, const char* name, Shape* out) {
  std::string error;
  const bool fits = ReadObject(JsValue(env, value), name, out, &error);
  if (env.IsExceptionPending()) return false;  // a getter's own
  if (!fits) ThrowBadSettings(env, error);
  return fits;
}

}  // namespace addon
}  // namespace dashvoip

#endif  // DASHVOIP_ADDON_JS_READER_H_
