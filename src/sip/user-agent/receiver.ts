import { type Logger, type Random, randomToken } from '../../platform';
import {
  type ParseFailure,
  parseMessage,
  replyToFailure,
  type SipRequest,
  type SipResponse,
  validateResponse,
} from '../message';
import type { TransactionLayer } from '../transaction';
import { type Flow, responseFlow, stampReceived, type Transport } from '../transport';

/** From datagrams to transactions: parses, stamps, counts and drops. */
export class Receiver {
  readonly #transport: Transport;
  readonly #layer: TransactionLayer;
  readonly #random: Random;
  readonly #log: Logger;
  #malformed = 0;

  constructor(transport: Transport, layer: TransactionLayer, random: Random, log: Logger) {
    this.#transport = transport;
    this.#layer = layer;
    this.#random = random;
    this.#log = log;
  }

  /** Datagrams that were no message, or one that cannot be used. */
  get malformed(): number {
    return this.#malformed;
  }

  receive(bytes: Uint8Array, flow: Flow): void {
    if (isKeepAlive(bytes)) return;
    const message = parseMessage(bytes);
    switch (message.kind) {
      case 'failure':
        this.#onFailure(message, flow);
        break;
      case 'request':
        this.#onRequest(message, flow);
        break;
      case 'response':
        this.#onResponse(message, flow);
        break;
    }
  }

  /** Notes a message that parsed and is good for nothing. */
  drop(problem: string, flow?: Flow): void {
    this.#malformed++;
    this.#log.debug('dropped', { problem, from: flow?.remote.address });
  }

  #onFailure(failure: ParseFailure, flow: Flow): void {
    this.drop(failure.problem, flow);
    const answer = replyToFailure(failure, randomToken(this.#random, 64));
    if (answer) flow.send(answer, () => undefined);
  }

  #onRequest(request: SipRequest, flow: Flow): void {
    stampReceived(request, flow.remote);
    this.#layer.receiveRequest(request, responseFlow(this.#transport, request, flow));
  }

  #onResponse(response: SipResponse, flow: Flow): void {
    const verdict = validateResponse(response);
    if (verdict.kind === 'accept') this.#layer.receiveResponse(response);
    else this.drop(verdict.problem, flow);
  }
}

/** Line breaks alone keep a NAT's binding open (RFC 5626 §3.5.1); over UDP none is owed back. */
function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.length <= 4 && bytes.every((byte) => byte === 0x0d || byte === 0x0a || byte === 0);
}
