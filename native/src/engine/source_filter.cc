#include "dashvoip/engine/source_filter.h"

#include <algorithm>

#include "dashvoip/base/byte_order.h"

namespace dashvoip {
namespace {

// Where the sender's address stands: RFC 791 section 3.1, RFC 8200 section 3.
constexpr unsigned kAddressOfIpv4 = static_cast<unsigned>(SKF_NET_OFF) + 12;
constexpr unsigned kAddressOfIpv6 = static_cast<unsigned>(SKF_NET_OFF) + 8;
// A UDP socket's filter sees the datagram from its UDP header on (RFC 768).
constexpr unsigned kSourcePort = 0;
constexpr unsigned kSsrcOfRtcp = 8 + 4;  // RFC 3550 section 6.4.1
constexpr unsigned kSsrcOfRtp = 8 + 8;   // section 5.1
constexpr std::size_t kIpv4At = 12;      // in the mapped form
constexpr unsigned kWholeDatagram = 0xffffffffU;

}  // namespace

constexpr std::size_t SourceFilter::kMaxSources;

void SourceFilter::Add(const TransportAddress& source) noexcept {
  if (count_ < kMaxSources) sources_[count_++] = source;
}

void SourceFilter::RequireSsrc(std::uint32_t ssrc) noexcept {
  has_ssrc_ = true;
  ssrc_ = ssrc;
}

bool operator==(const SourceFilter& a, const SourceFilter& b) noexcept {
  return a.has_ssrc_ == b.has_ssrc_ && a.ssrc_ == b.ssrc_ && a.count_ == b.count_ &&
         std::equal(a.sources_.begin(), a.sources_.begin() + a.count_, b.sources_.begin());
}

SourceFilter::Program::Program(const SourceFilter& filter, int family) noexcept {
  if (filter.has_ssrc_) RequireSsrc(filter.ssrc_);
  for (std::size_t i = 0; i < filter.count_; ++i) Admit(filter.sources_[i], family);
  Put(BPF_RET | BPF_K, 0);
}

sock_fprog SourceFilter::Program::get() noexcept {
  sock_fprog program = {};
  program.len = static_cast<unsigned short>(size_);
  program.filter = code_.data();
  return program;
}

/** A load beyond the end refuses the datagram: the shorter of the two comes first. */
void SourceFilter::Program::RequireSsrc(std::uint32_t ssrc) noexcept {
  Put(BPF_LD | BPF_W | BPF_ABS, kSsrcOfRtcp);
  Put(BPF_JMP | BPF_JEQ | BPF_K, ssrc, size_ + 2);
  Put(BPF_JMP | BPF_JA, 4);
  Put(BPF_LD | BPF_W | BPF_ABS, kSsrcOfRtp);
  Put(BPF_JMP | BPF_JEQ | BPF_K, ssrc, size_ + 2);
  Put(BPF_JMP | BPF_JA, 1);
  Put(BPF_RET | BPF_K, 0);
}

void SourceFilter::Program::Admit(const TransportAddress& source, int family) noexcept {
  const bool v4 = family == AF_INET;
  const std::size_t first = v4 ? kIpv4At : 0;
  const std::size_t words = (source.ip.size() - first) / 4;
  // What does not match goes on behind this source's return.
  const std::size_t end = size_ + 2 * (words + (source.port != 0 ? 1 : 0)) + 1;
  for (std::size_t i = 0; i < words; ++i) {
    const auto at = static_cast<unsigned>(4 * i);
    Put(BPF_LD | BPF_W | BPF_ABS, (v4 ? kAddressOfIpv4 : kAddressOfIpv6) + at);
    Put(BPF_JMP | BPF_JEQ | BPF_K, ReadU32(source.ip.data() + first + at), end);
  }
  if (source.port != 0) {
    Put(BPF_LD | BPF_H | BPF_ABS, kSourcePort);
    Put(BPF_JMP | BPF_JEQ | BPF_K, source.port, end);
  }
  Put(BPF_RET | BPF_K, kWholeDatagram);
}

void SourceFilter::Program::Put(unsigned code, unsigned k, std::size_t if_not) noexcept {
  sock_filter instruction = {};
  instruction.code = static_cast<__u16>(code);
  instruction.k = k;
  if (if_not > 0) instruction.jf = static_cast<__u8>(if_not - size_ - 1);
  code_[size_++] = instruction;
}

}  // namespace dashvoip
