// Written by scripts/docs from src/codecs/audio-codecs.ts: change that instead.
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
    {AudioCodec::kPcma, "PCMA", 8000, 8000},
    {AudioCodec::kPcmu, "PCMU", 8000, 8000},
    {AudioCodec::kG722, "G722", 8000, 16000},
};
constexpr std::size_t kAudioCodecCount = sizeof(kAudioCodecs) / sizeof(kAudioCodecs[0]);

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_AUDIO_CODEC_TABLE_H_
