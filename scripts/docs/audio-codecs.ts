import { AUDIO_CODEC_NAMES, AUDIO_CODECS } from '../../src/codecs';

/** native/include/dashvoip/codec/audio_codec_table.h */
export function audioCodecTable(): string {
  const rows = AUDIO_CODEC_NAMES.map((name) => {
    const { clockRate, sampleRate } = AUDIO_CODECS[name];
    return `    {AudioCodec::${idOf(name)}, "${name}", ${clockRate}, ${sampleRate}},`;
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
};

constexpr AudioCodecInfo kAudioCodecs[] = {
${rows.join('\n')}
};
constexpr std::size_t kAudioCodecCount = sizeof(kAudioCodecs) / sizeof(kAudioCodecs[0]);

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_AUDIO_CODEC_TABLE_H_
`;
}

/** PCMA becomes kPcma. */
function idOf(name: string): string {
  return `k${name.charAt(0)}${name.slice(1).toLowerCase()}`;
}
