#include "simulator_process.h"

#include <doctest/doctest.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "places.h"

namespace dashvoip {
namespace test {
namespace {

constexpr int kReadyMs = 30000;

struct Child {
  pid_t pid;
  int to, from;
};

/** Starts the simulator; everything it needs is made before the fork. */
Child Spawn(const std::vector<std::string>& flags, bool errors_too) {
  std::vector<std::string> words = {DASHVOIP_BUILD_DIR "/bin/h22-rtos-sim"};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(&word[0]);
  arguments.push_back(nullptr);
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) {
    throw std::runtime_error("no pipes");
  }
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    if (errors_too) dup2(out[1], STDERR_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  if (pid < 0) throw std::runtime_error("cannot fork");
  return {pid, in[1], out[0]};
}

/** Reads what there is, waiting for it. @return false at the end. */
bool ReadMore(int fd, int timeout_ms, std::string* text) {
  pollfd waiting = {fd, POLLIN, 0};
  if (poll(&waiting, 1, timeout_ms) == 0) throw std::runtime_error("the simulator says nothing");
  char bytes[1024];
  const ssize_t size = read(fd, bytes, sizeof(bytes));
  if (size > 0) text->append(bytes, static_cast<std::size_t>(size));
  return size > 0 || (size < 0 && errno == EINTR);
}

int ExitCode(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int RemoveOne(const char* path, const struct stat*, int, struct FTW*) { return remove(path); }

}  // namespace

TempFolder::TempFolder() {
  char name[] = "/tmp/h22-sim-test-XXXXXX";
  if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TempFolder::~TempFolder() { nftw(path_.c_str(), RemoveOne, 8, FTW_DEPTH | FTW_PHYS); }

SimulatorProcess::SimulatorProcess(const TempFolder& folder,
                                   const std::vector<std::string>& flags) {
  const std::string socket = folder.Path("rtos.sock");
  setenv("H22_SIM_SOCKET", socket.c_str(), 1);
  std::vector<std::string> all = {"--socket", socket, "--control"};
  all.insert(all.end(), flags.begin(), flags.end());
  const Child child = Spawn(all, false);
  pid_ = child.pid;
  to_child_ = child.to;
  from_child_ = child.from;
  ReadUntilReady();
}

SimulatorProcess::~SimulatorProcess() {
  Kill();
  close(to_child_);
  close(from_child_);
}

void SimulatorProcess::ReadUntilReady() {
  std::string text;
  while (text.find("ready socket=") == std::string::npos) {
    if (!ReadMore(from_child_, kReadyMs, &text)) {
      Wait();
      throw std::runtime_error("the simulator ended with exit code " + std::to_string(exit_code_));
    }
  }
  output_ = text.substr(text.find('\n') + 1);
}

void SimulatorProcess::Command(const std::string& line) {
  const std::string text = line + "\n";
  if (write(to_child_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
    throw std::runtime_error("the simulator takes no commands");
  }
}

void SimulatorProcess::WriteFrames(int count, const std::string& track) {
  Command("frames " + std::to_string(count) + " " + track);
  const std::string done = "frames " + std::to_string(count) + "\n";
  while (output_.find(done) == std::string::npos) {
    if (!ReadMore(from_child_, kReadyMs, &output_)) {
      throw std::runtime_error("the simulator ended instead of writing frames");
    }
  }
  output_.erase(0, output_.find(done) + done.size());
}

std::string SimulatorProcess::Stop() {
  kill(pid_, SIGTERM);
  while (ReadMore(from_child_, kReadyMs, &output_)) continue;
  Wait();
  // A sanitizer's complaint would show here.
  CHECK(exit_code_ == 0);
  return output_;
}

void SimulatorProcess::Kill() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  Wait();
}

void SimulatorProcess::Wait() {
  exit_code_ = ExitCode(pid_);
  pid_ = -1;
}

int RunSimulator(const std::vector<std::string>& flags, std::string* output) {
  const Child child = Spawn(flags, true);
  while (ReadMore(child.from, kReadyMs, output)) continue;
  close(child.to);
  close(child.from);
  return ExitCode(child.pid);
}

long long JsonNumber(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\":";
  const auto at = json.find(key);
  INFO(json);
  REQUIRE(at != std::string::npos);
  return std::atoll(json.c_str() + at + key.size());
}

}  // namespace test
}  // namespace dashvoip
