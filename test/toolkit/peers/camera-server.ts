import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

type Message = Readonly<Record<string, unknown>>;

/**
 * A stand-in of the camera's own command server: one client, tokens that grow with each session, and messages from a
 * block of ids that it passes on to an agent on loopback as they are, replies and notifications back as they come.
 */
export class CameraServer {
  readonly #outside: Socket = createSocket('udp4');
  readonly #inside: Socket = createSocket('udp4');
  readonly #agentPort: number;
  readonly #block: readonly [first: number, last: number];
  #token = 0;
  #holder: RemoteInfo | undefined;
  /** Of requests that the agent has not answered yet, in their order. */
  readonly #asking: RemoteInfo[] = [];

  private constructor(agentPort: number, block: readonly [number, number]) {
    this.#agentPort = agentPort;
    this.#block = block;
    this.#outside.on('message', (bytes, from) => this.#serve(bytes, from));
    this.#inside.on('message', (bytes) => this.#passBack(bytes));
  }

  static async open(agentPort: number, block: readonly [number, number]): Promise<CameraServer> {
    const server = new CameraServer(agentPort, block);
    for (const socket of [server.#outside, server.#inside]) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return server;
  }

  get port(): number {
    return this.#outside.address().port;
  }

  close(): void {
    this.#outside.close();
    this.#inside.close();
  }

  #serve(bytes: Buffer, from: RemoteInfo): void {
    const message: Message = Object(JSON.parse(bytes.toString('utf8')));
    const id = Number(message.msg_id);
    const answer = (fields: Message): void => this.#answer({ msg_id: id, ...fields }, from);
    if (id === 257) {
      this.#token += 1;
      this.#holder = from;
      answer({ rval: 0, param: this.#token });
    } else if (message.token !== this.#token) answer({ rval: -4 });
    else if (id >= this.#block[0] && id <= this.#block[1]) {
      this.#asking.push(from);
      this.#inside.send(bytes, this.#agentPort, '127.0.0.1');
    } else answer({ rval: id === 1 ? 0 : -23 });
  }

  #passBack(bytes: Buffer): void {
    const isNotification = Object(JSON.parse(bytes.toString('utf8'))).msg_id === 7;
    const to = isNotification ? this.#holder : this.#asking.shift();
    if (to) this.#outside.send(bytes, to.port, to.address);
  }

  #answer(message: Message, to: RemoteInfo): void {
    this.#outside.send(JSON.stringify(message), to.port, to.address);
  }
}
