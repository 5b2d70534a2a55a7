#include "dashvoip/engine/loopback_use.h"

#include <unistd.h>

#include <cctype>
#include <fstream>
#include <sstream>
#include <vector>

namespace dashvoip {
namespace {

bool IsNumber(const std::string& text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return false;
  }
  return true;
}

/** Card, device and substream of "hw:CARD,DEVICE,SUBSTREAM"; empty for any other name. */
std::vector<std::string> PartsOf(const std::string& device) {
  const std::size_t colon = device.find(':');
  const std::string plugin = device.substr(0, colon);
  if (colon == std::string::npos || (plugin != "hw" && plugin != "plughw")) return {};
  std::vector<std::string> parts;
  std::istringstream rest(device.substr(colon + 1));
  for (std::string part; std::getline(rest, part, ',');) parts.push_back(part);
  const bool usable = parts.size() == 3 && !parts[0].empty() &&
                      parts[0].find('/') == std::string::npos &&
                      (parts[1] == "0" || parts[1] == "1") && IsNumber(parts[2]);
  return usable ? parts : std::vector<std::string>();
}

}  // namespace

LoopbackUse::LoopbackUse(const std::string& device, const std::string& proc_asound) {
  const std::vector<std::string> parts = PartsOf(device);
  if (parts.empty()) return;
  const std::string card = IsNumber(parts[0]) ? "card" + parts[0] : parts[0];
  const std::string other = parts[1] == "0" ? "1" : "0";
  card_ = proc_asound + "/" + card;
  status_file_ = card_ + "/pcm" + other + "c/sub" + parts[2] + "/status";
}

bool LoopbackUse::Recording() const {
  if (status_file_.empty()) return true;
  std::ifstream file(status_file_);
  std::string word;
  if (file >> word) return word != "closed";
  return access(card_.c_str(), F_OK) == 0;
}

}  // namespace dashvoip
