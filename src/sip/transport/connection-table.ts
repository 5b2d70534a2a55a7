import { networkOf } from '../../platform';
import type { Connection } from './connection';
import type { SocketAddress } from './flow';

/** Connections that others have opened, in all and of one network. */
const MAX_INCOMING = 32;
const MAX_OF_NETWORK = 8;

/** One that has been of no use for so long gives way to who comes, ms. */
const GIVES_WAY_MS = 30_000;

/** The connections there are, by remote address. Ours and the others' have room of their own. */
export class ConnectionTable {
  readonly #connections = new Map<string, Connection>();
  /** Nothing more is sent by these. */
  readonly #retired = new Set<Connection>();

  [Symbol.iterator](): Iterator<Connection> {
    return [...this.#connections.values(), ...this.#retired].values();
  }

  /** Of those with that address the one to `serverName`; without a name any of them (RFC 5923). */
  with(remote: SocketAddress, serverName: string | undefined): Connection | undefined {
    const named = this.#connections.get(keyOf(remote, serverName));
    if (named || serverName !== undefined) return named;
    const { address, port } = remote;
    return [...this.#connections.values()].find(
      (one) => one.remote.address === address && one.remote.port === port,
    );
  }

  add(connection: Connection): void {
    this.#connections.set(keyOf(connection.remote, connection.serverName), connection);
  }

  /** It stays until it closes, and is found no more. */
  retire(connection: Connection): void {
    this.delete(connection);
    this.#retired.add(connection);
  }

  delete(connection: Connection): void {
    this.#retired.delete(connection);
    const key = keyOf(connection.remote, connection.serverName);
    // Another may have taken its place.
    if (this.#connections.get(key) === connection) this.#connections.delete(key);
  }

  /**
   * Whether one more may come from that address. Where there are enough, the eldest from which no message
   * has come gives way, as whoever has something to say says it at once; or the one that has been idle for
   * longest, if that is long. Otherwise the newest is not taken.
   */
  makeRoomFor(address: string, nowMs: number): 'free' | 'made' | 'none' {
    const network = networkOf(address);
    const neighbours = this.#incoming.filter(({ remote }) => networkOf(remote.address) === network);
    const ofNetwork = this.#makeRoom(neighbours, MAX_OF_NETWORK, nowMs);
    return ofNetwork === 'free' ? this.#makeRoom(this.#incoming, MAX_INCOMING, nowMs) : ofNetwork;
  }

  /** The eldest first. */
  get #incoming(): Connection[] {
    return [...this.#connections.values()].filter(({ isIncoming }) => isIncoming);
  }

  #makeRoom(
    connections: readonly Connection[],
    limit: number,
    nowMs: number,
  ): 'free' | 'made' | 'none' {
    if (connections.length < limit) return 'free';
    const silent = connections.find(({ hasSpoken }) => !hasSpoken);
    const [idle] = [...connections].sort((a, b) => a.usedAt - b.usedAt);
    const isLong = idle && nowMs - idle.usedAt >= GIVES_WAY_MS;
    const eldest = silent ?? (isLong ? idle : undefined);
    if (!eldest) return 'none';
    // Its place is free at once: more of them may come before its socket has closed.
    this.delete(eldest);
    eldest.close('idle, and another one comes');
    return 'made';
  }
}

function keyOf({ address, port }: SocketAddress, serverName = ''): string {
  return `${address} ${port} ${serverName}`;
}
