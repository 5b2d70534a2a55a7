#ifndef DASHVOIP_VOICE_EMODEL_H_
#define DASHVOIP_VOICE_EMODEL_H_

#include "dashvoip/codec/audio_codec_table.h"

namespace dashvoip {

/** How a codec, and a loss of its packets, sounds: ITU-T G.113 Appendix I and IV. */
struct EquipmentImpairment {
  double ie;      ///< without loss
  double bpl;     ///< robustness to random loss
  bool wideband;  ///< both are of G.107.1's scale
};

/**
 * Of a codec of the table. Where G.113 has no value it is that of the nearest relative:
 * docs/quality.md lists them.
 */
EquipmentImpairment ImpairmentOf(const AudioCodecInfo& codec) noexcept;

/** What a call is rated. */
struct VoiceRating {
  double r;    ///< transmission rating 0..100; of G.107.1 it is 1/1.29 of its own
  double mos;  ///< mean opinion score, 1..4.5: of conversation, G.107 Annex B
};

/**
 * ITU-T G.107, and G.107.1 for wideband codecs, each on its own scale, with the default values of
 * their tables (ideal echo path, burst ratio 1). @param loss 0..1 after the jitter buffer; @param
 * one_way_delay_ms mouth to ear.
 */
VoiceRating RateVoice(const EquipmentImpairment& codec, double loss,
                      double one_way_delay_ms) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_EMODEL_H_
