#ifndef DASHVOIP_BASE_NETWORK_CHANGES_H_
#define DASHVOIP_BASE_NETWORK_CHANGES_H_

namespace dashvoip {

/**
 * Hears from the kernel that an address or a route of this machine has come or gone (rtnetlink(7));
 * which one is for whoever looks then. A link alone is none of it: a wireless one speaks up at
 * every scan.
 */
class NetworkChanges {
 public:
  NetworkChanges();
  ~NetworkChanges();
  NetworkChanges(const NetworkChanges&) = delete;
  NetworkChanges& operator=(const NetworkChanges&) = delete;

  /** For poll(): readable once something is told. -1 where the kernel tells nobody. */
  int descriptor() const noexcept { return fd_; }
  /** Takes all that has been told. @return whether that was anything. */
  bool Take() noexcept;

 private:
  const int fd_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_NETWORK_CHANGES_H_
