import { createSocket, type Socket } from 'node:dgram';

/** A reply or a notification of the command server: an object with at least `msg_id`. */
export type CommandMessage = Readonly<Record<string, unknown>> & { readonly msg_id: number };

const START_SESSION = 257;
const NOTIFICATION = 7;

/**
 * A client of the agent's UDP command server, written from the protocol alone (JSON datagrams with `token`, `msg_id`
 * and `rval`), so that it can be a second opinion on the server.
 */
export class CommandClient {
  readonly notifications: CommandMessage[] = [];
  readonly #socket: Socket = createSocket('udp4');
  readonly #port: number;
  readonly #waiting: ((message: CommandMessage) => void)[] = [];
  #token = 0;
  #lastId = 0;
  #closed = false;

  private constructor(port: number) {
    this.#port = port;
    this.#socket.on('message', (bytes) => this.#receive(bytes));
    this.#socket.unref();
  }

  /** Opens a session. @throws Error when the server does not answer or refuses. */
  static async open(port: number): Promise<CommandClient> {
    const client = new CommandClient(port);
    const reply = await client.request(START_SESSION);
    if (reply.rval !== 0 || typeof reply.param !== 'number') {
      throw new Error(`START_SESSION was refused: ${JSON.stringify(reply)}`);
    }
    client.#token = reply.param;
    return client;
  }

  /** Of its session. */
  get token(): number {
    return this.#token;
  }

  /** Of its socket. */
  get port(): number {
    return this.#socket.address().port;
  }

  /** One request with the session's token; `fields` go beside it and may replace it. */
  request(
    id: number,
    fields: Readonly<Record<string, unknown>> = {},
    timeoutMs = 5000,
  ): Promise<CommandMessage> {
    // Marked, for two that are alike are meant twice.
    const marked = { token: this.#token, msg_id: id, id: ++this.#lastId, ...fields };
    return this.raw(JSON.stringify(marked), timeoutMs);
  }

  /** Sends any text as a datagram and gives the next reply. */
  raw(text: string | Buffer, timeoutMs = 5000): Promise<CommandMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(settle), 1);
        reject(new Error(`the command server did not answer ${text.toString().slice(0, 80)}`));
      }, timeoutMs);
      const settle = (message: CommandMessage): void => {
        clearTimeout(timer);
        resolve(message);
      };
      this.#waiting.push(settle);
      this.#socket.send(text, this.#port, '127.0.0.1');
    });
  }

  close(): void {
    if (!this.#closed) this.#socket.close();
    this.#closed = true;
  }

  #receive(bytes: Buffer): void {
    const message: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof message !== 'object' || message === null || !('msg_id' in message)) return;
    if (typeof message.msg_id !== 'number') return;
    const known: CommandMessage = { ...message, msg_id: message.msg_id };
    if (known.msg_id === NOTIFICATION) this.notifications.push(known);
    else this.#waiting.shift()?.(known);
  }
}
