#ifndef DASHVOIP_TEST_AUDIO_FAKE_CARD_H_
#define DASHVOIP_TEST_AUDIO_FAKE_CARD_H_

#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>

#include <cstdint>
#include <vector>

#include "dashvoip/audio/alsa_pcm.h"

namespace dashvoip {
namespace test {

/**
 * A sound card inside alsa-lib (its ioplug interface) that does what the test says: the formats it
 * takes, how far its clock is, and which error comes next. One at a time: AlsaPcm's opener finds
 * it.
 */
class FakeCard {
 public:
  struct Abilities {
    std::vector<unsigned> formats = {SND_PCM_FORMAT_S16};
    unsigned least_channels = 1, most_channels = 1;
    unsigned least_rate = 8000, most_rate = 8000;
  };

  explicit FakeCard(const Abilities& abilities);
  ~FakeCard();
  FakeCard(const FakeCard&) = delete;
  FakeCard& operator=(const FakeCard&) = delete;

  /** For AlsaPcm. */
  static int Open(_snd_pcm** out, const char* device, AlsaPcm::Direction direction);

  /** The card's clock goes on by so many frames. */
  void Advance(unsigned frames) { position_ += frames; }
  /** The card runs over or dry: -EPIPE at the next call, and from now on until it is prepared. */
  void XRun() { xrun_ = true; }
  void Enter(snd_pcm_state_t state) { snd_pcm_ioplug_set_state(&io_, state); }
  /** The next opening fails with -`error`. */
  void RefuseToOpen(int error) { open_error_ = error; }

  /** What is captured: one sample for each channel of a frame, the same in every frame. */
  void Hear(const std::vector<std::int32_t>& frame) { heard_ = frame; }
  /** What was played, as it was in memory: samples of all channels, interleaved. */
  const std::vector<std::int32_t>& played() const { return played_; }
  int starts() const { return starts_; }
  int prepares() const { return prepares_; }

 private:
  static FakeCard& Of(snd_pcm_ioplug_t* io) { return *static_cast<FakeCard*>(io->private_data); }
  static int Start(snd_pcm_ioplug_t* io);
  static int Stop(snd_pcm_ioplug_t*) { return 0; }
  static int Prepare(snd_pcm_ioplug_t* io);
  static int Resume(snd_pcm_ioplug_t* io) {
    return snd_pcm_ioplug_set_state(io, SND_PCM_STATE_PREPARED);
  }
  static snd_pcm_sframes_t Pointer(snd_pcm_ioplug_t* io);
  static snd_pcm_sframes_t Transfer(snd_pcm_ioplug_t* io, const snd_pcm_channel_area_t* areas,
                                    snd_pcm_uframes_t offset, snd_pcm_uframes_t size);

  Abilities abilities_;
  snd_pcm_ioplug_callback_t callbacks_{};
  snd_pcm_ioplug_t io_{};
  unsigned position_ = 0;
  bool xrun_ = false;
  int open_error_ = 0;
  std::vector<std::int32_t> heard_ = {0};
  std::vector<std::int32_t> played_;
  int starts_ = 0;
  int prepares_ = 0;
};

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_AUDIO_FAKE_CARD_H_
