import { Socket } from 'node:net';
import { type Opening, plainOpening } from './opening';
import type { StreamSockets } from './stream';

/**
 * Opens a socket over SCTP in the style of TCP (RFC 6458 §4), bound to `address` and `port` (0: any), by which Node
 * connects or listens as over TCP.
 * @returns its descriptor, or what hinders, with its `code`.
 */
export type OpenSctp = (address: string, port: number) => number | NodeJS.ErrnoException;

/** How a socket becomes a connection over SCTP: nearly as over TCP (RFC 4168 §5). */
export function sctpSockets(open: OpenSctp): StreamSockets {
  return {
    protocol: 'SCTP',
    open: ({ address, port }, _serverName, localAddress) => {
      const fd = open(localAddress ?? (address.includes(':') ? '::' : '0.0.0.0'), 0);
      if (fd instanceof Error) return openingOf(new Socket().destroy(fd), false);
      const socket = new Socket({ fd, readable: true, writable: true });
      return openingOf(socket.connect({ host: address, port }), false);
    },
    take: (socket) => openingOf(socket, true),
  };
}

function openingOf(socket: Socket, isIncoming: boolean): Opening {
  // What waits for room is not put together: some peers take a message of SCTP for one of SIP.
  Reflect.set(socket, '_writev', null);
  return { ...plainOpening(socket, isIncoming), hasHeartbeats: true };
}
