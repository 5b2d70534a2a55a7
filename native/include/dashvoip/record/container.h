#ifndef DASHVOIP_RECORD_CONTAINER_H_
#define DASHVOIP_RECORD_CONTAINER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "dashvoip/api/settings.h"
#include "dashvoip/record/material.h"

namespace dashvoip {

/**
 * The format of a file: bytes come of what was recorded, and after each step the file can be played
 * up to there, whatever becomes of the card. Knows no file.
 */
class Container {
 public:
  struct Sound {
    std::uint32_t rate_hz;
    std::uint32_t channels;
  };

  virtual ~Container() = default;

  /**
   * Takes of `material` what makes a step.
   * @param last takes all: the file ends.
   * @param append goes behind what the file has.
   * @param head takes the place of the file's first bytes, after that; empty for none.
   */
  virtual void Take(Material* material, bool last, std::vector<std::uint8_t>* append,
                    std::vector<std::uint8_t>* head) = 0;
  /** What comes next does not fit into this file: another encoder, another size. */
  virtual bool is_over() const noexcept { return false; }
  /** Whether a file that begins with `material` can be played from there. */
  virtual bool CanBeginWith(const Material&) const noexcept { return true; }

  static std::unique_ptr<Container> Create(const RecordingSettings& settings, const Sound& sound);
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_CONTAINER_H_
