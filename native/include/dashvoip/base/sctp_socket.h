#ifndef DASHVOIP_BASE_SCTP_SOCKET_H_
#define DASHVOIP_BASE_SCTP_SOCKET_H_

#include "dashvoip/base/transport_address.h"

namespace dashvoip {

/**
 * A socket over SCTP in the style of TCP (RFC 6458 §4): it never waits, is bound to `local` (port
 * 0: any), and what is sent goes at once, unordered (RFC 4168 §5.1). To connect or to listen by it
 * is left to whom it is handed to.
 * @return its descriptor, or what hinders as a negative errno: -EPROTONOSUPPORT where the kernel
 * has no SCTP.
 */
int OpenSctpSocket(const TransportAddress& local) noexcept;

}  // namespace dashvoip

#endif  // DASHVOIP_BASE_SCTP_SOCKET_H_
