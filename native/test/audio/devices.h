#ifndef DASHVOIP_TEST_AUDIO_DEVICES_H_
#define DASHVOIP_TEST_AUDIO_DEVICES_H_

#include <string>

#include "dashvoip/api/settings.h"

namespace dashvoip {
namespace test {

inline DeviceSettings File(const std::string& path) {
  DeviceSettings file;
  file.kind = DeviceKind::kFile;
  file.path = path;
  return file;
}

inline DeviceSettings Card(const std::string& name) {
  DeviceSettings card;
  card.kind = DeviceKind::kAlsa;
  card.device = name;
  return card;
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_AUDIO_DEVICES_H_
