#include "dashvoip/codec/coder_maker.h"

#include <unistd.h>

namespace dashvoip {

bool CoderMaker::Has(AudioCodec id) const {
  const char* const file = kAudioCodecs[static_cast<std::size_t>(id)].module;
  return file == nullptr || access((folder_ + "/" + file).c_str(), R_OK) == 0;
}

std::unique_ptr<AudioCoder> CoderMaker::Make(AudioCodec id, std::uint32_t bus_rate_hz,
                                             std::string* error) {
  const AudioCodecInfo& info = kAudioCodecs[static_cast<std::size_t>(id)];
  if (info.module == nullptr) return BuiltInCoder(id);
  const CodecModule* const module = Load(info.module, error);
  if (module == nullptr) return nullptr;
  std::unique_ptr<AudioCoder> coder(module->create(id, bus_rate_hz));
  if (coder == nullptr) *error = std::string(info.name) + ": " + module->version() + " refuses it";
  return coder;
}

const CodecModule* CoderMaker::Load(const char* file, std::string* error) {
  std::unique_ptr<SharedModule>& module = modules_[file];
  // One that could not be loaded is tried again: it may have been installed meanwhile.
  if (module == nullptr || !module->is_loaded()) {
    module.reset(new SharedModule(folder_, file));
  }
  if (!module->is_loaded()) {
    *error = module->error();
    return nullptr;
  }
  decltype(&dashvoip_codec_module) exported = nullptr;
  const bool complete = module->Find("dashvoip_codec_module", &exported);
  const CodecModule* const found = complete ? exported() : nullptr;
  if (found != nullptr && found->abi == CodecModule::kAbi) return found;
  *error = module->WrongInterface(CodecModule::kAbi, found != nullptr ? &found->abi : nullptr);
  return nullptr;
}

}  // namespace dashvoip
