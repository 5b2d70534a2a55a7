#ifndef DASHVOIP_VOICE_LOSS_EXPECTATION_H_
#define DASHVOIP_VOICE_LOSS_EXPECTATION_H_

namespace dashvoip {

/**
 * What part of our packets the far end may be losing. It says so itself, but only every five
 * seconds or so (RFC 3550 §6.2). In between we go by what we lose of its packets: a link that gets
 * bad mostly does both ways. Its next word counts, whatever we lose.
 */
class LossExpectation {
 public:
  /** Less than this more is chance. */
  static constexpr double kRise = 0.01;

  /** @param reported, @param ours 0..1, of late. @return what is to be expected. */
  double OnReport(double reported, double ours) noexcept {
    known_ = ours;
    return reported;
  }

  /** After each slot. @return what is to be expected from now on; 0: nothing new. */
  double OnSlot(double ours) noexcept {
    if (ours < known_ + kRise) return 0;
    known_ = ours;
    return ours;
  }

 private:
  double known_ = 0;  // of ours, when something was said last
};

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_LOSS_EXPECTATION_H_
