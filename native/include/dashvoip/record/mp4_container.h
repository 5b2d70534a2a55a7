#ifndef DASHVOIP_RECORD_MP4_CONTAINER_H_
#define DASHVOIP_RECORD_MP4_CONTAINER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dashvoip/record/box_writer.h"
#include "dashvoip/record/container.h"
#include "dashvoip/video/parameter_sets.h"

namespace dashvoip {

/**
 * Fragmented MP4 (ISO/IEC 14496-12 §8.8): a fragment for each group of pictures, of two seconds at
 * most, complete in itself, so that a card may be pulled at any moment. Pictures are H.264 as it
 * came (avc1, 14496-15), sound is PCM or the camera's AAC.
 *
 * Sound of the bus tells the time. The camera has a clock of its own for its units: each of them
 * was read somewhat later than it was made, and the one that was read the soonest tells how their
 * clocks lie to each other.
 */
class Mp4Container : public Container {
 public:
  Mp4Container(const RecordingSettings& settings, const Sound& sound);

  void Take(Material* material, bool last, std::vector<std::uint8_t>* append,
            std::vector<std::uint8_t>* head) override;
  bool is_over() const noexcept override { return is_over_; }
  bool CanBeginWith(const Material& material) const noexcept override;

 private:
  /** A clock of the camera's as ours sees it. */
  class UnitClock {
   public:
    /** Learns from units that go into the same fragment. */
    void Learn(const std::deque<RecordedUnit>& units);
    std::int64_t At(const RecordedUnit& unit) const noexcept { return unit.pts_ns + offset_ns_; }

   private:
    bool known_ = false;
    std::int64_t offset_ns_ = 0;
  };

  bool Begin(const Material& material, bool last, std::vector<std::uint8_t>* out);
  bool FindCut(const Material& material, bool last, std::size_t* pictures) const;
  void WriteInitial(std::vector<std::uint8_t>* out) const;
  void WriteTrack(BoxWriter* w, std::uint32_t id) const;
  void WritePictureEntry(BoxWriter* w) const;
  void WriteH264Configuration(BoxWriter* w) const;
  void WriteH265Configuration(BoxWriter* w) const;
  std::uint32_t CountSets(NalRole role) const;
  void WriteSets(NalRole role, BoxWriter* w) const;
  void WriteSoundEntry(BoxWriter* w) const;
  bool WriteFragment(Material* material, std::size_t pictures, bool last,
                     std::vector<std::uint8_t>* out);
  std::size_t WritePictureRun(BoxWriter* w, const Material& material, std::size_t pictures,
                              std::vector<std::uint8_t>* data);
  std::size_t WriteSoundRun(BoxWriter* w, const Material& material, std::size_t units);
  std::size_t SoundUnits(const Material& material, std::size_t pictures, bool last) const;
  std::size_t PcmBlocks(const Material& material, std::int64_t until_ns, bool last) const;
  bool FitsBehind(const Material& material) const;
  bool IsOfThisFile(const RecordedUnit& sound) const noexcept;

  bool has_sound() const noexcept { return sound_track_ != 0; }
  std::uint32_t sound_rate() const noexcept { return is_aac_ ? aac_.rate_hz : sound_.rate_hz; }
  std::size_t PcmBlock() const noexcept;
  std::uint64_t TicksSince(std::int64_t at_ns, std::uint32_t rate) const noexcept;

  const Sound sound_;
  const bool wants_picture_;
  const bool is_aac_;

  bool begun_ = false;
  bool is_over_ = false;
  std::uint32_t picture_track_ = 0;  // 0: none
  std::uint32_t sound_track_ = 0;
  ParameterSets sets_;
  std::uint32_t generation_ = 0;  // of sets_
  AacFormat aac_;
  std::uint32_t aac_generation_ = 0;
  UnitClock picture_clock_;
  UnitClock aac_clock_;
  std::int64_t origin_ns_ = 0;
  std::uint32_t sequence_ = 0;
  std::uint64_t picture_end_ = 0;  // ticks
  std::uint64_t sound_end_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_RECORD_MP4_CONTAINER_H_
