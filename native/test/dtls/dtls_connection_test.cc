// Shows RFC 5763, 5764.

#include "dashvoip/dtls/dtls_connection.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <functional>
#include <thread>
#include <utility>

#include "dashvoip/base/byte_order.h"
#include "dtls/test_identity.h"

namespace dashvoip {
namespace test {
namespace {

using Octets = DtlsConnection::Octets;
using State = DtlsConnection::State;

/** Both ends, and what lies between them. */
struct Pair {
  explicit Pair(const TestIdentity& expected = BrowserIdentity())
      : client(TestLibssl(), DtlsSettingsOf(DtlsRole::kClient, CameraIdentity(), expected)),
        server(TestLibssl(),
               DtlsSettingsOf(DtlsRole::kServer, BrowserIdentity(), CameraIdentity())) {}

  /** Carries datagrams to and fro until nobody has any; what `lost` names is lost. */
  void Run(const std::function<bool(const Octets&)>& lost = [](const Octets&) { return false; }) {
    client.Start();
    for (bool moved = true; moved;) {
      moved = Carry(&client, &server, lost);
      moved = Carry(&server, &client, lost) || moved;
    }
  }

  static bool Carry(DtlsConnection* from, DtlsConnection* to,
                    const std::function<bool(const Octets&)>& lost) {
    bool moved = false;
    Octets datagram;
    while (from->TakeDatagram(&datagram)) {
      CHECK(datagram.size() <= DtlsConnection::kMaxDatagram);
      moved = true;
      if (!lost(datagram)) to->OnDatagram(datagram.data(), datagram.size());
    }
    return moved;
  }

  DtlsConnection client;
  DtlsConnection server;
};

Octets KeyOf(const SrtpKey& key) { return Octets(key.master.begin(), key.master.end()); }

// RFC 6347 §4.1, §4.2.2: what stands before a handshake message's own bytes.
constexpr std::size_t kRecordHeader = 13;
constexpr std::size_t kMessageHeader = 12;

void WriteU24(std::uint8_t* at, std::size_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 16);
  WriteU16(at + 1, static_cast<std::uint16_t>(value));
}

/** Some bytes of the one message in a datagram, in a record of their own. @param number of that. */
Octets Fragment(const Octets& whole, std::size_t at, std::size_t size, std::uint16_t number) {
  const auto message = whole.begin() + kRecordHeader + kMessageHeader;
  Octets out(whole.begin(), message);
  out.insert(out.end(), message + static_cast<std::ptrdiff_t>(at),
             message + static_cast<std::ptrdiff_t>(at + size));
  WriteU16(out.data() + 9, number);
  WriteU16(out.data() + 11, static_cast<std::uint16_t>(kMessageHeader + size));
  WriteU24(out.data() + kRecordHeader + 6, at);
  WriteU24(out.data() + kRecordHeader + 9, size);
  return out;
}

/** The first word of a client: one record. */
Octets HelloOf(DtlsConnection* client) {
  Octets hello;
  client->Start();
  REQUIRE(client->TakeDatagram(&hello));
  REQUIRE(hello.size() == kRecordHeader + ReadU16(hello.data() + 11));
  return hello;
}

std::size_t ResidentBytes() {
  std::size_t pages = 0;
  std::size_t resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/** OpenSSL's timers are its own: this one waits in real time, 100 ms as a rule. */
void AwaitTimer(DtlsConnection* connection) {
  const int left = connection->NextTimerMs();
  REQUIRE(left >= 0);
  REQUIRE(left <= 1000);
  std::this_thread::sleep_for(std::chrono::milliseconds(left + 1));
  connection->OnTimer();
}

}  // namespace

TEST_CASE("DTLS: two ends agree on a suite, and each sends with what the other receives with") {
  Pair pair;
  pair.Run();
  REQUIRE(pair.client.state() == State::kDone);
  REQUIRE(pair.server.state() == State::kDone);
  const SrtpSettings& client = pair.client.keys();
  const SrtpSettings& server = pair.server.keys();
  CHECK(client.suite == SrtpSuite::kAes128Gcm);
  CHECK(server.suite == client.suite);
  CHECK(KeyOf(client.send).size() == 28);
  CHECK(KeyOf(client.send) == KeyOf(server.receive));
  CHECK(KeyOf(client.receive) == KeyOf(server.send));
  CHECK(KeyOf(client.send) != KeyOf(client.receive));
}

TEST_CASE("DTLS: keys are others each time") {
  Pair one;
  Pair other;
  one.Run();
  other.Run();
  CHECK(KeyOf(one.client.keys().send) != KeyOf(other.client.keys().send));
}

TEST_CASE("DTLS: a certificate that the description does not name is nobody's") {
  Pair pair(CameraIdentity());
  pair.Run();
  CHECK(pair.client.state() == State::kFailed);
  CHECK(pair.client.failure().find("another one than its description names") != std::string::npos);
  CHECK(KeyOf(pair.client.keys().send).empty());
}

TEST_CASE("DTLS: whatever is lost is sent again") {
  for (int nth = 0; nth < 4; ++nth) {
    CAPTURE(nth);
    Pair pair;
    int seen = 0;
    pair.Run([&](const Octets&) { return seen++ == nth; });
    for (int tries = 0; tries < 3 && pair.client.state() == State::kGoing; ++tries) {
      AwaitTimer(&pair.client);
      pair.Run();
    }
    CHECK(pair.client.state() == State::kDone);
    CHECK(pair.server.state() == State::kDone);
  }
}

TEST_CASE("DTLS: what comes twice, or is changed on the way, does no harm") {
  Pair pair;
  int seen = 0;
  pair.Run([&](const Octets& datagram) {
    Octets changed = datagram;
    changed[changed.size() - 1] ^= 1;
    changed[0] = 23;  // application data before there are keys for it
    DtlsConnection* const to = seen++ % 2 == 0 ? &pair.server : &pair.client;
    to->OnDatagram(changed.data(), changed.size());
    to->OnDatagram(datagram.data(), datagram.size() / 2);
    return false;
  });
  for (int tries = 0; tries < 3 && pair.client.state() == State::kGoing; ++tries) {
    AwaitTimer(&pair.client);
    pair.Run();
  }
  INFO(pair.client.failure() << pair.server.failure());
  CHECK(pair.client.state() == State::kDone);
  CHECK(pair.server.state() == State::kDone);
}

TEST_CASE("DTLS: a ClientHello in two datagrams, as Chromium sends it, in either order") {
  for (const bool swapped : {false, true}) {
    CAPTURE(swapped);
    Pair pair;
    const Octets hello = HelloOf(&pair.client);
    const std::size_t size = hello.size() - kRecordHeader - kMessageHeader;
    // The numbers between are those of what the client sends next.
    std::array<Octets, 2> parts = {
        {Fragment(hello, 0, size / 2, 0), Fragment(hello, size / 2, size - size / 2, 40)}};
    if (swapped) std::swap(parts[0], parts[1]);
    pair.server.OnDatagram(parts[0].data(), parts[0].size());
    Octets answer;
    CHECK_FALSE(pair.server.TakeDatagram(&answer));
    pair.server.OnDatagram(parts[1].data(), parts[1].size());
    pair.Run();
    INFO(pair.client.failure() << pair.server.failure());
    CHECK(pair.client.state() == State::kDone);
    CHECK(pair.server.state() == State::kDone);
  }
}

TEST_CASE("DTLS: a thousand handshakes that are begun and left cost bounded memory") {
  Pair pair;
  Octets part = Fragment(HelloOf(&pair.client), 0, 40, 0);
  const std::size_t before = ResidentBytes();
  for (std::uint16_t i = 0; i < 1000; ++i) {
    // Each says that it is the beginning of 100 KB.
    WriteU16(part.data() + 9, i);
    WriteU24(part.data() + kRecordHeader + 1, 100 * 1024);
    WriteU16(part.data() + kRecordHeader + 4, i);
    pair.server.OnDatagram(part.data(), part.size());
  }
  CHECK(ResidentBytes() < before + 8 * 1024 * 1024);
  CHECK(pair.server.state() != State::kDone);
}

TEST_CASE("DTLS: nothing waits before there is a way to the far end, and what is no DTLS is none") {
  Pair pair;
  CHECK(pair.client.NextTimerMs() == -1);
  const Octets rtp = {0x80, 0, 0, 1};
  pair.client.OnDatagram(rtp.data(), rtp.size());
  Octets datagram;
  CHECK_FALSE(pair.client.TakeDatagram(&datagram));
  CHECK(MayBeDtls(Octets{22}.data(), 1));
  CHECK_FALSE(MayBeDtls(Octets{19}.data(), 1));
  CHECK_FALSE(MayBeDtls(Octets{64}.data(), 1));
}

TEST_CASE("DTLS: a certificate or key that is none is told") {
  DtlsSettings settings = DtlsSettingsOf(DtlsRole::kClient, CameraIdentity(), BrowserIdentity());
  settings.key = {};
  settings.key.Add(0);
  CHECK_THROWS_WITH_AS(DtlsConnection(TestLibssl(), settings),
                       doctest::Contains("cannot be set up"), std::runtime_error);
}

}  // namespace test
}  // namespace dashvoip
