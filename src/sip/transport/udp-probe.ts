import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { SocketAddress } from './flow';
import { answerAtOnce } from './local-address';

/** What keeps a NAT's binding open (RFC 5626 §3.5.1), and is no message to anybody. */
const PROBE = Buffer.from('\r\n\r\n');

/**
 * Whether a UDP port is closed: Linux tells of ICMP "port unreachable" to a connected socket only, which
 * the one at the SIP port is not. This one lives for one question, at a port of its own. Silence says nothing,
 * and a refusal may be a firewall's, or forged: it is a sign, and no proof.
 * Returns what ends it.
 */
export function probeUdp(remote: SocketAddress, onRefused: () => void): () => void {
  const type = isIPv6(remote.address) ? 'udp6' : 'udp4';
  const socket = createSocket({ type, lookup: answerAtOnce });
  let isOpen = true;
  const close = (): void => {
    if (isOpen) socket.close();
    isOpen = false;
  };
  const onError = (error: NodeJS.ErrnoException): void => {
    if (!isOpen) return;
    close();
    if (error.code === 'ECONNREFUSED') onRefused();
  };
  socket.on('error', onError);
  try {
    socket.connect(remote.port, remote.address, () => {
      if (isOpen) socket.send(PROBE, (error) => error && onError(error));
    });
  } catch {
    // No way there: nothing is learned.
    close();
  }
  return close;
}
