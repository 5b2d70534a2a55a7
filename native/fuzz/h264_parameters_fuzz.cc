#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dashvoip/video/annexb.h"
#include "dashvoip/video/parameter_sets.h"

// Annex B and parameter sets of either codec: the input is one access unit.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  AnnexBReader reader(data, size);
  NalUnit nal;
  while (reader.Next(&nal)) {
    if (nal.size == 0 || nal.data < data || nal.data + nal.size > data + size) std::abort();
  }
  for (const PictureCodec codec : {PictureCodec::kH264, PictureCodec::kH265}) {
    ParameterSets sets(codec);
    sets.UpdateFrom(data, size);
    if (sets.count() > ParameterSets::kMaxSets) std::abort();
    if (sets.complete() && sets.parameters().width == 0) std::abort();
    sets.SpropParameterSets();

    // The SPS parser alone gets further when it need not find a start code first.
    if (size == 0) continue;
    SpsParameters parameters;
    nal.data = data;
    nal.size = size;
    if (ParseSps(codec, nal, &parameters)) parameters.ProfileLevelId();
  }
  return 0;
}
