import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** Where a packet of media has its payload type, and its number. */
const PAYLOAD_TYPE_AT = 1;

/**
 * A way with losses between two ends on loopback: what comes from `port` goes to whoever sent last from elsewhere, and
 * the other way round. Of the RTP packets of one payload type that come from there each so-manieth is lost.
 */
export class LossyRelay {
  /** Of the packets that went through from `port`: how many of each payload type. */
  readonly passed = new Map<number, number>();
  lost = 0;
  readonly #socket: Socket;
  #other: RemoteInfo | undefined;
  #seen = 0;

  private constructor(socket: Socket, port: number, lossy: number, each: number) {
    this.#socket = socket;
    socket.on('message', (datagram, from) => {
      if (from.port !== port) {
        this.#other = from;
        socket.send(datagram, port, '127.0.0.1');
        return;
      }
      const type = payloadType(datagram);
      if (type === lossy && ++this.#seen % each === 0) {
        this.lost += 1;
        return;
      }
      if (type !== undefined) this.passed.set(type, (this.passed.get(type) ?? 0) + 1);
      if (this.#other) socket.send(datagram, this.#other.port, this.#other.address);
    });
  }

  /** Before `port`; loses each so-manieth packet of payload type `lossy`. */
  static async open(port: number, lossy: number, each: number): Promise<LossyRelay> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new LossyRelay(socket, port, lossy, each);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  close(): void {
    this.#socket.close();
  }
}

/** RFC 7983 §7: the first octet of RTP and RTCP; RFC 5761 §4: RTCP is no payload type. */
function payloadType(datagram: Buffer): number | undefined {
  const [first = 0, second = 0] = [datagram[0], datagram[PAYLOAD_TYPE_AT]];
  const isRtcp = second >= 192 && second <= 223;
  return first >= 128 && first <= 191 && !isRtcp ? second & 0x7f : undefined;
}
