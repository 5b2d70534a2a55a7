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

TEST_CASE("SnapshotCell: several readers of a value that does not fill its last word") {
  struct Odd {
    std::uint32_t first;
    std::uint32_t second;
    std::uint8_t last;
  };
  SnapshotCell<Odd> cell;
  std::atomic<bool> done{false};
  std::atomic<bool> whole{true};
  const auto read = [&] {
    while (!done.load()) {
      const Odd odd = cell.Read();
      if (odd.first != odd.second || odd.last != static_cast<std::uint8_t>(odd.first)) {
        whole.store(false);
      }
    }
  };
  std::thread one(read);
  std::thread two(read);
  for (std::uint32_t round = 0; round < 20000; ++round) {
    cell.Publish({round, round, static_cast<std::uint8_t>(round)});
  }
  done.store(true);
  one.join();
  two.join();
  CHECK(whole.load());
  CHECK(cell.Read().first == 19999);
}
