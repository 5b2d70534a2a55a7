#include "rtsp_server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "places.h"
#include "sim/simulator_process.h"

namespace dashvoip {
namespace test {
namespace {

constexpr int kPatienceMs = 30000;
constexpr const char* kScript = DASHVOIP_TEST_DATA "/../../native/test/camera/rtsp_server.py";

pid_t Spawn(std::vector<std::string> words, int in, int out) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(&word[0]);
  arguments.push_back(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    if (in >= 0) dup2(in, STDIN_FILENO);
    if (out >= 0) dup2(out, STDOUT_FILENO);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  if (pid < 0) throw std::runtime_error("cannot fork");
  return pid;
}

int ExitCode(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Ffmpeg(std::vector<std::string> words) {
  words.insert(words.begin(), {"ffmpeg", "-nostdin", "-loglevel", "error", "-y"});
  if (ExitCode(Spawn(std::move(words), -1, -1)) != 0) throw std::runtime_error("ffmpeg failed");
}

struct Made {
  Made() {
    material = {folder.Path("v.h264"), folder.Path("a.aac"), folder.Path("a.wav"),
                folder.Path("a.al")};
    const std::string tone = "sine=frequency=440:sample_rate=48000:duration=2";
    Ffmpeg({"-f", "lavfi", "-i", "testsrc2=size=64x48:rate=15:duration=2", "-c:v", "libx264",
            "-profile:v", "baseline", "-pix_fmt", "yuv420p", "-g", "15", "-x264-params",
            "slices=1:sliced-threads=0:scenecut=0:repeat-headers=1:aud=1", "-f", "h264",
            material.h264});
    Ffmpeg({"-f", "lavfi", "-i", tone, "-ac", "2", "-c:a", "aac", "-f", "adts", material.aac});
    Ffmpeg({"-f", "lavfi", "-i", tone, "-ac", "2", "-c:a", "pcm_s16le", material.l16});
    Ffmpeg({"-f", "lavfi", "-i", tone, "-ac", "1", "-ar", "8000", "-f", "alaw", material.pcma});
  }
  TempFolder folder;
  RtspMaterial material;
};

}  // namespace

const RtspMaterial& RtspMaterial::Get() {
  static const Made made;
  return made.material;
}

std::vector<Bytes> AdtsUnits(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const Bytes all{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::vector<Bytes> units;
  for (std::size_t at = 0; at + 7 <= all.size();) {
    const std::size_t size = (all[at + 3] & 3U) << 11 | all[at + 4] << 3U | all[at + 5] >> 5U;
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at);
    units.emplace_back(begin + 7, begin + static_cast<std::ptrdiff_t>(size));
    at += size;
  }
  return units;
}

RtspServer::RtspServer(std::vector<std::string> flags, std::uint16_t port) {
  // Not the first python3 of the path: Debian's has Debian's modules.
  flags.insert(flags.begin(), {"/usr/bin/python3", kScript, "--port", std::to_string(port)});
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipes");
  pid_ = Spawn(std::move(flags), in[0], out[1]);
  close(in[0]);
  close(out[1]);
  to_child_ = in[1];
  from_child_ = out[0];
  const std::string ready = ReadLine();
  url_ = ready.substr(ready.find("rtsp://"));
}

RtspServer::~RtspServer() {
  Kill();
  close(to_child_);
  close(from_child_);
}

std::uint16_t RtspServer::port() const {
  return static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1)));
}

std::string RtspServer::ReadLine() {
  while (read_.find('\n') == std::string::npos) {
    pollfd waiting = {from_child_, POLLIN, 0};
    char bytes[256];
    const ssize_t size =
        poll(&waiting, 1, kPatienceMs) > 0 ? read(from_child_, bytes, sizeof(bytes)) : 0;
    if (size <= 0) throw std::runtime_error("the RTSP server says nothing");
    read_.append(bytes, static_cast<std::size_t>(size));
  }
  const std::string line = read_.substr(0, read_.find('\n'));
  read_.erase(0, line.size() + 1);
  return line;
}

void RtspServer::Command(const std::string& word) {
  const std::string text = word + "\n";
  if (write(to_child_, text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      ReadLine() != word) {
    throw std::runtime_error("the RTSP server does not take: " + word);
  }
}

void RtspServer::Signal(int number) { kill(pid_, number); }

void RtspServer::Kill() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  ExitCode(pid_);
  pid_ = -1;
}

}  // namespace test
}  // namespace dashvoip
