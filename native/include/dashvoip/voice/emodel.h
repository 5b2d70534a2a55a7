#ifndef DASHVOIP_VOICE_EMODEL_H_
#define DASHVOIP_VOICE_EMODEL_H_

namespace dashvoip {

/** How a codec bears loss: ITU-T G.113 Appendix I. */
struct EquipmentImpairment {
  double ie;   ///< without loss
  double bpl;  ///< robustness to random loss
};

/** G.711 with packet-loss concealment, G.113 table I.4. */
constexpr EquipmentImpairment kG711WithConcealment{0.0, 25.1};

/**
 * Transmission rating R of ITU-T G.107 (default values of its table 2, burst ratio 1, ideal echo
 * path). @param loss 0..1 after the jitter buffer; @param one_way_delay_ms mouth to ear.
 * @return 0..93.2
 */
double EModelRating(double loss, double one_way_delay_ms,
                    EquipmentImpairment codec = kG711WithConcealment) noexcept;

/** Mean opinion score estimated from R, G.107 Annex B: 1..4.5. */
double EModelMos(double rating) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_VOICE_EMODEL_H_
