#ifndef DASHVOIP_ADDON_SETTINGS_READER_H_
#define DASHVOIP_ADDON_SETTINGS_READER_H_

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "dashvoip/engine/bridge.h"
#include "dashvoip/engine/engine_settings.h"

namespace dashvoip {
namespace addon {

/**
 * Reads one value of a settings object together with its path. The first value that does not fit
 * is kept as the error, `path: expected ..., found ...`; later reads then give neutral values.
 */
class SettingsReader {
 public:
  /** @param error shared by all readers of one object; empty while all is well. */
  SettingsReader(Napi::Value value, std::string path, std::string* error)
      : value_(value), path_(std::move(path)), error_(error) {}

  bool present() const { return !value_.IsUndefined(); }
  SettingsReader Member(const char* name) const;
  SettingsReader Element(std::uint32_t index) const;
  /** Elements of an array that may not be empty. */
  std::uint32_t Length() const;

  bool Object() const;
  std::string String() const;
  /** Inclusive bounds. */
  int Integer(int low, int high) const;
  bool Boolean() const;
  /** @return index in `words`. */
  std::size_t Word(const std::vector<std::string>& words) const;
  void Fail(const std::string& expected) const;

 private:
  std::string Found() const;

  Napi::Value value_;
  std::string path_;
  std::string* error_;
};

/** @return false with the reason in `error`. */
bool ReadEngineSettings(Napi::Value value, EngineSettings* out, std::string* error);
bool ReadBridgeSettings(Napi::Value value, BridgeSettings* out, std::string* error);
bool ReadSessionSettings(Napi::Value value, SessionSettings* out, std::string* error);

}  // namespace addon
}  // namespace dashvoip

#endif  // DASHVOIP_ADDON_SETTINGS_READER_H_
