import type { Clock, Logger } from '../../platform';
import { bindFailure } from './bind-failure';
import type { OpenSctp } from './sctp-sockets';
import { listenAt, StreamTransport } from './stream';

/**
 * SIP over SCTP, RFC 4168: listens on `host` and `port` (0: any).
 * @throws TransportException 'address-in-use' or 'cannot-bind'.
 */
export async function bindSctp(
  host: string,
  port: number,
  open: OpenSctp,
  clock: Clock,
  log: Logger,
): Promise<StreamTransport> {
  // Loaded for whom it is configured.
  const { sctpSockets } = await import('./sctp-sockets');
  const fd = open(host, port);
  if (fd instanceof Error) throw bindFailure(fd, 'SCTP', host, port);
  const listening = await listenAt('SCTP', host, port, { fd });
  return new StreamTransport(sctpSockets(open), listening, clock, log);
}
