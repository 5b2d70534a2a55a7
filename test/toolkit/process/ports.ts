import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

const FIRST = 20_000;
const SIZE = 200;
/** Below the range that Linux gives out by itself (32768 and up). */
const BLOCKS = 60;

/**
 * A block of 200 ports on 127.0.0.1 that is ours alone, so that runs may happen side by side. The lock is a
 * TCP listener on the first port; it goes with the process, however that ends.
 */
export class PortBlock {
  readonly first: number;
  readonly last: number;
  readonly #lock: Server;
  #next: number;

  private constructor(first: number, lock: Server) {
    this.first = first;
    this.last = first + SIZE - 1;
    this.#lock = lock;
    this.#next = first + 2;
  }

  /** @throws Error when all blocks are taken. */
  static async take(): Promise<PortBlock> {
    for (let block = 0; block < BLOCKS; block += 1) {
      const first = FIRST + block * SIZE;
      if (isUsed(first, first + SIZE - 1)) continue;
      const lock = await tryListen(first);
      if (lock) return new PortBlock(first, lock);
    }
    throw new Error(`no free block of ports between ${FIRST} and ${FIRST + BLOCKS * SIZE}`);
  }

  /** The first of `count` consecutive fresh ports; even, as RTP wants it. */
  next(count = 2): number {
    const port = this.#next;
    this.#next += count + (count % 2);
    if (this.#next > this.last + 1) throw new Error('the block of ports is used up');
    return port;
  }

  release(): void {
    this.#lock.close();
  }
}

/** Whether anybody has a UDP port of the range. */
function isUsed(first: number, last: number): boolean {
  const sockets = readFileSync('/proc/net/udp', 'latin1').matchAll(
    /^ *\d+: [0-9A-F]{8}:([0-9A-F]{4}) /gm,
  );
  return [...sockets].some(([, hex]) => {
    const port = Number.parseInt(hex ?? '', 16);
    return port >= first && port <= last;
  });
}

function tryListen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port }, () => {
      server.unref();
      resolve(server);
    });
  });
}
