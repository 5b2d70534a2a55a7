#ifndef DASHVOIP_TEST_DTLS_TEST_IDENTITY_H_
#define DASHVOIP_TEST_DTLS_TEST_IDENTITY_H_

#include <stdexcept>
#include <string>

#include "crypto/system_openssl.h"
#include "crypto/test_libcrypto.h"
#include "dashvoip/api/settings.h"
#include "dashvoip/dtls/libssl.h"

namespace dashvoip {
namespace test {

/** The system's. */
inline const Libssl& TestLibssl() {
  LoadSystemOpenSsl();
  const Libssl* const table = Libssl::Find();
  if (table == nullptr) throw std::runtime_error("no libssl on this machine");
  return *table;
}

/** A P-256 key that is nobody's, its certificate, and SHA-256 of that; hexadecimal. */
struct TestIdentity {
  std::string key;
  std::string certificate;
  std::string fingerprint;
};

inline TestIdentity CameraIdentity() {
  return {
      "307702010104203267d2f47bdd1def4b52b496217659f122572e6520e71f3df6fd91aa68a50441a00a06082a"
      "8648ce3d030107a144034200048f66aa935e0055c07581dd882dcb18dc0bc7a9f1dd5a6c4af4cfe0dba2b3a4"
      "498c61e68fb327133b17e8ecb9b99232829bdb26ad3c7f09dab4c6b5f6121e30ea",
      "308201793082011fa003020102021428a05d3243edacad538e0067019f36411ffee441300a06082a8648ce3d"
      "0403023011310f300d06035504030c0663616d6572613020170d3236313132373032343430355a180f323132"
      "36313130333032343430355a3011310f300d06035504030c0663616d6572613059301306072a8648ce3d0201"
      "06082a8648ce3d030107034200048f66aa935e0055c07581dd882dcb18dc0bc7a9f1dd5a6c4af4cfe0dba2b3"
      "a4498c61e68fb327133b17e8ecb9b99232829bdb26ad3c7f09dab4c6b5f6121e30eaa3533051301d0603551d"
      "0e041604140b55e2bc61e6c713e6353732378800def8d997d3301f0603551d230418301680140b55e2bc61e6"
      "c713e6353732378800def8d997d3300f0603551d130101ff040530030101ff300a06082a8648ce3d04030203"
      "4800304502210092c727078282d4c8a64c671cc86ac5a1e5acfb10e932324bb913c787eaee185d022042be33"
      "c333230060e0e7a1cee7afe4d4f0617ff9131e15bc54612d278016adfb",
      "7c57759de6ab5c04bc70111529bef226b2526e22ea83ac76661efa003a5e15aa"};
}

inline TestIdentity BrowserIdentity() {
  return {
      "30770201010420de682c484c6230c3d44f5202e767cc0865f2649cb83bc3ead852c43299292753a00a06082a"
      "8648ce3d030107a1440342000472695176979a99e68d8c658c2fc8a5664c382e0b6bf929f8a805d2ec479cf0"
      "efe5e31384f5a01d95d45adcc20afa92a940570c37392c63a6676b5e74a9a252c0",
      "3082017c30820121a0030201020214757a4187ef1eec19e9165a135724062219549caf300a06082a8648ce3d"
      "04030230123110300e06035504030c0762726f777365723020170d3236313132373032343430375a180f3231"
      "3236313130333032343430375a30123110300e06035504030c0762726f777365723059301306072a8648ce3d"
      "020106082a8648ce3d0301070342000472695176979a99e68d8c658c2fc8a5664c382e0b6bf929f8a805d2ec"
      "479cf0efe5e31384f5a01d95d45adcc20afa92a940570c37392c63a6676b5e74a9a252c0a3533051301d0603"
      "551d0e0416041485395dd11fe8a2dbb7a50834afbd2b118c984448301f0603551d2304183016801485395dd1"
      "1fe8a2dbb7a50834afbd2b118c984448300f0603551d130101ff040530030101ff300a06082a8648ce3d0403"
      "020349003046022100e7323a5f8475895ba861802aa89f678b14e63142b095e45afdcc3ce2be7c529f022100"
      "f5b861f111e5560479acbe6c7f2b9d721aeeab6bec16387739c2b32bbe0a1129",
      "568f8e8d03b32f0d9873b65897f0a74f8f1b0766dcbe0cc252e28452748708cc"};
}

/** What `own` says of itself to a far end that is `other`. */
inline DtlsSettings DtlsSettingsOf(DtlsRole role, const TestIdentity& own,
                                   const TestIdentity& other) {
  DtlsSettings settings;
  settings.role = role;
  for (const std::uint8_t octet : FromHex(own.certificate)) settings.certificate.Add(octet);
  for (const std::uint8_t octet : FromHex(own.key)) settings.key.Add(octet);
  settings.fingerprint.hash = FingerprintHash::kSha256;
  for (const std::uint8_t octet : FromHex(other.fingerprint)) {
    settings.fingerprint.digest.Add(octet);
  }
  return settings;
}

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_DTLS_TEST_IDENTITY_H_
