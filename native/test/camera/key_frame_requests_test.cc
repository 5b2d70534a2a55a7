#include "dashvoip/camera/key_frame_requests.h"

#include <doctest/doctest.h>

#include "dashvoip/base/time_units.h"

namespace dashvoip {

TEST_CASE("key frame requests: coalesced, one per 500 ms, none lost") {
  KeyFrameRequests requests;
  CHECK(requests.due() == KeyFrameRequests::kNever);
  CHECK_FALSE(requests.Take(100 * kNsPerMs));
  requests.Ask();
  requests.Ask();
  CHECK(requests.Take(100 * kNsPerMs));
  CHECK_FALSE(requests.Take(100 * kNsPerMs));
  requests.Ask();  // asked again before the picture can have come
  CHECK(requests.due() == 600 * kNsPerMs);
  CHECK_FALSE(requests.Take(599 * kNsPerMs));
  CHECK(requests.Take(600 * kNsPerMs));
  CHECK(requests.due() == KeyFrameRequests::kNever);
  requests.Ask();
  CHECK(requests.Take(1100 * kNsPerMs));
}

}  // namespace dashvoip
