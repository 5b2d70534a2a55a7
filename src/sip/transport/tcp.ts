import { connect } from 'node:net';
import type { Clock, Logger } from '../../platform';
import { answerAtOnce } from './local-address';
import { plainOpening } from './opening';
import { listenAt, type StreamSockets, StreamTransport } from './stream';

const SOCKETS: StreamSockets = {
  protocol: 'TCP',
  open: ({ address, port }, _serverName, localAddress) =>
    plainOpening(
      connect({
        ...{ host: address, port, lookup: answerAtOnce },
        ...(localAddress === undefined ? {} : { localAddress }),
      }),
      false,
    ),
  take: (socket) => plainOpening(socket, true),
};

/** SIP over TCP. */
export class TcpTransport extends StreamTransport {
  /**
   * Listens on `host` (an address of this machine, `0.0.0.0` or `::`) and `port` (0: any).
   * @throws TransportException 'address-in-use' or 'cannot-bind'.
   */
  static override async bind(
    host: string,
    port: number,
    clock: Clock,
    log: Logger,
  ): Promise<TcpTransport> {
    return new TcpTransport(SOCKETS, await listenAt('TCP', host, port), clock, log);
  }
}
