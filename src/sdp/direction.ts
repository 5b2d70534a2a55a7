import type { Direction } from './types';

export function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

export function receives(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

export function directionOf(send: boolean, receive: boolean): Direction {
  if (send) return receive ? 'sendrecv' : 'sendonly';
  return receive ? 'recvonly' : 'inactive';
}

/** Our direction when the peer said `theirs` and we would like `wanted`, RFC 3264 §6.1. */
export function meet(theirs: Direction, wanted: Direction): Direction {
  return directionOf(sends(wanted) && receives(theirs), receives(wanted) && sends(theirs));
}

/** The camera has no screen: video flows from us or not at all. Nobody is filmed while on hold. */
export function wantedDirection(kind: 'audio' | 'video', onHold: boolean): Direction {
  if (kind === 'audio') return onHold ? 'sendonly' : 'sendrecv';
  return onHold ? 'inactive' : 'sendonly';
}
