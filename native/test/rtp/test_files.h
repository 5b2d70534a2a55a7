#ifndef DASHVOIP_TEST_RTP_TEST_FILES_H_
#define DASHVOIP_TEST_RTP_TEST_FILES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace dashvoip {
namespace test {

using Bytes = std::vector<std::uint8_t>;

/** @param name below test/data. Throws when it cannot be read. */
Bytes ReadTestFile(const std::string& name);

struct CapturedDatagram {
  std::int64_t time;  ///< ns
  Bytes payload;      ///< of UDP
};

/** UDP datagrams of a little-endian pcap file of Ethernet frames with IPv4. */
std::vector<CapturedDatagram> ReadCapture(const std::string& name);

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_RTP_TEST_FILES_H_
