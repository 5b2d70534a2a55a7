#include "dashvoip/camera/key_frame_requests.h"

#include <doctest/doctest.h>

namespace dashvoip {

TEST_CASE("key frame requests: coalesced, one per 500 ms, none lost") {
  constexpr std::int64_t kMs = 1000000;
  KeyFrameRequests requests;
  CHECK(requests.due() == KeyFrameRequests::kNever);
  CHECK_FALSE(requests.Take(100 * kMs));
  requests.Ask();
  requests.Ask();
  CHECK(requests.Take(100 * kMs));
  CHECK_FALSE(requests.Take(100 * kMs));
  requests.Ask();  // asked again before the picture can have come
  CHECK(requests.due() == 600 * kMs);
  CHECK_FALSE(requests.Take(599 * kMs));
  CHECK(requests.Take(600 * kMs));
  CHECK(requests.due() == KeyFrameRequests::kNever);
  requests.Ask();
  CHECK(requests.Take(1100 * kMs));
}

}  // namespace dashvoip
