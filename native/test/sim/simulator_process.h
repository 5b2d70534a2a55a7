#ifndef DASHVOIP_TEST_SIM_SIMULATOR_PROCESS_H_
#define DASHVOIP_TEST_SIM_SIMULATOR_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace dashvoip {
namespace test {

/** A folder of its own that goes away with its contents. */
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  /** Path of a file in it. */
  std::string Path(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

/**
 * h22-rtos-sim as a child process on the socket that libnetfifo of this process uses. Throws
 * std::runtime_error when it does not get ready.
 */
class SimulatorProcess {
 public:
  SimulatorProcess(const TempFolder& folder, const std::vector<std::string>& flags);
  ~SimulatorProcess();
  SimulatorProcess(const SimulatorProcess&) = delete;
  SimulatorProcess& operator=(const SimulatorProcess&) = delete;

  /** Sends a control line. */
  void Command(const std::string& line);
  /** With --by-command: the next frames, in the order of their times; they stand in the FIFOs when
   * it returns. */
  void WriteFrames(int count, const std::string& track = std::string());
  /** SIGTERM and wait. @return what it printed after "ready". */
  std::string Stop();
  void Kill();
  int exit_code() const { return exit_code_; }

 private:
  void ReadUntilReady();
  void Wait();

  pid_t pid_ = -1;
  int to_child_ = -1, from_child_ = -1;
  int exit_code_ = -1;
  std::string output_;
};

/** Runs it with flags that make it end by itself. @return its exit code; output is added. */
int RunSimulator(const std::vector<std::string>& flags, std::string* output);

/** Number that a JSON text has under a name; fails the test when it has none. */
long long JsonNumber(const std::string& json, const std::string& name);

}  // namespace test
}  // namespace dashvoip

#endif  // DASHVOIP_TEST_SIM_SIMULATOR_PROCESS_H_
