#ifndef DASHVOIP_SRTP_SRTP_KEYRING_H_
#define DASHVOIP_SRTP_SRTP_KEYRING_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "dashvoip/srtp/srtp_transform.h"

namespace dashvoip {

/**
 * The keys of one stream, for an ordinary thread: contexts are made and freed here, and used by the
 * media thread. A key that is the same as before keeps its context, with its counters: the same
 * place of a key stream is never used twice, and nothing is heard twice.
 */
class SrtpKeyring {
 public:
  /**
   * What the stream is to use with `settings`, once `Commit` says so.
   * @throws std::runtime_error in words: this process has no OpenSSL, or it refuses.
   */
  SrtpLane Prepare(const Optional<SrtpSettings>& settings);
  /** The media thread is told to use what was prepared last, by its order number `order`. */
  void Commit(std::uint64_t order);
  /** Frees what the media thread has let go of. @param done the last order it has carried out. */
  void Sweep(std::uint64_t done);

  /** Contexts that wait to be let go of. */
  std::size_t retired() const noexcept { return retired_.size(); }

 private:
  template <typename Context>
  struct Held {
    SrtpSuite suite{};
    SrtpKey key;
    std::unique_ptr<Context> context;
  };
  struct Retired {
    std::uint64_t order;
    std::unique_ptr<SrtpSender> sender;
    std::unique_ptr<SrtpReceiver> receiver;
  };

  Held<SrtpSender> sender_;
  Held<SrtpReceiver> receiver_;
  Held<SrtpSender> next_sender_;
  Held<SrtpReceiver> next_receiver_;
  std::vector<Retired> retired_;
};

}  // namespace dashvoip

#endif  // DASHVOIP_SRTP_SRTP_KEYRING_H_
