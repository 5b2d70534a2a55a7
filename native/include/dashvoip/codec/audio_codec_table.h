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
  std::uint32_t lengths;      ///< of packets that may be sent: Tens() of each
  const char* module;         ///< in which it is; nullptr: built in
};

/** A length in whole tens of ms, as one bit. */
constexpr std::uint32_t Tens(std::uint32_t ms) { return ms % 10 == 0 ? 1u << (ms / 10) : 0; }

// clang-format off
constexpr AudioCodecInfo kAudioCodecs[] = {
    {AudioCodec::kPcma, "PCMA", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kPcmu, "PCMU", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kG722, "G722", 8000, 16000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kOpus, "OPUS", 48000, 48000, Tens(10) | Tens(20) | Tens(40) | Tens(60),
     "dashvoip-opus.so"},
    {AudioCodec::kL1616, "L16-16", 16000, 16000, Tens(10) | Tens(20) | Tens(30) | Tens(40),
     nullptr},
    {AudioCodec::kL168, "L16-8", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kG72640, "G726-40", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kG72632, "G726-32", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kG72624, "G726-24", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kG72616, "G726-16", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kAal2G72640, "AAL2-G726-40", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kAal2G72632, "AAL2-G726-32", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kAal2G72624, "AAL2-G726-24", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kAal2G72616, "AAL2-G726-16", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     nullptr},
    {AudioCodec::kGsm, "GSM", 8000, 8000, Tens(20) | Tens(40) | Tens(60),
     "dashvoip-gsm.so"},
    {AudioCodec::kSpeex32, "SPEEX-32", 32000, 32000, Tens(20) | Tens(40) | Tens(60),
     "dashvoip-speex.so"},
    {AudioCodec::kSpeex16, "SPEEX-16", 16000, 16000, Tens(20) | Tens(40) | Tens(60),
     "dashvoip-speex.so"},
    {AudioCodec::kSpeex8, "SPEEX-8", 8000, 8000, Tens(20) | Tens(40) | Tens(60),
     "dashvoip-speex.so"},
    {AudioCodec::kAmr, "AMR", 8000, 8000, Tens(20) | Tens(40) | Tens(60),
     "dashvoip-amr.so"},
    {AudioCodec::kAmrOa, "AMR-OA", 8000, 8000, Tens(20) | Tens(40) | Tens(60),
     "dashvoip-amr.so"},
    {AudioCodec::kG723, "G723", 8000, 8000, Tens(30) | Tens(60),
     "dashvoip-g723.so"},
    {AudioCodec::kIlbc, "ILBC", 8000, 8000, Tens(30) | Tens(60),
     "dashvoip-ilbc.so"},
    {AudioCodec::kIlbc20, "ILBC-20", 8000, 8000, Tens(20) | Tens(40) | Tens(60),
     "dashvoip-ilbc.so"},
    {AudioCodec::kG729, "G729", 8000, 8000, Tens(10) | Tens(20) | Tens(30) | Tens(40) | Tens(50) | Tens(60),
     "dashvoip-g729.so"},
};
// clang-format on
constexpr std::size_t kAudioCodecCount = sizeof(kAudioCodecs) / sizeof(kAudioCodecs[0]);

}  // namespace dashvoip

#endif  // DASHVOIP_CODEC_AUDIO_CODEC_TABLE_H_
