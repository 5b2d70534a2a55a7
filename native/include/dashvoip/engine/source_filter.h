#ifndef DASHVOIP_ENGINE_SOURCE_FILTER_H_
#define DASHVOIP_ENGINE_SOURCE_FILTER_H_

#include <linux/filter.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "dashvoip/base/transport_address.h"

namespace dashvoip {

/**
 * The sources that a socket still takes packets from while it is flooded: the kernel throws the
 * rest away before it takes room in the socket's buffer.
 */
class SourceFilter {
 public:
  static constexpr std::size_t kMaxSources = 4;

  /** Another source; port 0 admits every port of the host. One too many admits nobody more. */
  void Add(const TransportAddress& source) noexcept;

  /** Nothing but RTP, or RTCP beside it, of this SSRC: against who forges the source as well. */
  void RequireSsrc(std::uint32_t ssrc) noexcept;

  friend bool operator==(const SourceFilter& a, const SourceFilter& b) noexcept;

  /** Classic BPF for a UDP socket; good for 3.x kernels as well. */
  class Program {
   public:
    /** @param family of the socket. */
    Program(const SourceFilter& filter, int family) noexcept;
    sock_fprog get() noexcept;

   private:
    void RequireSsrc(std::uint32_t ssrc) noexcept;
    void Admit(const TransportAddress& source, int family) noexcept;
    void Put(unsigned code, unsigned k, std::size_t if_not = 0) noexcept;

    // The SSRC; for each source up to four words of address and a port, two instructions each, and
    // a return; the last one.
    std::array<sock_filter, 7 + kMaxSources * 11 + 1> code_;
    std::size_t size_ = 0;
  };

 private:
  std::array<TransportAddress, kMaxSources> sources_;
  std::size_t count_ = 0;
  bool has_ssrc_ = false;
  std::uint32_t ssrc_ = 0;
};

}  // namespace dashvoip

#endif  // DASHVOIP_ENGINE_SOURCE_FILTER_H_
