import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import type { Clock, Timer } from '../../platform';
import type { Source, SourceListener } from './nmea-source';

interface SocketPlace {
  readonly address: string;
  readonly port: number;
}

/** From one piece that was read to the next, ms: who sends without an end is not heard without one. */
const PAUSE_MS = 100;

/** Sentences that are sent to us. */
export function openDatagrams({ address, port }: SocketPlace, listener: SourceListener): Source {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  let isOpen = true;
  const close = (): void => {
    if (isOpen) socket.close();
    isOpen = false;
  };
  socket.on('message', (octets) => listener.onData(octets, true));
  socket.on('error', ({ message }) => {
    close();
    listener.onEnd(message);
  });
  socket.bind(port, address);
  return { close };
}

/** Sentences of a server, as gpsd is one. */
export function openStream(
  { address, port }: SocketPlace,
  clock: Clock,
  { onData, onEnd }: SourceListener,
): Source {
  const socket = connect(port, address);
  let pause: Timer | undefined;
  let reason = 'the server has closed the connection';
  socket.on('data', (octets) => {
    socket.pause();
    pause = clock.setTimer(PAUSE_MS, () => socket.resume());
    onData(octets, false);
  });
  socket.on('end', () => socket.destroy());
  socket.on('error', ({ message }) => {
    reason = message;
  });
  const ended = (): void => {
    pause?.cancel();
    onEnd(reason);
  };
  socket.on('close', ended);
  return {
    write: (text) => {
      socket.write(text);
    },
    close: () => {
      pause?.cancel();
      socket.off('close', ended);
      socket.destroy();
    },
  };
}
