// Shows RFC 3711, 6188.

#include "dashvoip/srtp/session_keys.h"

#include <doctest/doctest.h>

#include "crypto/test_libcrypto.h"

namespace dashvoip {
namespace {

using test::FromHex;
using test::Octets;

template <typename Bytes>
Octets First(const Bytes& bytes, std::size_t size) {
  return Octets(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
}

TEST_CASE("SessionKeys: RFC 3711 B.3") {
  const Octets master = FromHex("e1f97a0d3e018be0d64fa32c06de4139 0ec675ad498afeebb6960b3aabe6");
  const SessionKeys keys(test::TestLibcrypto(), SizesOf(SrtpSuite::kAes128Sha1Tag80), master.data(),
                         SrtpProtocol::kRtp);
  CHECK(First(keys.cipher, 16) == FromHex("c61e7a93744f39ee10734afe3ff7a087"));
  CHECK(First(keys.salt, 14) == FromHex("30cbbc08863d8c85d49db34a9ae1"));
  CHECK(First(keys.authentication, 20) == FromHex("cebe321f6ff7716b6fd4ab49af256a156d38baa4"));
}

TEST_CASE("SessionKeys: RFC 6188 7.2, 256 bits") {
  const Octets master = FromHex(
      "f0f04914b513f2763a1b1fa130f10e29 98f6f6e43e4309d1e622a0e332b9f1b6"
      "3b04803de51ee7c96423ab5b78d2");
  const SessionKeys keys(test::TestLibcrypto(), SizesOf(SrtpSuite::kAes256Sha1Tag80), master.data(),
                         SrtpProtocol::kRtp);
  CHECK(First(keys.cipher, 32) ==
        FromHex("5ba1064e30ec51613cad926c5a28ef73 1ec7fb397f70a960653caf06554cd8c4"));
  CHECK(First(keys.salt, 14) == FromHex("fa31791685ca444a9e07c6c64e93"));
  CHECK(First(keys.authentication, 20) == FromHex("fd9c32d39ed5fbb5a9dc96b30818454d1313dc05"));
}

TEST_CASE("SessionKeys: those of SRTCP are others") {
  const Octets master(30, 1);
  const SrtpSizes sizes = SizesOf(SrtpSuite::kAes128Sha1Tag80);
  const SessionKeys rtp(test::TestLibcrypto(), sizes, master.data(), SrtpProtocol::kRtp);
  const SessionKeys rtcp(test::TestLibcrypto(), sizes, master.data(), SrtpProtocol::kRtcp);
  CHECK(rtp.cipher != rtcp.cipher);
  CHECK(rtp.salt != rtcp.salt);
  CHECK(rtp.authentication != rtcp.authentication);
}

}  // namespace
}  // namespace dashvoip
