#include "dashvoip/base/snapshot_cell.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

using dashvoip::SnapshotCell;

namespace {

struct Figures {
  std::array<std::uint64_t, 37> all;
};

}  // namespace

TEST_CASE("SnapshotCell: what is read is whole and never older than what was read before") {
  SnapshotCell<Figures> cell;
  std::atomic<bool> done{false};
  std::thread writer([&] {
    Figures figures;
    for (std::uint64_t round = 1; round <= 20000; ++round) {
      figures.all.fill(round);
      cell.Publish(figures);
    }
    done.store(true);
  });
  std::uint64_t newest = 0;
  bool whole = true;
  bool forward = true;
  while (!done.load()) {
    const Figures read = cell.Read();
    whole = whole && std::all_of(read.all.begin(), read.all.end(),
                                 [&](std::uint64_t value) { return value == read.all[0]; });
    forward = forward && read.all[0] >= newest;
    newest = read.all[0];
  }
  writer.join();
  CHECK(whole);
  CHECK(forward);
  CHECK(cell.Read().all[36] == 20000);
}

TEST_CASE("SnapshotCell: begins with a neutral value") {
  const SnapshotCell<Figures> cell;
  CHECK(cell.Read().all[0] == 0);
}
