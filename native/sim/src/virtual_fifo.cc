#include "virtual_fifo.h"

#include <algorithm>

#include "AmbaNetFifo.h"

namespace dashvoip {
namespace sim {
namespace {

/** Media from an entry to the newest one; 0 when PTS began anew in between. */
std::uint64_t MsToEnd(const BaseFifo& base, std::uint64_t number, std::uint32_t timescale) {
  const std::uint64_t from = base.At(number).pts;
  const std::uint64_t to = base.At(base.end() - 1).pts;
  return to < from ? 0 : (to - from) * 1000 / timescale;
}

/** Whether init data of this kind reaches back to an entry. */
bool Reaches(const wire::Config& config, const BaseFifo& base, std::uint64_t number,
             std::uint32_t timescale) {
  switch (config.init_condition) {
    case AMBA_NETFIFO_CFG_INIT_WITH_NUM_FRAME:
      return base.end() - number <= config.init_param;
    case AMBA_NETFIFO_CFG_INIT_WITH_TIME:
      return MsToEnd(base, number, timescale) <= config.init_param;
    case AMBA_NETFIFO_CFG_INIT_WITH_START_TIME:
      return base.At(number).pts * 1000 / timescale >= config.init_param;
    default:
      return false;
  }
}

}  // namespace

VirtualFifo::VirtualFifo(std::shared_ptr<BaseFifo> base, const wire::Config& config,
                         std::uint32_t timescale)
    : base_(std::move(base)),
      position_(base_->end()),
      event_handle_(config.event_handle),
      ready_skip_(config.ready_skip) {
  if (config.with_init_data != 0) FindStart(config, timescale);
  base_->AddReader(this);
}

VirtualFifo::~VirtualFifo() { base_->RemoveReader(this); }

void VirtualFifo::FindStart(const wire::Config& config, std::uint32_t timescale) {
  for (std::uint64_t number = base_->begin(); number < base_->end(); ++number) {
    const wire::Descriptor& entry = base_->At(number);
    if (entry.type != config.first_frame_type) continue;
    if (!Reaches(config, *base_, number, timescale)) continue;
    position_ = number;
    first_pts_ = entry.pts;
    waiting_ms_ = MsToEnd(*base_, number, timescale);
    return;
  }
}

const wire::Descriptor* VirtualFifo::Peek(std::uint32_t distance) const {
  return distance < available() ? &base_->At(position() + distance) : nullptr;
}

const wire::Descriptor* VirtualFifo::RevPeek(std::uint32_t distance) const {
  return distance < available() ? &base_->At(base_->end() - 1 - distance) : nullptr;
}

bool VirtualFifo::Remove(std::uint32_t count, std::uint64_t* bytes) {
  *bytes = 0;
  if (count > available()) return false;
  const std::uint64_t from = position();
  for (std::uint64_t number = from; number < from + count; ++number) {
    const wire::Descriptor& entry = base_->At(number);
    if (entry.address != 0) *bytes += entry.size;
  }
  position_ = from + count;
  return true;
}

bool VirtualFifo::TakesReadyEvent() {
  if (ready_skipped_ < ready_skip_) {
    ++ready_skipped_;
    return false;
  }
  ready_skipped_ = 0;
  return true;
}

}  // namespace sim
}  // namespace dashvoip
