#include <algorithm>

#include "flag_table.h"
#include "options.h"

namespace dashvoip {
namespace sim {
namespace {

const char* Words(Grade grade) {
  switch (grade) {
    case Grade::kBoard:
      return " [observed on board]";
    case Grade::kCallers:
      return " [vendor caller code]";
    case Grade::kOlder:
      return " [older generation]";
    case Grade::kAssumed:
      return " [assumed]";
    default:
      return "";
  }
}

const char kCommands[] =
    "\nCommands (stdin with --control, datagrams, --at):\n"
    "  startenc            begin to encode\n"
    "  stopenc             end the stream, until startenc\n"
    "  switchenc           end the stream and begin another, as a mode change does\n"
    "  recav | recv        the same with sound switched on | off (\"t app test rec av|v\")\n"
    "  stall MS            answer no call for so long, then go on\n"
    "  hang | resume       answer no call at all | go on\n"
    "  ptsreset            PTS begins at 0 again, without any other sign\n"
    "  inject TYPE [audio] one more descriptor: 0-9 with bytes, 101, 255 or eos, eos-pause\n"
    "  frames N [video|audio] the next N frames at once (with --by-command); says when it is done\n"
    "  refuse CALL N       answer the next N calls with -1: create, peek, remove, media-info, ...\n"
    "  quit                end, as SIGTERM does\n"
    "\nItems of the camera's behaviour, with the flag or command that makes each:\n"
    "   1 descriptors, a read position per consumer     --descriptors    [observed on board]\n"
    "   2 Peek, RevPeek, Remove; empty fails at once    always           [vendor caller code]\n"
    "   3 drop policy, seen as a gap; bytes overwritten --drop           [assumed]\n"
    "   4 frames over the ring's end, two limits        --ring-size      [vendor caller code]\n"
    "   5 SeqNum wraps, or cannot be trusted            --first-seq      [vendor caller code]\n"
    "   6 all types, end as event and as mark           --eos, inject    [vendor caller code]\n"
    "   7 odd time scales, PTS back to 0                --timescale      [vendor caller code]\n"
    "   8 STARTENC before tracks, or none at all        --tracks-delay   [observed on board]\n"
    "   9 handles die with the stream                   --stop-grace     [vendor caller code]\n"
    "  10 video only, sound after rec av                --no-audio       [observed on board]\n"
    "  11 form of H.264, H.265, AAC and PCM             --aud ...        [vendor caller code]\n"
    "  12 events coalesced, skipped, lost               --event-loss     [observed on board]\n"
    "  13 slow calls, stalls, calls that never return   --rpc-latency    [assumed]\n"
    "  14 operations that succeed without effect        always           [older generation]\n"
    "  15 one client only                               --exclusive      [vendor caller code]\n"
    "  16 busy from START to END                        --busy-flag      [vendor caller code]\n"
    "  17 loudspeaker                                   --stream-in      [older generation]\n"
    "  18 reading costs time                            --read-cost      [assumed]\n";

}  // namespace

std::string HelpText() {
  std::string text =
      "h22-rtos-sim: stands in for the RTOS of an H22 camera behind libnetfifo.\n"
      "Prints 'ready socket=PATH' when it listens, and its counters as JSON at the end.\n"
      "In brackets: how well it is known that the camera behaves so.\n";
  for (const auto& group : AllFlags()) {
    text += "\n" + std::string(group.heading) + ":\n";
    for (const auto& flag : group.flags) {
      std::string left = std::string("  --") + flag.name + " " + flag.value;
      left.resize(std::max<std::size_t>(left.size() + 1, 29), ' ');
      text += left + flag.text + Words(flag.grade) + "\n";
    }
  }
  return text + kCommands;
}

}  // namespace sim
}  // namespace dashvoip
