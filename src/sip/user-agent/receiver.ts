import type { Clock, Logger } from '../../platform';
import { type Admission, isInvite, MAX_MESSAGE_BYTES, peekCallId } from '../admission';
import {
  createResponse,
  libertyNames,
  type ParseFailure,
  parseMessage,
  replyToFailure,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  serializeMessage,
  validateResponse,
} from '../message';
import type { MessageTrace } from '../trace';
import type { ToTags, TransactionLayer } from '../transaction';
import { type Flow, responseFlow, stampReceived, type Transports } from '../transport';
import { StrangersQueue } from './strangers-queue';

/** An answer to what cannot be read goes to anybody, so it is never a gift to who forged his address. */
const AMPLIFICATION = 2;

export interface ReceiverParts {
  readonly transports: Transports;
  readonly layer: TransactionLayer;
  readonly admission: Admission;
  readonly tags: ToTags;
  readonly trace: MessageTrace;
  readonly log: Logger;
  readonly clock: Clock;
  /** What could not be read and was answered with what is owed. */
  readonly onUnreadable: (failure: ParseFailure) => void;
}

/** From datagrams to transactions: admits, parses, stamps, counts and drops. */
export class Receiver {
  readonly #parts: ReceiverParts;
  readonly #strangers: StrangersQueue;
  #malformed = 0;
  #tolerated = 0;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
    this.#strangers = new StrangersQueue(parts.clock);
  }

  /** Datagrams that were no message, or one that cannot be used. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Messages used although something in them was not as it should be. */
  get tolerated(): number {
    return this.#tolerated;
  }

  receive(bytes: Uint8Array, flow: Flow): void {
    if (!isKeepAlive(bytes)) this.#charged(() => this.#admit(bytes, flow));
  }

  close(): void {
    this.#strangers.close();
  }

  #admit(bytes: Uint8Array, flow: Flow): void {
    const verdict = this.#parts.admission.judge(bytes, flow.remote);
    if (verdict !== 'drop') this.#parts.trace.received(bytes, flow);
    switch (verdict) {
      case 'drop':
        break;
      case 'oversized':
        this.#onOversized(bytes, flow);
        break;
      case 'granted':
        this.#onGranted(bytes, flow);
        break;
      case 'call-only':
        this.#read(bytes, flow, false);
        break;
    }
  }

  /** Notes a message that parsed and is good for nothing. */
  drop(problem: string, flow?: Flow): void {
    this.#malformed++;
    this.#parts.log.debug('dropped', { problem, from: flow?.remote.address });
  }

  #onGranted(bytes: Uint8Array, flow: Flow): void {
    const read = (): void => this.#read(bytes, flow, true);
    if (!this.#isStrangersInvite(bytes, flow)) {
      read();
      return;
    }
    const hasRoom = this.#strangers.take(read, () => this.#charged(read));
    if (!hasRoom) this.#parts.admission.counters.limited++;
  }

  #isStrangersInvite(bytes: Uint8Array, flow: Flow): boolean {
    if (!isInvite(bytes) || this.#parts.admission.isProved(flow.remote)) return false;
    const callId = peekCallId(bytes);
    return callId === undefined || !this.#parts.admission.calls.has(callId);
  }

  /** What the work takes is set against what its like may take. */
  #charged(work: () => void): void {
    const begun = this.#parts.clock.now();
    work();
    this.#parts.admission.charge(this.#parts.clock.now() - begun);
  }

  /** RFC 3261 §21.5.7: its head is enough to say that the rest was too much. */
  #onOversized(bytes: Uint8Array, flow: Flow): void {
    const message = parseMessage(bytes.subarray(0, MAX_MESSAGE_BYTES));
    if (message.kind !== 'request') {
      this.drop('expected a shorter message', flow);
      return;
    }
    if (message.method === 'ACK') return;
    stampReceived(message, flow.remote);
    const response = createResponse(message, 513, { toTag: this.#parts.tags.of(message) });
    const answerTo = responseFlow(this.#parts.transports, message, flow);
    answerTo.send(serializeMessage(response), () => undefined);
  }

  #read(bytes: Uint8Array, flow: Flow, mayBegin: boolean): void {
    const message = parseMessage(bytes);
    switch (message.kind) {
      case 'failure':
        this.#onFailure(message, bytes.length, flow);
        break;
      case 'request':
        message.octets = bytes.length;
        this.#onRequest(message, flow, mayBegin);
        break;
      case 'response':
        this.#onResponse(message, flow);
        break;
    }
  }

  #onFailure(failure: ParseFailure, octets: number, flow: Flow): void {
    this.drop(failure.problem, flow);
    const answer = replyToFailure(failure, this.#parts.tags.of(failure));
    if (answer && answer.length <= AMPLIFICATION * octets) flow.send(answer, () => undefined);
    this.#parts.onUnreadable(failure);
  }

  #onRequest(request: SipRequest, flow: Flow, mayBegin: boolean): void {
    stampReceived(request, flow.remote);
    this.#parts.layer.receiveRequest(
      request,
      responseFlow(this.#parts.transports, request, flow),
      mayBegin,
    );
    this.#note(request, flow);
  }

  #onResponse(response: SipResponse, flow: Flow): void {
    response.source = flow.remote.address;
    const verdict = validateResponse(response);
    if (verdict.kind === 'accept') {
      this.#parts.layer.receiveResponse(response);
      this.#note(response, flow);
    } else this.drop(verdict.problem, flow);
  }

  /** When all has been read that somebody wanted to know. */
  #note({ liberties }: SipMessage, flow: Flow): void {
    if (liberties === 0) return;
    this.#tolerated++;
    this.#parts.log.debug('tolerated', {
      found: libertyNames(liberties).join(', '),
      from: flow.remote.address,
    });
  }
}

/** Line breaks alone keep a NAT's binding open (RFC 5626 §3.5.1); over UDP none is owed back. */
function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.length <= 4 && bytes.every((byte) => byte === 0x0d || byte === 0x0a || byte === 0);
}
