#ifndef DASHVOIP_SIM_FILE_BYTES_H_
#define DASHVOIP_SIM_FILE_BYTES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace dashvoip {
namespace sim {

/** A whole file. @throws std::runtime_error naming it when it cannot be read or is empty. */
std::vector<std::uint8_t> ReadFile(const std::string& path);

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_FILE_BYTES_H_
