import {
  createResponse,
  type HeaderList,
  parseMessage,
  serializeMessage,
} from '../../../src/sip/message';
import type { Flow, SocketAddress } from '../../../src/sip/transport';
import type { MemoryStreamTransport } from './memory-streams';

/** Answers each REGISTER by 200 over the connection that it came by. */
export class TcpRegistrar {
  registers = 0;
  pings = 0;
  /** What else its 200 says. */
  headers: HeaderList = [];
  readonly #transport: MemoryStreamTransport;

  constructor(transport: MemoryStreamTransport) {
    this.#transport = transport;
    transport.listen((bytes, flow) => this.#take(bytes, flow));
  }

  get local(): SocketAddress {
    return this.#transport.local;
  }

  cut(): void {
    this.#transport.cut();
  }

  #take(bytes: Uint8Array, flow: Flow): void {
    const message = parseMessage(bytes);
    if (message.kind !== 'request') {
      this.pings++;
      return;
    }
    this.registers++;
    const headers = [['Expires', message.get('Expires') ?? '0'], ...this.headers] as const;
    flow.send(
      serializeMessage(createResponse(message, 200, { toTag: 'registrar', headers })),
      () => undefined,
    );
  }
}
