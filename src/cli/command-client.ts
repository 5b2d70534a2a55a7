import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import * as v from 'valibot';
import {
  decode,
  encode,
  hmac,
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

/** A request without an answer is sent again after so long, ms: it carries a mark, and is carried out once. */
const RESEND_MS = 700;

/** The agent wants a key, and none was given. */
export class NoKeyException extends Error {
  override readonly name = 'NoKeyException';
  constructor(where: string) {
    super(`the agent at ${where} wants a key; give its file with --key FILE`);
  }
}

interface Waiting {
  readonly mark: number;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** A client of the command server: one session, one command at a time. */
export class CommandClient {
  readonly #socket: Socket;
  readonly #where: string;
  readonly #key: string | undefined;
  #token = 0;
  #mark = 0;
  #closed = false;
  #waiting: Waiting | undefined;
  /** Called with the type, as `call`, and `param` of each notification. */
  onNotification: (type: string, param: unknown) => void = () => undefined;

  /**
   * Starts a session.
   * @param key shared with the agent, where that wants one.
   * @throws NoAgentException when nobody answers, CommandException when the key is missing or wrong.
   */
  static async connect(address: string, port: number, key?: string): Promise<CommandClient> {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, address, () => {
        socket.removeListener('error', reject);
        resolve();
      });
    });
    const client = new CommandClient(socket, `${address}:${port}`, key);
    try {
      await client.#startSession();
      return client;
    } catch (error) {
      client.#socket.close();
      throw error;
    }
  }

  private constructor(socket: Socket, where: string, key: string | undefined) {
    this.#socket = socket;
    this.#key = key;
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
    const { id } = SESSION_MESSAGES.start;
    try {
      this.#token = Number((await this.#exchange(id, undefined, 2000)).param);
    } catch (error) {
      const nonce = error instanceof CommandException ? nonceIn(error.reply) : undefined;
      if (nonce === undefined) throw error;
      if (this.#key === undefined) throw new NoKeyException(this.#where);
      const proof = { nonce, response: hmac(this.#key, nonce) };
      this.#token = Number((await this.#exchange(id, proof, 2000)).param);
    }
  }

  async #exchange(id: number, param: object | undefined, timeoutMs: number): Promise<Reply> {
    const mark = ++this.#mark;
    const datagram = encode({ token: this.#token, msg_id: id, id: mark, param });
    const send = (reject: (error: Error) => void): void => {
      this.#socket.send(datagram, (error) => {
        if (error) reject(this.#noAgent());
      });
    };
    const timers: NodeJS.Timeout[] = [];
    try {
      const reply = await new Promise<Reply>((resolve, reject) => {
        this.#waiting = { mark, resolve, reject };
        timers.push(setTimeout(() => reject(this.#noAgent()), timeoutMs));
        timers.push(setInterval(() => send(reject), RESEND_MS));
        send(reject);
      });
      if (reply.rval !== RVAL.ok) throw new CommandException(reply);
      return reply;
    } finally {
      for (const timer of timers) clearTimeout(timer);
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
    const { rval, msg_id, id, param, reason } = message;
    if (typeof rval !== 'number' || typeof msg_id !== 'number') return;
    if (id !== this.#waiting?.mark) return;
    this.#waiting?.resolve({
      rval,
      msg_id,
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

/** The challenge in a refusal of START_SESSION. */
function nonceIn({ rval, param }: Reply): string | undefined {
  if (rval !== RVAL.authentication || typeof param !== 'object' || param === null) return undefined;
  return 'nonce' in param && typeof param.nonce === 'string' ? param.nonce : undefined;
}

interface Message {
  readonly rval?: unknown;
  readonly id?: unknown;
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
