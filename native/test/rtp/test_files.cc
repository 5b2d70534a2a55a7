#include "rtp/test_files.h"

#include <cstddef>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "dashvoip/base/byte_order.h"
#include "places.h"

namespace dashvoip {
namespace test {

namespace {

constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kRecordHeader = 16;
constexpr std::size_t kEthernet = 14;
constexpr std::size_t kUdp = 8;

std::uint32_t Little32(const std::uint8_t* p) {
  return p[0] | p[1] << 8 | p[2] << 16 | static_cast<std::uint32_t>(p[3]) << 24;
}

}  // namespace

Bytes ReadTestFile(const std::string& name) {
  std::ifstream file(std::string(DASHVOIP_TEST_DATA) + "/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read test data " + name);
  return Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::vector<CapturedDatagram> ReadCapture(const std::string& name) {
  const Bytes file = ReadTestFile(name);
  if (file.size() < kFileHeader || Little32(file.data()) != 0xa1b2c3d4) {
    throw std::runtime_error(name + " is no little-endian pcap file");
  }
  std::vector<CapturedDatagram> datagrams;
  std::size_t at = kFileHeader;
  while (file.size() - at >= kRecordHeader) {
    const std::uint8_t* record = file.data() + at;
    const std::size_t size = Little32(record + 8);
    at += kRecordHeader;
    if (file.size() - at < size) throw std::runtime_error(name + " is cut short");
    const std::uint8_t* ip = file.data() + at + kEthernet;
    const std::size_t ip_header = (ip[0] & 0x0f) * std::size_t{4};
    const std::uint8_t* udp = ip + ip_header;
    const std::size_t length = ReadU16(udp + 4);
    CapturedDatagram datagram;
    datagram.time = Little32(record) * std::int64_t{1000000000} + Little32(record + 4) * 1000;
    datagram.payload.assign(udp + kUdp, udp + length);
    datagrams.push_back(datagram);
    at += size;
  }
  return datagrams;
}

}  // namespace test
}  // namespace dashvoip
