// h22-rtos-sim: the RTOS of the camera, as far as Linux can see it.
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "command.h"
#include "options.h"
#include "reply_delay.h"
#include "rpc_server.h"
#include "rtos.h"
#include "unix_socket.h"

namespace dashvoip {
namespace sim {
namespace {

/** SIGINT and SIGTERM as a readable descriptor. Blocks them, so call it before any thread starts.
 */
Fd TakeSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  // A reader of our output that went away is no reason to leave the WAV file unfinished.
  signal(SIGPIPE, SIG_IGN);
  return Fd(signalfd(-1, &set, SFD_CLOEXEC));
}

/**
 * The RTOS has cores of its own: what the machine does besides must not make it late. Threads made
 * later inherit the priority. Without the right to it, the simulator runs like any other process.
 */
void RunAsOnOwnCores() {
  sched_param lowest = {};
  lowest.sched_priority = sched_get_priority_min(SCHED_FIFO);
  sched_setscheduler(0, SCHED_FIFO, &lowest);
}

/** Everything that is waited for on the main thread: clients, commands, signals. */
class MainLoop {
 public:
  MainLoop(const Options& options, RpcServer* server, CommandRunner* commands, const Fd* signals)
      : server_(server),
        commands_(commands),
        signals_(signals),
        stdin_open_(options.control_stdin),
        timed_(options.timed_commands),
        started_(std::chrono::steady_clock::now()) {
    if (!options.control_socket.empty()) {
      datagrams_ = BindDatagramSocket(options.control_socket);
      datagram_file_.reset(new SocketFile(options.control_socket));
    }
    std::stable_sort(timed_.begin(), timed_.end(),
                     [](const TimedCommand& a, const TimedCommand& b) { return a.at < b.at; });
  }

  void Run() {
    while (RunTimedCommands()) {
      pollfd waiting[] = {{signals_->get(), POLLIN, 0},
                          {server_->fd(), POLLIN, 0},
                          {datagrams_.get(), POLLIN, 0},
                          {stdin_open_ ? STDIN_FILENO : -1, POLLIN, 0}};
      if (poll(waiting, 4, MsToNextCommand()) < 0 && errno != EINTR) {
        throw std::runtime_error("cannot wait for clients");
      }
      if (waiting[0].revents != 0) return;
      if (waiting[1].revents != 0) server_->Accept();
      if (waiting[2].revents != 0 && !ReadDatagram()) return;
      if (waiting[3].revents != 0 && !ReadStdin()) return;
    }
  }

 private:
  /** A wrong command is reported and forgotten: the camera goes on. */
  bool RunLine(const std::string& line) {
    try {
      return commands_->Run(line);
    } catch (const UsageError& error) {
      std::fprintf(stderr, "h22-rtos-sim: %s\n", error.what());
      return true;
    }
  }

  bool ReadDatagram() {
    char text[512];
    const ssize_t size = recv(datagrams_.get(), text, sizeof(text), MSG_DONTWAIT);
    return size <= 0 || RunLine(std::string(text, static_cast<std::size_t>(size)));
  }

  bool ReadStdin() {
    char text[512];
    const ssize_t size = read(STDIN_FILENO, text, sizeof(text));
    if (size < 0 && errno == EINTR) return true;
    if (size <= 0) {
      stdin_open_ = false;
      return true;
    }
    pending_.append(text, static_cast<std::size_t>(size));
    for (auto end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n')) {
      const std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      if (!RunLine(line)) return false;
    }
    return true;
  }

  bool RunTimedCommands() {
    while (!timed_.empty() && std::chrono::steady_clock::now() >= started_ + timed_.front().at) {
      const std::string line = timed_.front().line;
      timed_.erase(timed_.begin());
      if (!RunLine(line)) return false;
    }
    return true;
  }

  int MsToNextCommand() const {
    if (timed_.empty()) return -1;
    const auto left = started_ + timed_.front().at - std::chrono::steady_clock::now();
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(left).count();
    return static_cast<int>(std::max<std::int64_t>(0, ms + 1));
  }

  RpcServer* server_;
  CommandRunner* commands_;
  const Fd* signals_;
  Fd datagrams_;
  std::unique_ptr<SocketFile> datagram_file_;
  bool stdin_open_;
  std::string pending_;
  std::vector<TimedCommand> timed_;
  Time started_;
};

int Main(const std::vector<std::string>& arguments) {
  const Options options = ParseOptions(arguments);
  if (options.help) {
    std::fputs(HelpText().c_str(), stdout);
    return 0;
  }
  const Fd signals = TakeSignals();
  RunAsOnOwnCores();
  // First of all, so that a second simulator by mistake harms none of the first one's files.
  Fd listener = ListenPacketSocket(options.socket);
  const SocketFile socket_file(options.socket);
  ReplyDelay delay(options.rpc);
  Refusals refusals;
  Rtos rtos(options);
  {
    RpcServer server(std::move(listener), &rtos, &delay, &refusals);
    CommandRunner commands(&rtos, &delay, &refusals);
    MainLoop loop(options, &server, &commands, &signals);
    std::printf("ready socket=%s\n", options.socket.c_str());
    std::fflush(stdout);
    loop.Run();
    rtos.Stop();
  }
  std::printf("{%s,\"calls\":%llu}\n", rtos.CountersJson().c_str(),
              static_cast<unsigned long long>(delay.calls()));
  return 0;
}

}  // namespace
}  // namespace sim
}  // namespace dashvoip

int main(int argc, char** argv) {
  try {
    return dashvoip::sim::Main(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const dashvoip::sim::UsageError& error) {
    std::fprintf(stderr, "h22-rtos-sim: %s\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "h22-rtos-sim: %s\n", error.what());
    return 1;
  }
}
