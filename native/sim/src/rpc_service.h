#ifndef DASHVOIP_SIM_RPC_SERVICE_H_
#define DASHVOIP_SIM_RPC_SERVICE_H_

#include "fd.h"
#include "refusals.h"
#include "reply_delay.h"
#include "rtos.h"

namespace dashvoip {
namespace sim {

/** Serves one client on its connection until it goes away or the simulator ends. */
void ServeClient(int connection, Rtos* rtos, ReplyDelay* delay, Refusals* refusals);

}  // namespace sim
}  // namespace dashvoip

#endif  // DASHVOIP_SIM_RPC_SERVICE_H_
