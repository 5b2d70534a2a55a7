#ifndef DASHVOIP_BASE_RESIDENT_CODE_H_
#define DASHVOIP_BASE_RESIDENT_CODE_H_

#include <cstddef>

namespace dashvoip {

/**
 * Asks the kernel to keep what real-time threads run on in memory: code and constants of the addon
 * and of the libraries it uses, each page from the first time that it is touched (mlock2,
 * Linux 4.4). On a board short of memory they would be read from flash again in mid-call. The
 * program itself, Node, is left out: 100 MB of it would not fit. Data needs no lock where there is
 * no swap.
 * @return bytes of address space that are locked from now on; 0 where the kernel or RLIMIT_MEMLOCK
 *   forbids it, and then all goes on with a little less margin.
 */
std::size_t KeepCodeResident();

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_RESIDENT_CODE_H_
