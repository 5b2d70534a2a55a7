#include <doctest/doctest.h>

#include <cstdlib>
#include <memory>
#include <vector>

#include "dashvoip/codec/g711.h"
#include "dashvoip/engine/media_loop.h"
#include "loop_fixture.h"

using namespace dashvoip;        // NOLINT: a test of one part
using namespace dashvoip::test;  // NOLINT

TEST_CASE_FIXTURE(LoopFixture, "MediaLoop: in a conference of four each hears all but itself") {
  Run();
  std::vector<std::unique_ptr<Call>> calls;
  for (int i = 0; i < 4; ++i) calls.push_back(Begin(Direction::kSendRecv));
  const std::int16_t voices[] = {512, 1024, 2048, 4096};
  const auto confer = [&](std::size_t members) {
    for (std::size_t i = 0; i < calls.size(); ++i) {
      MediaCommand command = {MediaCommand::Kind::kRoute, calls[i]->session.get(), 0,
                              SessionSettings()};
      for (std::size_t other = 0; other < members && i < members; ++other) {
        if (other != i) command.route.calls[command.route.count++] = calls[other]->session.get();
      }
      REQUIRE(loop.Post(command));
    }
  };
  /** Whether call `i` hears `expected`, sooner or later; A-law is exact to a thirtieth. */
  const auto hears = [&](std::size_t i, int expected) {
    return Eventually([&] {
      for (std::size_t j = 0; j < calls.size(); ++j) calls[j]->Say(voices[j]);
      const Bytes packet = calls[i]->peer.Receive();
      const int heard = packet.size() == 172 ? LinearFromALaw(packet[100]) : 0;
      return std::abs(heard - expected) < expected / 16;
    });
  };
  CHECK(hears(3, 1000));  // of the microphone
  confer(4);
  CHECK(hears(0, 1000 + 1024 + 2048 + 4096));
  CHECK(hears(1, 1000 + 512 + 2048 + 4096));
  CHECK(hears(2, 1000 + 512 + 1024 + 4096));
  CHECK(hears(3, 1000 + 512 + 1024 + 2048));
  confer(3);
  CHECK(hears(3, 1000));
  CHECK(hears(0, 1000 + 1024 + 2048));
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE_FIXTURE(LoopFixture, "MediaLoop: a clip is heard by its call alone, and handed back") {
  Run();
  const auto one = Begin(Direction::kSendRecv);
  const auto two = Begin(Direction::kSendRecv);
  ClipPort clip(std::vector<std::int16_t>(80 * 160, 3000), false);
  MediaCommand command = {MediaCommand::Kind::kPlay, one->session.get(), 0, SessionSettings()};
  command.clip = &clip;
  command.clip_id = 7;
  REQUIRE(loop.Post(command));
  const auto heard = [](const Bytes& packet) {
    return packet.size() == 172 ? LinearFromALaw(packet[100]) : 0;
  };
  CHECK(Eventually([&] { return std::abs(heard(one->peer.Receive()) - 4000) < 200; }));
  CHECK(heard(two->peer.Receive()) < 1100);
  EndedClip ended{};
  CHECK(Eventually([&] { return outbox.TakeClip(&ended); }));
  CHECK(ended.id == 7);
  CHECK(ended.completed);
  // One that repeats ends with its call.
  ClipPort tone({1, 2, 3}, true);
  command.clip = &tone;
  command.clip_id = 8;
  REQUIRE(loop.Post(command));
  Order(MediaCommand::Kind::kClose, one->session.get());
  CHECK(Eventually([&] { return outbox.TakeClip(&ended); }));
  CHECK(ended.id == 8);
  CHECK_FALSE(ended.completed);
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE_FIXTURE(LoopFixture, "MediaLoop: music on hold is heard in place of the microphone") {
  Run();
  const auto call = Begin(Direction::kSendRecv);
  const auto heard = [&] {
    const Bytes packet = call->peer.Receive();
    return packet.size() == 172 ? LinearFromALaw(packet[100]) : 0;
  };
  CHECK(Eventually([&] { return std::abs(heard() - 1000) < 50; }));
  MediaCommand route = {MediaCommand::Kind::kRoute, call->session.get(), 0, SessionSettings()};
  route.route.microphone = false;
  REQUIRE(loop.Post(route));
  ClipPort music(std::vector<std::int16_t>(100, 3000), true);
  MediaCommand play = {MediaCommand::Kind::kPlay, call->session.get(), 0, SessionSettings()};
  play.clip = &music;
  play.clip_id = 3;
  REQUIRE(loop.Post(play));
  REQUIRE(Configure(*call, SettingsTo(call->peer, call->rtcp_peer, Direction::kSendOnly)));
  CHECK(Eventually([&] { return std::abs(heard() - 3000) < 100; }));
  CHECK(Eventually([&] { return !outbox.demand().microphone; }));
  // Resumed.
  play.kind = MediaCommand::Kind::kStopPlaying;
  REQUIRE(loop.Post(play));
  route.route.microphone = true;
  REQUIRE(loop.Post(route));
  REQUIRE(Configure(*call, SettingsTo(call->peer, call->rtcp_peer, Direction::kSendRecv)));
  CHECK(Eventually([&] { return std::abs(heard() - 1000) < 50; }));
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE_FIXTURE(LoopFixture,
                  "MediaLoop: a tone in the cabin needs no call, and lets the loop sleep") {
  Run();
  ClipPort tone(std::vector<std::int16_t>(160, 5000), true);
  MediaCommand command = {MediaCommand::Kind::kPlay, nullptr, 0, SessionSettings()};
  command.clip = &tone;
  command.clip_id = 1;
  REQUIRE(loop.Post(command));
  CHECK(Eventually([&] { return speaker.loudest.load() == 5000; }));
  CHECK(outbox.demand().speaker);
  CHECK_FALSE(outbox.demand().microphone);
  command.kind = MediaCommand::Kind::kStopPlaying;
  REQUIRE(loop.Post(command));
  EndedClip ended{};
  CHECK(Eventually([&] { return outbox.TakeClip(&ended); }));
  CHECK_FALSE(ended.completed);
  CHECK(Eventually([&] { return !outbox.demand().speaker; }));
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}
