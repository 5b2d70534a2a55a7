import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type SocketAddress, TransportException } from './flow';

/**
 * Which of this machine's addresses the kernel would send from to reach `remote`: connecting a UDP
 * socket chooses the route and sends nothing. Costs some 30 microseconds.
 *
 * @throws TransportException 'send-failed' when there is no route.
 */
export function localAddressTowards(remote: SocketAddress): string {
  const family = isIPv6(remote.address) ? 'udp6' : 'udp4';
  // A look-up that calls back at once makes dgram bind and connect within the call.
  const probe = createSocket({ type: family, lookup: answerAtOnce });
  // A failed connect is reported here on a later tick; address() below has told it already.
  probe.on('error', () => undefined);
  try {
    probe.connect(remote.port, remote.address);
    const { address } = probe.address();
    if (!isUnspecified(address)) return address;
  } catch {
    // Falls through: no address of this family, or none that leads there.
  } finally {
    probe.close();
  }
  throw new TransportException(
    'send-failed',
    `no route to ${remote.address}: expected a network interface that leads there`,
  );
}

/**
 * Where `remote` reaches what listens at `bound`.
 * @throws TransportException 'send-failed' when there is no route.
 */
export function localTowards(remote: SocketAddress, bound: SocketAddress): SocketAddress {
  if (!isUnspecified(bound.address)) return bound;
  return { address: localAddressTowards(remote), port: bound.port };
}

export function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** Look-up for sockets that only ever see numeric addresses. */
export function answerAtOnce(
  address: string,
  options: unknown,
  callback: (error: null, address: string, family: number) => void,
): void {
  void options;
  callback(null, address, isIPv6(address) ? 6 : 4);
}
