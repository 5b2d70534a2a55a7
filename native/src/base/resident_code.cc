#include "dashvoip/base/resident_code.h"

#include <link.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace dashvoip {
namespace {

// Of <linux/mman.h>: the C library of the SDK knows neither the call nor its flag.
constexpr int kLockOnFault = 1;
constexpr std::uintptr_t kPage = 4096;

bool Lock(std::uintptr_t begin, std::size_t size) {
#ifdef SYS_mlock2
  return syscall(SYS_mlock2, begin, size, kLockOnFault) == 0;
#else
  static_cast<void>(begin);
  static_cast<void>(size);
  return false;
#endif
}

int LockObject(dl_phdr_info* object, std::size_t, void* total) {
  // The main program has no name, and the kernel's own page no file.
  const bool is_library = object->dlpi_name != nullptr && object->dlpi_name[0] == '/';
  if (!is_library) return 0;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) & ~(kPage - 1);
    const std::size_t size = object->dlpi_addr + segment.p_vaddr + segment.p_memsz - begin;
    if (Lock(begin, size)) *static_cast<std::size_t*>(total) += size;
  }
  return 0;
}

}  // namespace

std::size_t KeepCodeResident() {
  std::size_t total = 0;
  dl_iterate_phdr(LockObject, &total);
  return total;
}

}  // namespace dashvoip
