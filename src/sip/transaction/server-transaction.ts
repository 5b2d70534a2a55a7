import { ownText, type SipRequest, SipResponse, serializeMessage } from '../message';
import type { Flow, SocketAddress } from '../transport';
import type { TransactionEnvironment } from './environment';
import { InviteServerMachine } from './invite-server';
import type { ServerEffect, ServerInput, ServerMachine } from './machine';
import { NonInviteServerMachine } from './non-invite-server';
import { TimerBank } from './timer-bank';

/** What an INVITE server transaction tells the one who answers it, until the final response. */
export interface ServerTransactionUser {
  /** The caller sent CANCEL (RFC 3261 §9.2). */
  onCancel(): void;
  /** The transport could not send. */
  onFailure(detail: string): void;
}

/** What the layer does for a transaction. */
export interface ServerTransactionHost {
  /** It is to be found from now on. */
  onKept(transaction: ServerTransaction): void;
  /** It has its final response and lives on for repetitions only. */
  onAnswered(transaction: ServerTransaction): void;
  onEnd(transaction: ServerTransaction): void;
}

/** Of one transaction with its machine, timers and places in tables, measured. */
const FIXED_BYTES = 1500;

/**
 * A source that has not shown that answers reach it gets no more than twice what it sent (after RFC
 * 9000 §8.1, which allows three times): its address may be forged.
 */
const AMPLIFICATION = 2;

/**
 * A server machine with its timers and the flow its responses go to. It keeps the last response and
 * not the request: most transactions only wait for their timer.
 *
 * It begins without being kept: a final response at once, other than 2xx to INVITE, is then sent
 * and forgotten (RFC 3261 §8.2.7); who asks again is answered again, alike. `keep` makes it stateful.
 */
export class ServerTransaction {
  /** Set by whoever wants to know. */
  user: ServerTransactionUser | undefined;
  /** Where responses go. */
  readonly flow: Flow;
  /** Where the request came from, which may be another port. */
  readonly source: SocketAddress;
  readonly #environment: TransactionEnvironment;
  readonly #host: ServerTransactionHost;
  readonly #machine: ServerMachine;
  readonly #timers: TimerBank;
  readonly #isInvite: boolean;
  #stage: 'new' | 'kept' | 'over' = 'new';
  #finalStatus: number | undefined;
  #finalToTag: string | undefined;
  #lastBytes: Uint8Array | undefined;
  #received: number;
  #sent = 0;
  #charged = 0;

  constructor(
    environment: TransactionEnvironment,
    request: SipRequest,
    flow: Flow,
    host: ServerTransactionHost,
  ) {
    this.#environment = environment;
    this.flow = flow;
    this.#host = host;
    this.#isInvite = request.method === 'INVITE';
    this.source = request.source ?? flow.remote;
    // Who has a connection has heard from us: his address is not forged.
    const received = flow.reliable ? undefined : request.octets;
    this.#received = received ?? Number.POSITIVE_INFINITY;
    const Machine = this.#isInvite ? InviteServerMachine : NonInviteServerMachine;
    this.#machine = new Machine(environment.timers, flow.reliable);
    this.#timers = new TimerBank(environment.clock, (timer) =>
      this.#step({ kind: 'timer', timer }),
    );
  }

  get state(): string {
    return this.#machine.state;
  }

  /** Status of the final response, once there is one. */
  get finalStatus(): number | undefined {
    return this.#finalStatus;
  }

  /** Nothing of it is left to be found. */
  get isOver(): boolean {
    return this.#stage === 'over';
  }

  /** Nobody has answered yet. */
  get isUnanswered(): boolean {
    return this.#sent === 0;
  }

  /** From now on it answers repetitions by itself. */
  keep(): void {
    if (this.#stage !== 'new') return;
    this.#stage = 'kept';
    this.#charge(FIXED_BYTES);
    this.#host.onKept(this);
  }

  /** The request is owed nothing. */
  ignore(): void {
    if (this.#stage === 'new') this.#stage = 'over';
    else this.abandon();
  }

  respond(response: SipResponse): void {
    if (!response.isFinal) this.keep();
    else this.#noteFinal(response);
    if (this.#stage === 'new') {
      this.#answerWithoutState(response);
      return;
    }
    this.#step({ kind: 'respond', response });
    if (response.isFinal && this.#stage === 'kept') this.#host.onAnswered(this);
  }

  /**
   * A response once more that only its user can repeat: the 2xx to INVITE (RFC 3261 §13.3.1.4,
   * RFC 6026 §7.1), a reliable provisional one (RFC 3262 §3).
   */
  repeat(response: SipResponse): void {
    this.#environment.counters.retransmissions++;
    this.#step({ kind: 'respond', response });
  }

  /** The same request once more. */
  repeated(request: SipRequest): void {
    this.#received += request.octets ?? 0;
    this.#step({ kind: 'retransmission' });
  }

  /** False when this ACK is not of this transaction's final response (RFC 3261 §17.2.3). */
  acknowledged(ack: SipRequest): boolean {
    const isOurs = ack.topVia.hasRfc3261Branch || (ack.to.tag ?? '') === this.#finalToTag;
    if (isOurs) this.#step({ kind: 'ack' });
    return isOurs;
  }

  abandon(): void {
    this.#timers.clearAll();
    this.user = undefined;
    this.#lastBytes = undefined;
    if (this.#stage === 'kept') {
      this.#environment.budget.release(this.#charged);
      this.#host.onEnd(this);
    }
    this.#stage = 'over';
  }

  #noteFinal(response: SipResponse): void {
    this.#finalStatus = response.status;
    this.#finalToTag = ownText(response.to.tag ?? '');
    // Nothing is left to tell, and a session is not to be kept for that.
    this.user = undefined;
    // Repeating a 2xx is its user's affair, so somebody has to find the ACK's way.
    if (this.#isInvite && response.isSuccess) this.keep();
  }

  #answerWithoutState(response: SipResponse): void {
    this.#stage = 'over';
    const limit = AMPLIFICATION * this.#received;
    let bytes = serializeMessage(response);
    for (const fewer of [NEEDED_AND_USEFUL, NEEDED]) {
      if (bytes.length > limit) bytes = serializeMessage(withFields(response, fewer));
    }
    if (bytes.length > limit) this.#environment.counters.withheld++;
    else this.#send(bytes);
  }

  #step(input: ServerInput): void {
    for (const effect of this.#machine.step(input)) this.#perform(effect);
  }

  #perform(effect: ServerEffect): void {
    switch (effect.kind) {
      case 'send-response':
        this.#sendAndKeep(effect.response);
        break;
      case 'resend-response':
        this.#resend();
        break;
      case 'fail':
        this.#environment.counters.undelivered++;
        this.user?.onFailure(effect.detail);
        break;
      case 'set-timer':
        this.#timers.set(effect.timer, effect.delayMs);
        break;
      case 'clear-timer':
        this.#timers.clear(effect.timer);
        break;
      case 'end':
        this.abandon();
        break;
    }
  }

  #sendAndKeep(response: SipResponse): void {
    const bytes = serializeMessage(response);
    // RFC 6026 §7.1: behind a 2xx to INVITE the transaction repeats nothing.
    const isRepeatable = !this.#isInvite || !response.isSuccess;
    this.#charge((isRepeatable ? bytes.length : 0) - (this.#lastBytes?.length ?? 0));
    this.#lastBytes = isRepeatable ? bytes : undefined;
    this.#send(bytes);
  }

  #resend(): void {
    const bytes = this.#lastBytes;
    if (!bytes) return;
    const { counters, admission } = this.#environment;
    const isTooMuch = this.#sent + bytes.length > AMPLIFICATION * this.#received;
    if (isTooMuch && !admission.isProved(this.source)) {
      counters.withheld++;
      return;
    }
    counters.retransmissions++;
    this.#send(bytes);
  }

  #send(bytes: Uint8Array): void {
    this.#sent += bytes.length;
    this.flow.send(bytes, (error) =>
      this.#step({ kind: 'transport-error', detail: error.message }),
    );
  }

  #charge(bytes: number): void {
    if (this.#stage !== 'kept') return;
    this.#charged += bytes;
    this.#environment.budget.charge(bytes);
  }
}

/** What RFC 3261 §8.2.6.2 asks for, and what tells a caller how to go on. */
const NEEDED: readonly string[] = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];
const NEEDED_AND_USEFUL: readonly string[] = [
  ...NEEDED,
  'WWW-Authenticate',
  'Allow',
  'Supported',
  'Unsupported',
];

function withFields(
  { status, reason, fields }: SipResponse,
  names: readonly string[],
): SipResponse {
  const kept = fields.filter(({ name }) => names.includes(name));
  return new SipResponse(status, reason, kept);
}
