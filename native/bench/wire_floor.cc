// The least that a telephone can cost on this machine: a thread that wakes every 20 ms, sends one
// G.711 packet and takes the one that came, and does nothing else. The far end is another process
// that echoes. Prints per cent of a core.
//
// usage: wire-floor SECONDS

#include <netinet/in.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

constexpr long kSlotNs = 20000000;
constexpr long kSecondNs = 1000000000;
constexpr std::size_t kPacket = 172;  // RTP header and 20 ms of G.711
constexpr int kPriority = 20;         // as the media thread

int OpenLoopback(sockaddr_in* address) {
  const int fd = socket(AF_INET, SOCK_DGRAM, 0);
  *address = sockaddr_in();
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(*address);
  if (fd < 0 || bind(fd, reinterpret_cast<sockaddr*>(address), size) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(address), &size) != 0) {
    std::perror("wire-floor: socket");
    std::exit(1);
  }
  return fd;
}

[[noreturn]] void Echo(int fd) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::uint8_t packet[2048];
  for (;;) {
    sockaddr_in from;
    socklen_t size = sizeof(from);
    const ssize_t got =
        recvfrom(fd, packet, sizeof(packet), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got > 0) sendto(fd, packet, got, 0, reinterpret_cast<sockaddr*>(&from), size);
  }
}

double CpuSeconds() {
  timespec used;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / kSecondNs;
}

/** @return packets that came back. */
long Run(int fd, const sockaddr_in& far_end, long slots) {
  std::uint8_t packet[kPacket] = {};
  timespec deadline;
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  long back = 0;
  for (long slot = 0; slot < slots; ++slot) {
    deadline.tv_nsec += kSlotNs;
    if (deadline.tv_nsec >= kSecondNs) {
      deadline.tv_nsec -= kSecondNs;
      ++deadline.tv_sec;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, nullptr);
    sendto(fd, packet, sizeof(packet), MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&far_end),
           sizeof(far_end));
    while (recv(fd, packet, sizeof(packet), MSG_DONTWAIT) > 0) ++back;
  }
  return back;
}

}  // namespace

int main(int count, char** arguments) {
  const double seconds = count == 2 ? std::atof(arguments[1]) : 0;
  if (seconds < 1) {
    std::fputs("usage: wire-floor SECONDS (1 or more)\n", stderr);
    return 2;
  }
  sockaddr_in here;
  sockaddr_in there;
  const int fd = OpenLoopback(&here);
  const int far_fd = OpenLoopback(&there);
  const pid_t child = fork();
  if (child == 0) Echo(far_fd);
  sched_param priority;
  priority.sched_priority = kPriority;
  sched_setscheduler(0, SCHED_FIFO, &priority);  // refused: it runs as it may
  const auto slots = static_cast<long>(seconds * kSecondNs / kSlotNs);
  const double before = CpuSeconds();
  const long back = Run(fd, there, slots);
  const double used = CpuSeconds() - before;
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
  if (back < slots / 2) {
    std::fprintf(stderr, "wire-floor: %ld of %ld packets came back\n", back, slots);
    return 1;
  }
  std::printf("%.3f\n", used * 100 / (static_cast<double>(slots) * kSlotNs / kSecondNs));
  return 0;
}
