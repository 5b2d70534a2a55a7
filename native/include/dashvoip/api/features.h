#ifndef DASHVOIP_API_FEATURES_H_
#define DASHVOIP_API_FEATURES_H_

// Made from src/media/shapes/features.ts by scripts/shapes: change that, not this.
// clang-format off

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dashvoip/api/shape.h"
#include "dashvoip/base/transport_address.h"
#include "dashvoip/api/values.h"
#include "dashvoip/api/snapshots.h"
#include "dashvoip/api/settings.h"

namespace dashvoip {

/** The camera link by NetFIFO. */
enum class CameraBuild : std::uint8_t {
  /** Our own libnetfifo. */
  kStandIn,
  /** The board's. */
  kSdk,
  kNone,
};

inline WordList WordsOf(CameraBuild) noexcept {
  static const char* const words[] = {"stand-in", "sdk", "none"};
  return {words, 3};
}

/** Versions, by the names of their projects. */
struct Libraries {
  Optional<std::string> glibc{};
  Optional<std::string> alsa_lib{};
  Optional<std::string> openssl{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("glibc", self.glibc);
    visit("alsa-lib", self.alsa_lib);
    visit("openssl", self.openssl);
  }
};

struct EngineFeatures {
  CameraBuild camera_link{};
  bool alsa{};
  bool aac{};
  /** The camera link by RTSP. */
  bool rtsp{};
  /** JPEGs of the camera's key frames. */
  bool still{};
  /** That can be used: built in, or in a module that lies beside the addon. */
  std::vector<AudioCodec> codecs{};
  /** Encryption of sound and picture, by the OpenSSL of this Node. */
  bool srtp{};
  Libraries libraries{};

  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
    visit("cameraLink", self.camera_link);
    visit("alsa", self.alsa);
    visit("aac", self.aac);
    visit("rtsp", self.rtsp);
    visit("still", self.still);
    visit("codecs", self.codecs);
    visit("srtp", self.srtp);
    visit("libraries", self.libraries);
  }
};

}  // namespace dashvoip

// clang-format on

#endif  // DASHVOIP_API_FEATURES_H_
