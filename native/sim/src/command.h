#ifndef DASHVOIP_SIM_COMMAND_H_
#define DASHVOIP_SIM_COMMAND_H_

#include <string>

#include "refusals.h"
#include "reply_delay.h"
#include "rtos.h"

namespace dashvoip {
namespace sim {

/** Carries out the control lines that come in while the simulator runs. */
class CommandRunner {
 public:
  CommandRunner(Rtos* rtos, ReplyDelay* delay, Refusals* refusals)
      : rtos_(rtos), delay_(delay), refusals_(refusals) {}

  /**
   * @return false for "quit".
   * @throws UsageError for a line that is no command.
   */
  bool Run(const std::string& line);

 private:
  bool RunEncoderCommand(const std::string& word);
  void WriteFrames(const std::string& count, const std::string& track);
  void Refuse(const std::string& procedure, const std::string& times);
  void Inject(const std::string& type, const std::string& track);

  Rtos* rtos_;
  ReplyDelay* delay_;
  Refusals* refusals_;
};

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_COMMAND_H_
