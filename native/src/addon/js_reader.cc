#include "js_reader.h"

namespace dashvoip {
namespace addon {

ForeignKind JsValue::kind() const {
  if (value_.IsEmpty() || value_.IsUndefined()) return ForeignKind::kNothing;
  if (value_.IsBoolean()) return ForeignKind::kFlag;
  if (value_.IsNumber()) return ForeignKind::kNumber;
  if (value_.IsString()) return ForeignKind::kText;
  if (value_.IsArray()) return ForeignKind::kList;
  if (value_.IsObject() && !value_.IsFunction()) return ForeignKind::kObject;
  return ForeignKind::kOther;
}

std::string JsValue::words() const {
  if (value_.IsFunction()) return "a function";
  // Symbols are the one kind that has no text form.
  if (value_.IsSymbol()) return "a symbol";
  return value_.ToString().Utf8Value();
}

JsValue JsValue::At(std::size_t index) const {
  return JsValue(env_, value_.As<Napi::Object>().Get(static_cast<std::uint32_t>(index)));
}

JsValue JsValue::Member(const std::string& name) const {
  return JsValue(env_, value_.As<Napi::Object>().Get(name));
}

std::vector<std::string> JsValue::names() const {
  std::vector<std::string> out;
  const Napi::Array names = value_.As<Napi::Object>().GetPropertyNames();
  if (names.IsEmpty()) return out;
  for (std::uint32_t i = 0; i < names.Length(); ++i) {
    out.push_back(Napi::Value(names[i]).ToString());
  }
  return out;
}

void ThrowBadSettings(Napi::Env env, const std::string& message) {
  Napi::TypeError error = Napi::TypeError::New(env, message);
  error.Set("code", Napi::String::New(env, WordOf(EngineError::kBadSettings)));
  error.ThrowAsJavaScriptException();
}

}  // namespace addon
}  // namespace dashvoip
