import { AUDIO_CODEC_NAMES, rowOf } from '../../src/codecs';
import { enumeratorOf } from '../shapes/model';

/** native/include/dashvoip/codec/audio_codec_table.h */
export function audioCodecTable(): string {
  const rows = AUDIO_CODEC_NAMES.map((name) => {
    const { clockRate, sampleRate, packetMs, module } = rowOf(name);
    const lengths = packetMs.map((ms) => `Tens(${ms})`).join(' | ');
    const file = module === undefined ? 'nullptr' : `"dashvoip-${module}.so"`;
    return `    {AudioCodec::${enumeratorOf(name)}, "${name}", ${clockRate}, ${sampleRate}, ${lengths},\n     ${file}},`;
  });
  return `// Written by scripts/docs from src/codecs/audio-codecs.ts: change that instead.
#ifndef DASHVOIP_CODEC_AUDIO_CODEC_TABLE_H_
#define DASHVOIP_CODEC_AUDIO_CODEC_TABLE_H_

#include <cstddef>
#include <cstdint>

#include "dashvoip/api/values.h"

namespace dashvoip {

/** An audio codec of the table: an AudioCodec, which has its order, is the index into it. */
struct AudioCodecInfo {
  AudioCodec id;
  const char* name;           ///< as settings call it
  std::uint32_t clock_rate;   ///< of RTP timestamps, Hz
  std::uint32_t sample_rate;  ///< of the sound, Hz
  std::uint32_t lengths;      ///< of packets that may be sent: Tens() of each
  const char* module;         ///< in which it is; nullptr: built in
};

/** A length in whole tens of ms, as one bit. */
constexpr std::uint32_t Tens(std::uint32_t ms) { return ms % 10 == 0 ? 1u << (ms / 10) : 0; }

// clang-format off
constexpr AudioCodecInfo kAudioCodecs[] = {
${rows.join('\n')}
};
// clang-format on
constexpr std::size_t kAudioCodecCount = sizeof(kAudioCodecs) / sizeof(kAudioCodecs[0]);

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_AUDIO_CODEC_TABLE_H_
`;
}
