import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Logger } from '../../platform';
import type { Control } from '../control';
import type { CommandCounters } from '../status-reply';
import { Dispatcher } from './dispatcher';
import { FIRST_ID, SESSION_MESSAGES } from './messages';
import { encode, notificationMessage, type Sender } from './wire';

export interface CommandServerOptions {
  readonly control: Control;
  /** Numeric address; loopback, unless something else guards it. */
  readonly address: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly firstId?: number;
  /** The camera's own server has the sessions, and passes our block of messages on. */
  readonly isBehindRelay?: boolean;
  readonly hasOneHolder?: boolean;
  /** Shared with the clients, who must prove that they know it. */
  readonly key?: string;
  readonly log: Logger;
}

/** The UDP command server: the socket around a dispatcher, and the notifications. */
export class CommandServer {
  readonly #socket: Socket;
  readonly #dispatcher: Dispatcher;
  readonly #log: Logger;
  readonly #stopNotifying: () => void;
  #sendErrors = 0;

  /** Binds the port. Rejects with the system's error, EADDRINUSE for one. */
  static async open(options: CommandServerOptions): Promise<CommandServer> {
    const socket = createSocket(isIPv6(options.address) ? 'udp6' : 'udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(options.port, options.address, () => {
        socket.removeListener('error', reject);
        resolve();
      });
    });
    return new CommandServer(socket, options);
  }

  private constructor(socket: Socket, options: CommandServerOptions) {
    const { control, log, firstId = FIRST_ID, key } = options;
    this.#socket = socket;
    this.#log = log.area('control');
    this.#dispatcher = new Dispatcher(control, {
      firstId,
      isBehindRelay: options.isBehindRelay ?? false,
      hasOneHolder: options.hasOneHolder ?? false,
      ...(key === undefined ? {} : { key }),
      ownAddress: socket.address().address,
      log: this.#log,
      ask: (client) => this.#send(encode({ msg_id: SESSION_MESSAGES.queryHolder.id }), client),
    });
    this.#stopNotifying = control.journal.listen(({ type, number, param }) => {
      const datagram = encode(notificationMessage(type, param, number));
      for (const client of this.#dispatcher.listeners) this.#send(datagram, client);
    });
    socket.on('message', (datagram, { address, port }) => this.#serve(datagram, { address, port }));
    socket.on('error', (error) => this.#log.warn('socket', { error: error.message }));
    this.#log.debug('listening', { address: socket.address().address, port: this.port });
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get counters(): CommandCounters & { readonly sendErrors: number } {
    return { ...this.#dispatcher.counters, sendErrors: this.#sendErrors };
  }

  /** Resolves when what was sent before is out. */
  async close(): Promise<void> {
    this.#stopNotifying();
    this.#dispatcher.close();
    await new Promise<void>((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #serve(datagram: Uint8Array, sender: Sender): void {
    this.#dispatcher
      .handle(datagram, sender)
      .then((reply) => {
        if (reply) this.#send(encode(reply), sender);
      })
      .catch((error: unknown) => this.#log.error('dispatcher', { error: String(error) }));
  }

  #send(datagram: Buffer, { address, port }: Sender): void {
    try {
      this.#socket.send(datagram, port, address, (error) => {
        if (error) this.#sendErrors += 1;
      });
    } catch {
      // Port 0 in a forged datagram, or a socket already closed.
      this.#sendErrors += 1;
    }
  }
}
