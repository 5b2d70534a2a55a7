#include "dashvoip/codec/aac_decoder.h"

#include <utility>

#include "dashvoip/base/shared_module.h"
#include "dashvoip/codec/aac_module.h"

namespace dashvoip {

struct AacModule::Functions {
  explicit Functions(const std::string& folder) : module(folder, "dashvoip-aac.so") {}

  bool FindAll() {
    return module.Find("dashvoip_aac_abi", &abi) && module.Find("dashvoip_aac_version", &version) &&
           module.Find("dashvoip_aac_create", &create) &&
           module.Find("dashvoip_aac_decode", &decode) &&
           module.Find("dashvoip_aac_destroy", &destroy);
  }

  SharedModule module;
  decltype(&dashvoip_aac_abi) abi;
  decltype(&dashvoip_aac_version) version;
  decltype(&dashvoip_aac_create) create;
  decltype(&dashvoip_aac_decode) decode;
  decltype(&dashvoip_aac_destroy) destroy;
};

AacModule::AacModule(std::unique_ptr<Functions> functions) : functions_(std::move(functions)) {}

AacModule::~AacModule() = default;

std::shared_ptr<const AacModule> AacModule::Load(const std::string& folder, std::string* error) {
  std::unique_ptr<Functions> functions(new Functions(folder));
  const SharedModule& module = functions->module;
  if (!module.is_loaded()) {
    *error = "the camera's AAC cannot be decoded: " + module.error();
    return nullptr;
  }
  const bool complete = functions->FindAll();
  const int abi = complete ? functions->abi() : 0;
  if (abi != DASHVOIP_AAC_ABI) {
    *error = module.WrongInterface(DASHVOIP_AAC_ABI, complete ? &abi : nullptr);
    return nullptr;
  }
  return std::shared_ptr<const AacModule>(new AacModule(std::move(functions)));
}

std::string AacModule::version() const { return functions_->version(); }

std::unique_ptr<AacDecoder> AacDecoder::Create(std::shared_ptr<const AacModule> module,
                                               std::uint32_t rate_hz, std::uint32_t channels) {
  dashvoip_aac* const decoder = module->functions_->create(rate_hz, channels);
  if (decoder == nullptr) return nullptr;
  return std::unique_ptr<AacDecoder>(new AacDecoder(std::move(module), decoder));
}

AacDecoder::AacDecoder(std::shared_ptr<const AacModule> module, dashvoip_aac* decoder)
    : module_(std::move(module)), decoder_(decoder) {}

AacDecoder::~AacDecoder() { module_->functions_->destroy(decoder_); }

int AacDecoder::Decode(const std::uint8_t* data, std::size_t size, std::int16_t* out,
                       std::uint32_t* channels) {
  return module_->functions_->decode(decoder_, data, static_cast<std::uint32_t>(size), out,
                                     static_cast<std::uint32_t>(kMaxSamples), channels);
}

}  // namespace dashvoip
