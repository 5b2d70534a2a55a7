#ifndef DASHVOIP_ADDON_JS_WRITER_H_
#define DASHVOIP_ADDON_JS_WRITER_H_

#include <napi.h>

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "dashvoip/api/shape.h"
#include "dashvoip/base/transport_address.h"

namespace dashvoip {
namespace addon {

template <typename Number, std::enable_if_t<std::is_arithmetic<Number>::value, int> = 0>
Napi::Value ToJavaScript(Napi::Env env, Number value) {
  // Exact up to 2^53, which no counter of ours reaches.
  return Napi::Number::New(env, static_cast<double>(value));
}

inline Napi::Value ToJavaScript(Napi::Env env, bool value) {
  return Napi::Boolean::New(env, value);
}

inline Napi::Value ToJavaScript(Napi::Env env, const std::string& value) {
  return Napi::String::New(env, value);
}

Napi::Value ToJavaScript(Napi::Env env, const TransportAddress& value);

template <typename Words, std::enable_if_t<std::is_enum<Words>::value, int> = 0>
Napi::Value ToJavaScript(Napi::Env env, Words value) {
  return Napi::String::New(env, WordOf(value));
}

template <typename Element>
Napi::Value ToJavaScript(Napi::Env env, const std::vector<Element>& values);

template <typename Shape, std::enable_if_t<std::is_class<Shape>::value, int> = 0>
Napi::Value ToJavaScript(Napi::Env env, const Shape& value);

/**
 * Visits the fields of a shape (src/media/shapes) and makes the object of them. Setting them fails
 * only while Node tears its environment down, when nobody looks any more; Napi::Object would abort
 * the process then.
 */
class ObjectWriter {
 public:
  explicit ObjectWriter(Napi::Env env) : object_(Napi::Object::New(env)) {}

  template <typename Value>
  void operator()(const char* name, const Value& value, Range = {}) {
    napi_set_named_property(object_.Env(), object_, name, ToJavaScript(object_.Env(), value));
  }
  /** What is absent has no property. */
  template <typename Value>
  void operator()(const char* name, const Optional<Value>& value, Range = {}) {
    if (value) (*this)(name, *value);
  }

  Napi::Object object() const { return object_; }

 private:
  Napi::Object object_;
};

template <typename Shape, std::enable_if_t<std::is_class<Shape>::value, int>>
Napi::Value ToJavaScript(Napi::Env env, const Shape& value) {
  ObjectWriter writer(env);
  Shape::Visit(value, writer);
  return writer.object();
}

template <typename Element>
Napi::Value ToJavaScript(Napi::Env env, const std::vector<Element>& values) {
  Napi::Array array = Napi::Array::New(env, values.size());
  for (std::uint32_t i = 0; i < values.size(); ++i) array.Set(i, ToJavaScript(env, values[i]));
  return array;
}

}  // namespace addon
}  // namespace dashvoip

#endif  // DASHVOIP_ADDON_JS_WRITER_H_
