import type { Connection } from './connection';
import type { SocketAddress } from './flow';
import { networkOf } from './network';

/** Connections that others have opened, in all and of one network. */
const MAX_INCOMING = 32;
const MAX_OF_NETWORK = 8;

/** One that has been of no use for so long gives way to who comes, ms. */
const GIVES_WAY_MS = 30_000;

/** The connections there are, by remote address. Ours and the others' have room of their own. */
export class ConnectionTable {
  readonly #connections = new Map<string, Connection>();

  [Symbol.iterator](): Iterator<Connection> {
    return [...this.#connections.values()].values();
  }

  with(remote: SocketAddress): Connection | undefined {
    return this.#connections.get(keyOf(remote));
  }

  add(connection: Connection): void {
    this.#connections.set(keyOf(connection.remote), connection);
  }

  delete(connection: Connection): void {
    const key = keyOf(connection.remote);
    // Another may have taken its place.
    if (this.#connections.get(key) === connection) this.#connections.delete(key);
  }

  /**
   * Whether one more may come from that address. Where there are enough, the one that has been idle for
   * longest gives way, if that is long; otherwise the newest is not taken.
   */
  makeRoomFor(address: string, nowMs: number): boolean {
    const incoming = [...this.#connections.values()].filter(({ isIncoming }) => isIncoming);
    const network = networkOf(address);
    const neighbours = incoming.filter(({ remote }) => networkOf(remote.address) === network);
    return giveWay(neighbours, MAX_OF_NETWORK, nowMs) && giveWay(incoming, MAX_INCOMING, nowMs);
  }
}

function giveWay(connections: readonly Connection[], limit: number, nowMs: number): boolean {
  if (connections.length < limit) return true;
  const [eldest] = [...connections].sort((a, b) => a.usedAt - b.usedAt);
  if (!eldest || nowMs - eldest.usedAt < GIVES_WAY_MS) return false;
  eldest.close('idle, and another one comes');
  return true;
}

function keyOf({ address, port }: SocketAddress): string {
  return `${address} ${port}`;
}
