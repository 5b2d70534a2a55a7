#include "dashvoip/video/still_maker.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "dashvoip/base/shared_module.h"
#include "dashvoip/video/still_module.h"

namespace dashvoip {
namespace {

struct Functions {
  explicit Functions(const std::string& folder) : module(folder, "dashvoip-still.so") {}

  bool FindAll() {
    return module.Find("dashvoip_still_abi", &abi) && module.Find("dashvoip_still_make", &make) &&
           module.Find("dashvoip_still_free", &free);
  }

  SharedModule module;
  decltype(&dashvoip_still_abi) abi = nullptr;
  decltype(&dashvoip_still_make) make = nullptr;
  decltype(&dashvoip_still_free) free = nullptr;
};

bool Load(Functions* functions, std::string* error) {
  const SharedModule& module = functions->module;
  if (!module.is_loaded()) {
    *error = "no still can be made: " + module.error() + "; build it with DASHVOIP_STILL";
    return false;
  }
  const bool complete = functions->FindAll();
  const int abi = complete ? functions->abi() : 0;
  if (abi == DASHVOIP_STILL_ABI) return true;
  *error = module.WrongInterface(DASHVOIP_STILL_ABI, complete ? &abi : nullptr);
  return false;
}

// The C library learns from the first large piece that is freed to keep such pieces for the next
// time, which may never come: some megabytes in the arena of each thread that makes a still. Told a
// limit of its own, here the one that it begins with, it learns no more.
void KeepNothingLarge() {
#ifdef __GLIBC__
  constexpr int kLarge = 128 * 1024;
  mallopt(M_MMAP_THRESHOLD, kLarge);
#endif
}

void GiveMemoryBack() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace

bool MakeStill(const std::string& folder, const std::uint8_t* key_frame, std::size_t size,
               Still* out, std::string* error) {
  Functions functions(folder);
  if (!Load(&functions, error)) return false;
  KeepNothingLarge();
  dashvoip_still made = {};
  char why[DASHVOIP_STILL_WHY_BYTES] = "";
  const int result = functions.make(key_frame, static_cast<std::uint32_t>(size), &made, why);
  if (result == 0) {
    out->jpeg.assign(made.jpeg, made.jpeg + made.size);
    out->width = made.width;
    out->height = made.height;
    functions.free(&made);
  } else {
    *error = std::string("no still can be made of the camera's key frame: ") + why;
  }
  GiveMemoryBack();
  return result == 0;
}

}  // namespace dashvoip
