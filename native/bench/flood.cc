// Sends one datagram again and again to a port of this machine, cheaply enough not to be what is
// measured. Each '@@@@@@@@' in it becomes the datagram's number, so that each is a message of its
// own.
//
// usage: flood PORT PER_SECOND SECONDS SOURCES [FORGED_PORT] < DATAGRAM
//   SOURCES      how many addresses it comes from: 127.0.0.1, or 127.66.0.1 and so on if there are
//                several
//   FORGED_PORT  it comes from this port, whoever has it (needs CAP_NET_RAW)
//
// Prints how many were sent.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace {

constexpr long kTickNs = 1000000;
constexpr long kSecondNs = 1000000000;
constexpr std::size_t kDigits = 8;
constexpr std::size_t kBatch = 64;

int OpenSocket(std::uint32_t address, std::uint16_t port, bool forged) {
  const int fd = forged ? socket(AF_INET, SOCK_RAW, IPPROTO_UDP) : socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in from = sockaddr_in();
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(address);
  sockaddr_in to = from;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(port);
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(&from), sizeof(from)) != 0 ||
      connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof(to)) != 0) {
    std::perror("flood: socket");
    std::exit(1);
  }
  // Answers are not read; the smallest buffer keeps them from taking memory.
  const int none = 0;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &none, sizeof(none));
  return fd;
}

std::string ReadAll() {
  std::string all;
  char part[4096];
  for (;;) {
    const ssize_t got = read(STDIN_FILENO, part, sizeof(part));
    if (got <= 0) return all;
    all.append(part, static_cast<std::size_t>(got));
  }
}

/** RFC 768; a checksum of zero is none. */
std::string UdpHeader(std::uint16_t from, std::uint16_t to, std::size_t length) {
  const std::uint16_t fields[] = {htons(from), htons(to),
                                  htons(static_cast<std::uint16_t>(length + 8)), 0};
  return std::string(reinterpret_cast<const char*>(fields), sizeof(fields));
}

std::vector<std::size_t> FindMarks(const std::string& text) {
  std::vector<std::size_t> marks;
  const std::string mark(kDigits, '@');
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    marks.push_back(at);
  }
  return marks;
}

/** Copies of the datagram, each with a number of its own, sent by one call of the kernel. */
class Batch {
 public:
  explicit Batch(const std::string& datagram)
      : marks_(FindMarks(datagram)), copies_(kBatch, datagram), parts_(kBatch), heads_(kBatch) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      parts_[i].iov_base = &copies_[i][0];
      parts_[i].iov_len = datagram.size();
      heads_[i] = mmsghdr();
      heads_[i].msg_hdr.msg_iov = &parts_[i];
      heads_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  void Send(int fd, std::uint64_t first_number, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) Number(&copies_[i], first_number + i);
    // A full buffer or a port that nobody listens to costs datagrams, not the flood.
    sendmmsg(fd, heads_.data(), static_cast<unsigned>(count), 0);
  }

 private:
  void Number(std::string* copy, std::uint64_t number) const {
    char digits[kDigits + 1];
    std::snprintf(digits, sizeof(digits), "%08x", static_cast<unsigned>(number));
    for (const std::size_t mark : marks_) copy->replace(mark, kDigits, digits, kDigits);
  }

  const std::vector<std::size_t> marks_;
  std::vector<std::string> copies_;
  std::vector<iovec> parts_;
  std::vector<mmsghdr> heads_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5 && argc != 6) {
    std::fprintf(stderr, "usage: flood PORT PER_SECOND SECONDS SOURCES [FORGED_PORT] < DATAGRAM\n");
    return 2;
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  const double per_tick = std::atof(argv[2]) * kTickNs / kSecondNs;
  const long ticks = static_cast<long>(std::atof(argv[3]) * kSecondNs / kTickNs);
  const int sources = std::atoi(argv[4]);
  const auto forged_port = static_cast<std::uint16_t>(argc == 6 ? std::atoi(argv[5]) : 0);
  std::vector<int> sockets;
  for (int i = 0; i < sources; ++i) {
    const std::uint32_t address =
        sources == 1 ? INADDR_LOOPBACK : 0x7f420001U + static_cast<std::uint32_t>(i);
    sockets.push_back(OpenSocket(address, port, forged_port != 0));
  }
  std::string datagram = ReadAll();
  if (forged_port != 0) datagram.insert(0, UdpHeader(forged_port, port, datagram.size()));
  Batch batch(datagram);
  timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  // Numbers of one run are not those of another.
  const auto base = static_cast<std::uint64_t>(next.tv_nsec);
  std::uint64_t sent = 0;
  std::size_t turn = 0;
  for (long tick = 1; tick <= ticks; ++tick) {
    const auto due = static_cast<std::uint64_t>(static_cast<double>(tick) * per_tick);
    while (sent < due) {
      // With many sources, each in turn.
      const std::size_t most = sockets.size() > 1 ? 1 : kBatch;
      const std::size_t count = due - sent < most ? static_cast<std::size_t>(due - sent) : most;
      batch.Send(sockets[turn], base + sent, count);
      turn = (turn + 1) % sockets.size();
      sent += count;
    }
    next.tv_nsec += kTickNs;
    if (next.tv_nsec >= kSecondNs) {
      next.tv_nsec -= kSecondNs;
      ++next.tv_sec;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, nullptr);
  }
  std::printf("%llu\n", static_cast<unsigned long long>(sent));
  return 0;
}
