import type { Socket } from 'node:net';

/** A socket that is to become a connection. */
export interface Opening {
  readonly socket: Socket;
  /** Tells once that the way is there and the far end is who it should be, or why not. Never after an error. */
  whenReady(done: (refusal: string | undefined) => void): void;
  /** An error of the socket, in words. */
  explain(error: NodeJS.ErrnoException): string;
  /** The kernel itself looks whether the far end is there (RFC 9260 §8.3): no word of ours is needed for it. */
  readonly hasHeartbeats?: true;
}

/** Over TCP: one that is being opened is ready when it is connected, one that comes in is so at once. */
export function plainOpening(socket: Socket, isIncoming: boolean): Opening {
  return {
    socket,
    whenReady: (done) => {
      if (isIncoming) done(undefined);
      else socket.once('connect', () => done(undefined));
    },
    explain: ({ message }) => message,
  };
}
