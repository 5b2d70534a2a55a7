#ifndef DASHVOIP_ENGINE_LOOPBACK_USE_H_
#define DASHVOIP_ENGINE_LOOPBACK_USE_H_

#include <string>

namespace dashvoip {

/**
 * Whether a program records at the other end of a snd-aloop cable, as the kernel's
 * /proc/asound tells. What we play into device 1 comes out of device 0 and the other way round.
 */
class LoopbackUse {
 public:
  /**
   * @param device ALSA name of our playback end, as "hw:Loopback,1,1".
   * @param proc_asound folder of the kernel's sound files.
   */
  explicit LoopbackUse(const std::string& device, const std::string& proc_asound = "/proc/asound");

  /**
   * Reads one small file. True as well when it cannot be known: another kind of device, or a
   * kernel that does not tell. Without the card nobody records.
   */
  bool Recording() const;
  /** Empty when it cannot be known. */
  const std::string& status_file() const noexcept { return status_file_; }

 private:
  std::string card_;
  std::string status_file_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_LOOPBACK_USE_H_
