#include "dashvoip/voice/packet_store.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <vector>

#include "dashvoip/base/random_source.h"

namespace dashvoip {
namespace {

using Bytes = std::vector<std::uint8_t>;

EncodedPacket Packet(const Bytes& payload) {
  EncodedPacket packet;
  packet.payload = payload.data();
  packet.size = payload.size();
  return packet;
}

TEST_CASE("packet store: full by number and by bytes, and free again") {
  PacketStore store(3, 100);
  const Bytes large(60, 1);
  const Bytes small(10, 2);
  EncodedPacket* first = store.Add(Packet(large));
  REQUIRE(first != nullptr);
  CHECK(store.Add(Packet(large)) == nullptr);
  EncodedPacket* second = store.Add(Packet(small));
  REQUIRE(store.Add(Packet(small)) != nullptr);
  CHECK(store.Add(Packet(small)) == nullptr);
  // What is freed out of turn waits for what came before it.
  store.Remove(second);
  CHECK(store.Add(Packet(small)) == nullptr);
  store.Remove(first);
  CHECK(store.Add(Packet(small)) != nullptr);
  store.Clear();
  CHECK(store.Add(Packet(Bytes(100, 3))) != nullptr);
  CHECK(PacketStore(3, 100).Add(Packet(Bytes(101, 3))) == nullptr);
}

TEST_CASE("packet store: no payload is touched by another one, whatever comes and goes") {
  SeededRandom random(4);
  PacketStore store(20, 1000);
  std::deque<std::pair<EncodedPacket*, Bytes>> held;
  int added = 0;
  for (int step = 0; step < 5000; ++step) {
    if (random.Next() % 100 < 60) {
      const Bytes payload(1 + random.Next() % 200, static_cast<std::uint8_t>(step));
      EncodedPacket* packet = store.Add(Packet(payload));
      if (packet == nullptr) continue;
      held.emplace_back(packet, payload);
      ++added;
    } else if (!held.empty()) {
      const std::size_t which = random.Next() % std::min<std::size_t>(3, held.size());
      store.Remove(held[which].first);
      held.erase(held.begin() + static_cast<std::ptrdiff_t>(which));
    }
    for (const auto& one : held) {
      if (!std::equal(one.second.begin(), one.second.end(), one.first->payload)) FAIL("touched");
    }
  }
  CHECK(added > 1000);
}

}  // namespace
}  // namespace dashvoip
