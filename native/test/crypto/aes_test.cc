// Shows RFC 7714.

#include "dashvoip/crypto/aes.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "crypto/test_libcrypto.h"

namespace dashvoip {
namespace {

using test::FromHex;
using test::Octets;

AesCtr::Iv CtrIv(const Octets& bytes) {
  AesCtr::Iv iv{};
  std::copy(bytes.begin(), bytes.end(), iv.begin());
  return iv;
}

AesGcm::Iv GcmIv(const Octets& bytes) {
  AesGcm::Iv iv{};
  std::copy(bytes.begin(), bytes.end(), iv.begin());
  return iv;
}

TEST_CASE("AesCtr: RFC 3711 B.2, and the same again") {
  const Octets key = FromHex("2b7e151628aed2a6abf7158809cf4f3c");
  AesCtr cipher(test::TestLibcrypto(), key.data(), key.size());
  const AesCtr::Iv iv = CtrIv(FromHex("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000"));
  for (int times = 0; times < 2; ++times) {
    Octets stream(48);
    REQUIRE(cipher.Apply(iv, stream.data(), stream.size()));
    CHECK(stream == FromHex("e03ead0935c95e80e166b16dd92b4eb4 d23513162b02d0f72a43a2fe4a5f97ab"
                            "41e95b3bb0a2e8dd477901e4fca894c0"));
  }
}

TEST_CASE("AesCtr: RFC 6188 7.1, 256 bits") {
  const Octets key = FromHex("57f82fe3613fd170a85ec93c40b1f092 2ec4cb0dc025b58272147cc438944a98");
  AesCtr cipher(test::TestLibcrypto(), key.data(), key.size());
  Octets stream(32);
  REQUIRE(cipher.Apply(CtrIv(FromHex("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000")), stream.data(), 32));
  CHECK(stream == FromHex("92bdd28a93c3f52511c677d08b5515a4 9da71b2378a854f67050756ded165bac"));
}

// RFC 7714 §16.1.1: "Gallia est omnis divisa in partes tres".
const char kHeader[] = "8040f17b8041f8d35501a0b2";
const char kPlain[] =
    "47616c6c696120657374206f6d6e697320646976697361 20696e207061727465732074726573";
const char kSecret[] =
    "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833";
const char kTag[] = "899d7f27beb16a9152cf765ee4390cce";
const char kIv[] = "51753c6580c2726f20718414";

TEST_CASE("AesGcm: RFC 7714 16.1.1, both ways") {
  const Octets key = FromHex("000102030405060708090a0b0c0d0e0f");
  const Octets header = FromHex(kHeader);
  const AesGcm::Associated associated = {header.data(), header.size(), nullptr, 0};
  const AesGcm::Iv iv = GcmIv(FromHex(kIv));
  AesGcm seals(test::TestLibcrypto(), key.data(), key.size(), true);
  Octets data = FromHex(kPlain);
  Octets tag(AesGcm::kTagSize);
  REQUIRE(seals.Seal(iv, associated, data.data(), data.size(), tag.data()));
  CHECK(data == FromHex(kSecret));
  CHECK(tag == FromHex(kTag));

  AesGcm opens(test::TestLibcrypto(), key.data(), key.size(), false);
  SUBCASE("as it was sealed") {
    CHECK(opens.Open(iv, associated, data.data(), data.size(), tag.data()));
    CHECK(data == FromHex(kPlain));
  }
  SUBCASE("what is not genuine is left as it came") {
    tag[15] ^= 1;
    CHECK_FALSE(opens.Open(iv, associated, data.data(), data.size(), tag.data()));
    CHECK(data == FromHex(kSecret));
    tag[15] ^= 1;
    CHECK(opens.Open(iv, associated, data.data(), data.size(), tag.data()));
  }
}

TEST_CASE("AesGcm: two pieces of associated data are one") {
  const Octets key(32, 7);
  const Octets header = FromHex(kHeader);
  const AesGcm::Iv iv = GcmIv(FromHex(kIv));
  AesGcm cipher(test::TestLibcrypto(), key.data(), key.size(), true);
  Octets one = FromHex(kPlain);
  Octets two = one;
  Octets tag_one(16);
  Octets tag_two(16);
  cipher.Seal(iv, {header.data(), 12, nullptr, 0}, one.data(), one.size(), tag_one.data());
  cipher.Seal(iv, {header.data(), 8, header.data() + 8, 4}, two.data(), two.size(), tag_two.data());
  CHECK(tag_one == tag_two);
}

}  // namespace
}  // namespace dashvoip
