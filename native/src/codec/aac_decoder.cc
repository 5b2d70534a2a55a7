#include "dashvoip/codec/aac_decoder.h"

#include <dlfcn.h>

#include <utility>

#include "dashvoip/codec/aac_module.h"

namespace dashvoip {
namespace {

constexpr const char* kFileName = "dashvoip-aac.so";

template <typename Function>
bool Find(void* handle, const char* name, Function* out) {
  *out = reinterpret_cast<Function>(dlsym(handle, name));
  return *out != nullptr;
}

std::string LoadError() {
  const char* const words = dlerror();
  return words != nullptr ? words : "unknown error of the dynamic linker";
}

}  // namespace

struct AacModule::Functions {
  decltype(&dashvoip_aac_abi) abi;
  decltype(&dashvoip_aac_version) version;
  decltype(&dashvoip_aac_create) create;
  decltype(&dashvoip_aac_decode) decode;
  decltype(&dashvoip_aac_destroy) destroy;
};

AacModule::AacModule(void* handle, std::unique_ptr<Functions> functions)
    : handle_(handle), functions_(std::move(functions)) {}

AacModule::~AacModule() { dlclose(handle_); }

std::shared_ptr<const AacModule> AacModule::Load(const std::string& folder, std::string* error) {
  const std::string path = folder.empty() ? kFileName : folder + "/" + kFileName;
  // Stays in the process once loaded: some of libavcodec's own libraries leak when unloaded.
  void* const handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr) {
    *error = "the camera's AAC cannot be decoded: " + LoadError();
    return nullptr;
  }
  std::unique_ptr<Functions> functions(new Functions);
  Functions& f = *functions;
  const bool complete = Find(handle, "dashvoip_aac_abi", &f.abi) &&
                        Find(handle, "dashvoip_aac_version", &f.version) &&
                        Find(handle, "dashvoip_aac_create", &f.create) &&
                        Find(handle, "dashvoip_aac_decode", &f.decode) &&
                        Find(handle, "dashvoip_aac_destroy", &f.destroy);
  const std::shared_ptr<const AacModule> module(new AacModule(handle, std::move(functions)));
  if (complete && f.abi() == DASHVOIP_AAC_ABI) return module;
  *error = path + ": expected interface " + std::to_string(DASHVOIP_AAC_ABI) + ", found " +
           (complete ? std::to_string(f.abi()) : std::string("none")) +
           "; install module and agent from the same build";
  return nullptr;
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
