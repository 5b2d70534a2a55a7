import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { PING, type SocketAddress } from './flow';
import { answerAtOnce } from './local-address';

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
      if (isOpen) socket.send(PING, (error) => error && onError(error));
    });
  } catch {
    // No way there: nothing is learned.
    close();
  }
  return close;
}
