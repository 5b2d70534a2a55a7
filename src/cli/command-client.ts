import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import * as v from 'valibot';
import {
  decode,
  encode,
  messageOf,
  NOTIFICATION,
  notificationType,
  type Reply,
  RVAL,
  SESSION_MESSAGES,
  type StatusReply,
  statusReplySchema,
} from '../control';

/** Nobody answers at the command server's address. */
export class NoAgentException extends Error {
  override readonly name = 'NoAgentException';
}

/** The agent refused a command. */
export class CommandException extends Error {
  override readonly name = 'CommandException';
  constructor(readonly reply: Reply) {
    super(reply.reason ?? `the agent answered with rval ${reply.rval}`);
  }
}

interface Waiting {
  readonly id: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A client of the command server: one session, one command at a time. */
export class CommandClient {
  readonly #socket: Socket;
  readonly #where: string;
  #token = 0;
  #closed = false;
  #waiting: Waiting | undefined;
  /** Called with the type, as `call`, and `param` of each notification. */
  onNotification: (type: string, param: unknown) => void = () => undefined;

  /** Starts a session. @throws NoAgentException when nobody answers. */
  static async connect(address: string, port: number): Promise<CommandClient> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, address, () => {
        socket.removeListener('error', reject);
        resolve();
      });
    });
    const client = new CommandClient(socket, `${address}:${port}`);
    try {
      await client.#startSession();
      return client;
    } catch (error) {
      client.#socket.close();
      throw error;
    }
  }

  private constructor(socket: Socket, where: string) {
    this.#socket = socket;
    this.#where = where;
    socket.on('message', (datagram) => this.#onDatagram(datagram));
    // A connected UDP socket hears of a closed port by ICMP.
    socket.on('error', () => this.#waiting?.reject(this.#noAgent()));
  }

  /**
   * Runs the command of that name.
   * @returns the reply's `param`.
   * @throws CommandException when the agent refuses, NoAgentException.
   */
  async command(name: string, param?: object, timeoutMs = 5000): Promise<unknown> {
    const { id } = messageOf(name);
    try {
      return (await this.#exchange(id, param, timeoutMs)).param;
    } catch (error) {
      // The session has given way to another, or the agent was started anew: the command was not run.
      if (!(error instanceof CommandException) || error.reply.rval !== RVAL.invalidToken)
        throw error;
      await this.#startSession();
      return (await this.#exchange(id, param, timeoutMs)).param;
    }
  }

  /** @throws NoAgentException when what answers is none of ours, CommandException. */
  async status(): Promise<StatusReply> {
    const status = await this.command('status');
    if (v.is(statusReplySchema, status)) return status;
    throw new NoAgentException('what answers is no dashvoip agent, or one of another version');
  }

  /** Ends the session; errors are of no interest any more. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#exchange(SESSION_MESSAGES.stop.id, undefined, 500).catch(() => undefined);
    this.#socket.close();
  }

  async #startSession(): Promise<void> {
    const { param } = await this.#exchange(SESSION_MESSAGES.start.id, undefined, 2000);
    this.#token = Number(param);
  }

  async #exchange(id: number, param: object | undefined, timeoutMs: number): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const reply = await new Promise<Reply>((resolve, reject) => {
        this.#waiting = { id, resolve, reject };
        timer = setTimeout(() => reject(this.#noAgent()), timeoutMs);
        this.#socket.send(encode({ token: this.#token, msg_id: id, param }), (error) => {
          if (error) reject(this.#noAgent());
        });
      });
      if (reply.rval !== RVAL.ok) throw new CommandException(reply);
      return reply;
    } finally {
      clearTimeout(timer);
      this.#waiting = undefined;
    }
  }

  #onDatagram(datagram: Uint8Array): void {
    const message = readMessage(datagram);
    if (!message) return;
    if (message.msg_id === NOTIFICATION) {
      const type = notificationType(message.type);
      if (type !== undefined) this.onNotification(type, message.param);
      return;
    }
    const { rval, msg_id: id, param, reason } = message;
    if (typeof rval !== 'number' || id !== this.#waiting?.id) return;
    this.#waiting?.resolve({
      rval,
      msg_id: this.#waiting.id,
      param,
      ...(typeof reason === 'string' ? { reason } : {}),
    });
  }

  #noAgent(): NoAgentException {
    return new NoAgentException(
      `no dashvoip agent answers at ${this.#where}; start one with "dashvoip run"`,
    );
  }
}

interface Message {
  readonly rval?: unknown;
  readonly msg_id?: unknown;
  readonly type?: unknown;
  readonly param?: unknown;
  readonly reason?: unknown;
}

function readMessage(datagram: Uint8Array): Message | undefined {
  try {
    const value = decode(datagram);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // Not from our server: it sends JSON only.
    return undefined;
  }
}
