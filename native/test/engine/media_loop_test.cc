#include "dashvoip/engine/media_loop.h"

#include <doctest/doctest.h>
#include <pthread.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "base/realtime_watch.h"
#include "dashvoip/base/monotonic.h"
#include "dashvoip/codec/g711.h"
#include "loop_fixture.h"

using namespace dashvoip;        // NOLINT: a test of one part
using namespace dashvoip::test;  // NOLINT

TEST_CASE_FIXTURE(LoopFixture,
                  "MediaLoop: the sound of slots that were slept through is thrown away") {
  microphone.numbered.store(true);
  Run();
  const auto call = Begin(Direction::kSendRecv);
  const Bytes first = call->peer.Receive();
  microphone.stall_ms.store(110);
  Bytes last = first;
  std::uint32_t longest = 0;
  for (int i = 0; i < 12; ++i) {
    const Bytes next = call->peer.Receive();
    const std::uint32_t slots = (Parse(next).header.timestamp - Parse(last).header.timestamp) / 160;
    // As much of the microphone's sound has gone by as of the stream's time.
    const int blocks = (next[12] - last[12] + 128) % 128;
    if (slots <= 8) CHECK(blocks == static_cast<int>(slots));
    longest = std::max(longest, slots);
    last = next;
  }
  CHECK(longest >= 5);
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE_FIXTURE(LoopFixture,
                  "MediaLoop: all sessions hear the microphone, the speaker gets their sum") {
  Run();
  const auto one = Begin(Direction::kSendRecv);
  const auto two = Begin(Direction::kSendRecv);
  const Bytes sound = one->peer.Receive();
  REQUIRE(sound.size() == 172);
  CHECK(sound[12] == ALawFromLinear(1000));
  CHECK(two->peer.Receive().size() == 172);
  CHECK(Eventually([&] {
    one->Say(20000);
    return speaker.loudest.load() == LinearFromALaw(ALawFromLinear(20000));
  }));
  CHECK(Eventually([&] {
    one->Say(20000);
    two->Say(20000);
    const int loudest = speaker.loudest.load();
    return loudest > 30500 && loudest < 32767;  // softer, not cut off
  }));
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
  Session* retired = nullptr;
  CHECK(outbox.TakeRetired(&retired));
  CHECK(outbox.TakeRetired(&retired));
  CHECK_FALSE(outbox.TakeRetired(&retired));
}

TEST_CASE_FIXTURE(LoopFixture,
                  "MediaLoop: a tap hears both ends of its call, and goes when it is told") {
  Run();
  const auto one = Begin(Direction::kSendRecv);
  const auto two = Begin(Direction::kSendRecv);
  CallTap tap(8000);
  MediaCommand command = {MediaCommand::Kind::kTap, one->session.get(), 0, SessionSettings()};
  command.tap = &tap;
  REQUIRE(loop.Post(command));
  bool near_heard = false;
  bool far_heard = false;
  std::int16_t loudest = 0;
  CHECK(Eventually([&] {
    one->Say(2000);
    two->Say(9000);  // in nobody's recording
    CallTap::Block block{};
    std::int16_t samples[CallTap::kMaxBlock];
    while (tap.Take(&block, samples)) {
      if (!block.heard) continue;
      const bool is_near = block.end == CallTap::End::kNear;
      near_heard = near_heard || (is_near && samples[80] == 1000);
      far_heard = far_heard || (!is_near && std::abs(samples[80] - 2000) < 100);
      loudest = std::max(loudest, samples[80]);
    }
    return near_heard && far_heard;
  }));
  CHECK(loudest < 3000);
  command.kind = MediaCommand::Kind::kUntap;
  REQUIRE(loop.Post(command));
  CHECK(Eventually([&] { return tap.released(); }));
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE_FIXTURE(LoopFixture,
                  "MediaLoop: slots slept through are skipped and counted, not caught up") {
  Run();
  const auto call = Begin(Direction::kSendOnly);
  RtpHeader before = Parse(call->peer.Receive()).header;
  microphone.stall_ms.store(130);
  RtpHeader after = Parse(call->peer.Receive()).header;
  // A busy machine may have it sleep through fewer of them before.
  while (after.timestamp - before.timestamp < 5 * 160) {
    before = after;
    after = Parse(call->peer.Receive()).header;
  }
  CHECK(after.sequence_number == static_cast<std::uint16_t>(before.sequence_number + 1));
  CHECK((after.timestamp - before.timestamp) % 160 == 0);
  CHECK(after.marker);
  CHECK(Eventually([&] { return call->session->counters().snapshot.audio->skipped_slots >= 4; }));
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE_FIXTURE(LoopFixture,
                  "MediaLoop: packets of 30 ms leave their own grid, the speaker keeps its") {
  microphone.numbered.store(true);
  Run();
  const auto call = Begin(Direction::kSendRecv);
  call->peer.Receive();
  SessionSettings settings = SettingsTo(call->peer, call->rtcp_peer, Direction::kSendRecv);
  settings.audio->ptime_ms = 30;
  Configure(*call, settings);
  Bytes packet = call->peer.Receive();
  while (packet.size() == 172) packet = call->peer.Receive();
  for (int i = 0; i < 4; ++i) {
    REQUIRE(packet.size() == 12 + 240);
    // Three blocks of the microphone, all of them in a row.
    CHECK((packet[12 + 80] - packet[12] + 128) % 128 == 1);
    CHECK((packet[12 + 160] - packet[12] + 128) % 128 == 2);
    packet = call->peer.Receive();
  }
  CHECK(Eventually([&] {
    call->Say(20000);
    return speaker.loudest.load() == LinearFromALaw(ALawFromLinear(20000));
  }));
  CHECK(speaker.odd_blocks.load() == 0);
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE_FIXTURE(LoopFixture, "MediaLoop: devices are wanted while a session wants them") {
  Run();
  const auto call = Begin(Direction::kSendOnly);
  CHECK(Eventually([&] { return outbox.demand().microphone; }));
  CHECK_FALSE(outbox.demand().speaker);
  Configure(*call, SettingsTo(call->peer, call->rtcp_peer, Direction::kRecvOnly));
  CHECK(Eventually([&] { return outbox.demand().speaker; }));
  CHECK_FALSE(outbox.demand().microphone);
  const int before = speaker.blocks.load();
  CHECK(Eventually([&] { return speaker.blocks.load() > before + 2; }));
  Order(MediaCommand::Kind::kClose, call->session.get());
  CHECK(Eventually([&] { return !outbox.demand().speaker; }));
  Session* retired = nullptr;
  CHECK(Eventually([&] { return outbox.TakeRetired(&retired); }));
  CHECK(retired == call->session.get());
}

TEST_CASE_FIXTURE(LoopFixture,
                  "MediaLoop: pictures of an earlier call are forgotten, new ones sent") {
  REQUIRE(Shoot());
  Run();
  const auto call = Begin(Direction::kInactive);
  SendPictures(*call, Direction::kInactive);
  REQUIRE(Eventually([&] { return outbox.demand().video; }));
  CHECK(pictures.size() == 0);
  CHECK(call->video_peer.Receive(100).empty());
  REQUIRE(Shoot());
  const Bytes packet = call->video_peer.Receive();
  REQUIRE_FALSE(packet.empty());
  CHECK(Parse(packet).header.payload_type == 96);
  CHECK(Eventually(
      [&] { return call->session->counters().snapshot.video->first_picture_ms.present(); }));
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE_FIXTURE(LoopFixture, "MediaLoop: a picture that arrives is sent before the next slot") {
  Run();
  const auto call = Begin(Direction::kSendOnly);
  SendPictures(*call, Direction::kSendOnly);
  REQUIRE(Eventually([&] { return outbox.demand().video; }));
  bool between_slots = false;
  // On a busy machine the loop may be woken too late: the next picture tries again. Without the
  // wake none would be in time, for nothing else that waits to be sent wakes the loop.
  for (int i = 0; i < 100 && !between_slots; ++i) {
    const int before = microphone.slots.load();
    REQUIRE(Eventually([&] { return microphone.slots.load() > before; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    const int slots = microphone.slots.load();
    REQUIRE(Shoot());
    REQUIRE_FALSE(call->video_peer.Receive().empty());
    between_slots = microphone.slots.load() == slots;
    // What else it needs has left when the next one comes.
    while (!call->video_peer.Receive(60).empty()) continue;
  }
  CHECK(between_slots);
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE_FIXTURE(LoopFixture, "MediaLoop: who wakes it without end does not keep it busy") {
  Run();
  const auto call = Begin(Direction::kSendOnly);
  SendPictures(*call, Direction::kSendOnly);
  REQUIRE(Eventually([&] { return outbox.demand().video; }));
  clockid_t processor_time = 0;
  REQUIRE(pthread_getcpuclockid(thread.native_handle(), &processor_time) == 0);
  const auto used = [&] {
    timespec time = {};
    clock_gettime(processor_time, &time);
    return ToNs(time);
  };
  const std::int64_t begin = MonotonicNs();
  const std::int64_t used_before = used();
  const int slots = microphone.slots.load();
  while (microphone.slots.load() < slots + 10) wake->Signal();
  // A run takes some microseconds of each millisecond; other programs make that less, never more.
  CHECK(used() - used_before < (MonotonicNs() - begin) / 8);
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}

TEST_CASE("MediaLoop: when it runs after a wake") {
  constexpr std::int64_t kSlot = 100 * kNsPerMs;
  const auto run = [&](std::int64_t woken_us, std::int64_t last_us) {
    return MediaLoop::RunAfterWake(woken_us * kNsPerUs, last_us * kNsPerUs, kSlot) / kNsPerUs;
  };
  SUBCASE("at once, between the slots") {
    CHECK(run(90000, 80000) == 90000);
    CHECK(run(90000, 89000) == 90000);
  }
  SUBCASE("a millisecond behind the last run, however often it is woken") {
    CHECK(run(90000, 89400) == 90400);
    CHECK(run(90001, 90000) == 91000);
  }
  SUBCASE("with the slot, less than a millisecond before it") {
    CHECK(run(99000, 80000) == 99000);
    CHECK(run(99001, 80000) == 100000);
    CHECK(run(99999, 80000) == 100000);
    CHECK(run(98500, 98400) == 99400 + 600);
  }
  SUBCASE("with the slot that is late already") {
    CHECK(run(100000, 80000) == 100000);
    CHECK(run(130000, 80000) == 100000);
  }
}

TEST_CASE_FIXTURE(LoopFixture, "MediaLoop: there is always room to close") {
  const auto call = Begin(Direction::kInactive);  // nobody runs the loop yet
  const SessionSettings settings = SettingsTo(call->peer, call->rtcp_peer, Direction::kInactive);
  int taken = 0;
  while (taken < 1000 && Configure(*call, settings)) ++taken;
  CHECK(taken > 20);
  CHECK(taken < 1000);
  CHECK(Order(MediaCommand::Kind::kClose, call->session.get()));
  Run();
  Session* retired = nullptr;
  CHECK(Eventually([&] { return outbox.TakeRetired(&retired); }));
}

// RFC 4733, RFC 3389 and RFC 3550 in one call, with loss, noise and a change of everything.

TEST_CASE_FIXTURE(LoopFixture, "MediaLoop: a call allocates nothing and takes no plain mutex") {
  Run();
  const auto call = Begin(Direction::kSendRecv);
  AudioStreamSettings audio = *SettingsTo(call->peer, call->rtcp_peer, Direction::kSendRecv).audio;
  audio.receive.Add({0, AudioCodec::kPcmu});
  audio.receive.Add({9, AudioCodec::kG722});
  audio.comfort_noise = std::uint8_t{13};
  audio.telephone_event = std::uint8_t{101};
  VideoStreamSettings video;
  video.payload_type = 96;
  video.packetization_mode = 1;
  video.direction = Direction::kSendOnly;
  video.remote = RemoteAt(call->video_peer.port(), call->rtcp_peer.port());
  const auto configure = [&] {
    SessionSettings settings;
    settings.audio = audio;
    settings.video = video;
    Configure(*call, settings);
  };
  configure();
  MediaCommand keys = {MediaCommand::Kind::kDtmf, call->session.get(), 0, SessionSettings()};
  keys.dtmf.events[0] = 5;
  keys.dtmf.count = 1;
  keys.dtmf.tone_ms = keys.dtmf.gap_ms = 40;
  REQUIRE(loop.Post(keys));
  const Bytes noise(20, 0x11);
  // A picture loss indication, RFC 4585 section 6.3.1; BYE, RFC 3550 section 6.6.
  const Bytes indication{0x81, 206, 0, 2, 0, 0, 0, 7, 0, 0, 0, 8};
  const Bytes bye{0x81, 203, 0, 1, 0, 0, 0, 7};
  for (int i = 0; i < 60; ++i) {
    const auto sequence = static_cast<std::uint16_t>(i);
    const auto timestamp = static_cast<std::uint32_t>(i) * 160;
    const std::uint8_t type = i < 30 ? 8 : (i < 45 ? 0 : 9);
    if (i % 9 == 0) {
      call->peer.SendTo(call->port, noise);
    } else if (i % 11 == 0) {
      call->peer.SendTo(call->port, RtpDatagram(13, sequence, timestamp, Bytes(1, 60)));
    } else if (i % 7 == 0) {
      call->peer.SendTo(call->port, RtpDatagram(101, sequence, timestamp, {5, 0x8a, 3, 0x20}));
    } else if (i % 10 != 0) {
      call->peer.SendTo(call->port, RtpDatagram(type, sequence, timestamp));
    }
    Shoot();
    call->rtcp_peer.SendTo(static_cast<std::uint16_t>(call->video_port + 1), indication);
    if (i == 20) audio.direction = video.direction = Direction::kInactive;
    if (i == 25) audio.direction = Direction::kSendRecv;
    if (i == 25) video.direction = Direction::kSendOnly;
    if (i == 40) audio.codec = AudioCodec::kG722;
    if (i == 40) audio.payload_type = 9;
    if (i == 40) video.packetization_mode = 0;
    if (i % 5 == 0) configure();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  call->rtcp_peer.SendTo(static_cast<std::uint16_t>(call->port + 1), bye);
  CHECK(Eventually([&] { return call->session->counters().snapshot.video->key_frames > 20; }));
  CHECK(microphone.marked.load());
  Order(MediaCommand::Kind::kClose, call->session.get());
  Session* retired = nullptr;
  CHECK(Eventually([&] { return outbox.TakeRetired(&retired); }));
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
  const RealtimeFaults faults = TellRealtimeFaults("media loop");
  CHECK(faults.allocations == 0);
  CHECK(faults.plain_locks == 0);
}

TEST_CASE_FIXTURE(LoopFixture,
                  "MediaLoop: what is muted nobody hears or sees, whatever is agreed") {
  Run();
  const auto mute = [&](bool microphone_muted, bool picture_muted) {
    MediaCommand command = {MediaCommand::Kind::kMute, nullptr, 0, SessionSettings()};
    command.mute.microphone = microphone_muted;
    command.mute.picture = picture_muted;
    REQUIRE(loop.Post(command));
  };
  mute(true, true);
  // One that comes later, too.
  const auto call = Begin(Direction::kSendRecv);
  SendPictures(*call, Direction::kSendRecv);
  REQUIRE(Eventually([&] { return outbox.demand().video; }));
  const auto loudness = [&] {
    const Bytes packet = call->peer.Receive();
    return packet.size() == 172 ? std::abs(LinearFromALaw(packet[100])) : -1;
  };
  for (int i = 0; i < 10; ++i) CHECK(loudness() <= 8);
  REQUIRE(Shoot());
  CHECK(call->video_peer.Receive(100).empty());

  mute(false, false);
  CHECK(Eventually([&] { return loudness() > 900; }));
  // What builds on a picture that the far end has not is of no use.
  REQUIRE(Shoot(false));
  CHECK(call->video_peer.Receive(100).empty());
  REQUIRE(Shoot());
  CHECK_FALSE(call->video_peer.Receive().empty());
  REQUIRE(Shoot(false));
  CHECK_FALSE(call->video_peer.Receive().empty());

  mute(true, false);
  CHECK(Eventually([&] { return loudness() <= 8; }));
  REQUIRE(Shoot());
  CHECK_FALSE(call->video_peer.Receive().empty());
  Order(MediaCommand::Kind::kQuit, nullptr);
  thread.join();
}
