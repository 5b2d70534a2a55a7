#include "dashvoip/camera/key_frame_desk.h"

#include <mutex>

namespace dashvoip {
namespace {

constexpr std::uint8_t kStartCode[] = {0, 0, 0, 1};
constexpr std::size_t kSetsRoom =
    ParameterSets::kMaxSets * (ParameterSets::kMaxSize + sizeof(kStartCode));

bool HasParameterSets(PictureCodec codec, const std::uint8_t* data, std::size_t size) {
  bool vps = codec == PictureCodec::kH264;
  bool sps = false;
  bool pps = false;
  AnnexBReader reader(data, size);
  NalUnit nal;
  while (!(vps && sps && pps) && reader.Next(&nal)) {
    const NalRole role = RoleOf(codec, nal);
    // Nothing but slices comes behind the first one (H.264 section 7.4.1.2.3).
    if (role == NalRole::kKeySlice) return false;
    vps = vps || role == NalRole::kVps;
    sps = sps || role == NalRole::kSps;
    pps = pps || role == NalRole::kPps;
  }
  return vps && sps && pps;
}

}  // namespace

constexpr std::size_t KeyFrameDesk::kMaxPicture;

KeyFrameDesk::Outcome KeyFrameDesk::Take(std::chrono::milliseconds patience,
                                         std::vector<std::uint8_t>* out) {
  out->clear();
  out->reserve(kMaxPicture + kSetsRoom);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (closed_) return Outcome::kClosed;
    if (out_ != nullptr) return Outcome::kBusy;
    out_ = out;
    wanted_.store(true, std::memory_order_release);
  }
  wake_();
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, patience, [this] { return closed_ || !wanted(); });
  const bool taken = !wanted();
  wanted_.store(false, std::memory_order_release);
  out_ = nullptr;
  const Outcome otherwise = closed_ ? Outcome::kClosed : Outcome::kNone;
  lock.unlock();
  if (taken) return Outcome::kTaken;
  wake_();  // a stream that was opened for it is closed
  return otherwise;
}

void KeyFrameDesk::Close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

void KeyFrameDesk::Give(const std::uint8_t* data, std::size_t size, const ParameterSets& sets) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!wanted() || size > kMaxPicture) return;
  if (!HasParameterSets(sets.codec(), data, size)) {
    for (std::size_t i = 0; i < sets.count(); ++i) {
      const NalUnit nal = sets.at(i);
      Append(kStartCode, sizeof(kStartCode));
      Append(nal.data, nal.size);
    }
  }
  Append(data, size);
  wanted_.store(false, std::memory_order_release);
  changed_.notify_all();
}

void KeyFrameDesk::Append(const std::uint8_t* data, std::size_t size) {
  out_->insert(out_->end(), data, data + size);
}

}  // namespace dashvoip
