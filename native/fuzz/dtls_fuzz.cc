#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "dashvoip/dtls/dtls_connection.h"
#include "dtls/test_identity.h"
#include "script.h"

// Datagrams of who has no key, to either end of a handshake: it is never done, its words fit their
// datagrams, and whatever comes back is bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  fuzz::Script script(data, size);
  const DtlsRole role = script.Byte() % 2 == 0 ? DtlsRole::kServer : DtlsRole::kClient;
  DtlsConnection connection(test::TestLibssl(), test::DtlsSettingsOf(role, test::CameraIdentity(),
                                                                     test::BrowserIdentity()));
  connection.Start();
  while (!script.done()) {
    std::size_t length = script.Byte();
    length = length << 8 | script.Byte();
    const std::uint8_t* const at = script.at();
    connection.OnDatagram(at, script.Skip(length));
    DtlsConnection::Octets sent;
    for (std::size_t count = 0; connection.TakeDatagram(&sent); ++count) {
      if (sent.size() > DtlsConnection::kMaxDatagram) std::abort();
      if (count >= DtlsConnection::kMaxWaiting) std::abort();
    }
  }
  if (connection.state() == DtlsConnection::State::kDone) std::abort();
  const bool failed = connection.state() == DtlsConnection::State::kFailed;
  if (failed == connection.failure().empty()) std::abort();
  return 0;
}
