#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "dashvoip/voice/voice_receiver.h"
#include "script.h"

namespace {

using dashvoip::fuzz::Script;

struct World {
  dashvoip::RtpHeader header;
  std::int64_t now = 1000000000;
  std::uint64_t asked = 0;
  std::vector<std::uint8_t> payload = std::vector<std::uint8_t>(2048, 0x2a);
};

dashvoip::RtpPacket NextPacket(World* world, Script* script, std::uint8_t operation) {
  world->header.sequence_number++;
  world->header.timestamp += 160;
  dashvoip::RtpPacket packet;
  packet.payload_size = 160;
  std::uint8_t back = 0;  // an older packet comes again
  switch (operation >> 3 & 7) {
    case 1:
      world->header.sequence_number =
          static_cast<std::uint16_t>(world->header.sequence_number + script->Byte() - 128);
      break;
    case 2:
      world->header.timestamp += 160 * (script->Byte() - 128u);
      break;
    case 3:
      world->header.timestamp = script->Word();
      break;
    case 4:
      world->header.ssrc = script->Byte();
      break;
    case 5:
      packet.payload_size = script->Byte() * std::size_t{8};
      break;
    case 6:
      back = script->Byte();
      break;
    default:
      break;
  }
  packet.header = world->header;
  packet.header.sequence_number = static_cast<std::uint16_t>(packet.header.sequence_number - back);
  packet.header.timestamp -= back * 160u;
  packet.payload = world->payload.data();
  return packet;
}

void CheckBooks(const dashvoip::JitterBufferSnapshot& s, std::uint64_t asked, std::size_t cap) {
  if (s.depth > cap || s.buffered > cap) std::abort();
  if (s.received != s.played + s.discarded + s.removed + s.late + s.duplicate + s.buffered) {
    std::abort();
  }
  if (asked != s.played + s.concealed + s.silent + s.inserted + s.undecided) std::abort();
}

}  // namespace

// Operations on the whole receiving side: put, get, time passes, reset.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dashvoip;
  Script script(data, size);
  const std::uint32_t cap_ms = 60 + script.Byte();
  const std::uint8_t form = script.Byte();
  const std::uint32_t rate = form < 128 ? 8000 : form < 192 ? 16000 : 48000;
  const std::size_t slot = (10 + form % 4 * std::size_t{10}) * rate / 1000;
  // Modules have targets of their own.
  std::vector<std::unique_ptr<VoiceCodec>> codecs;
  for (const AudioCodecInfo& info : kAudioCodecs) {
    if (info.module != nullptr) continue;
    codecs.push_back(std::make_unique<VoiceCodec>(BuiltInCoder(info.id), rate));
  }
  VoiceReceiver receiver(rate, cap_ms);
  World world;
  while (!script.done()) {
    const std::uint8_t operation = script.Byte();
    std::int16_t out[VoiceReceiver::kMaxSlotMs * 48];
    switch (operation & 7) {
      case 0:
      case 1:
      case 2:
        receiver.Put(NextPacket(&world, &script, operation),
                     codecs[operation % codecs.size()].get(),
                     world.now - (operation >> 6) * std::int64_t{15000000});
        break;
      case 3:
        world.now += script.Byte() * std::int64_t{1000000};
        break;
      case 4:
        if (operation == 0xfc) receiver.Reset();
        if (operation == 0xf4) receiver.PutNoise(NextPacket(&world, &script, 0), 8000, world.now);
        if (operation == 0xec) receiver.PutEvent(world.header, script.Byte() * 40u, 8000);
        break;
      default:
        receiver.Render(world.now, out, slot);
        world.asked += slot;
        world.now += static_cast<std::int64_t>(slot) * 1000000000 / rate;
        break;
    }
    // A long packet and three slots fit whatever the cap is.
    CheckBooks(receiver.Snapshot(), world.asked,
               std::max<std::size_t>(cap_ms, 256 + 3 * VoiceReceiver::kMaxSlotMs) * rate / 1000);
  }
  return 0;
}
