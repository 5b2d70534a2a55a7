import type { Admission } from '../admission';
import {
  createResponse,
  type MessageIdentity,
  ownText,
  type SipRequest,
  type SipResponse,
} from '../message';
import type { Flow } from '../transport';
import { ClientTransaction, type ClientTransactionUser } from './client-transaction';
import type { TransactionCounters, TransactionEnvironment } from './environment';
import { clientKey, mergeKey, serverKey } from './key';
import { ServerTransaction, type ServerTransactionHost } from './server-transaction';
import type { ToTags } from './to-tags';

/** The core above the transactions (RFC 3261 §5, "transaction user"). */
export interface TransactionUser {
  /** A new request. CANCEL too; ACK never. */
  onRequest(request: SipRequest, transaction: ServerTransaction): void;
  /** An ACK that is no transaction's (RFC 3261 §17): of a 2xx, or of a refusal without state. */
  onAck(request: SipRequest): void;
  /** A response whose transaction is gone or never was (RFC 3261 §18.1.2, RFC 6026 §8.9). */
  onStrayResponse(response: SipResponse): void;
}

export interface TransactionLayerParts extends Omit<TransactionEnvironment, 'counters'> {
  readonly tags: ToTags;
  readonly user: TransactionUser;
}

/** Matches messages to transactions, makes new ones and forgets those that have ended. */
export class TransactionLayer {
  readonly counters: TransactionCounters = {
    retransmissions: 0,
    forgotten: 0,
    withheld: 0,
    undelivered: 0,
  };
  readonly #environment: TransactionEnvironment;
  readonly #tags: ToTags;
  readonly #user: TransactionUser;
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();
  /** Of `#servers` those that only wait for repetitions, the one answered longest ago first. */
  readonly #answered = new Set<ServerTransaction>();
  /** INVITE transactions outside of dialogs, by `mergeKey`. */
  readonly #unmerged = new Map<string, ServerTransaction>();

  constructor({ tags, user, ...environment }: TransactionLayerParts) {
    this.#environment = { ...environment, counters: this.counters };
    this.#tags = tags;
    this.#user = user;
  }

  get active(): number {
    return this.#clients.size + this.#servers.size;
  }

  /** Sends a request other than ACK, with its Via filled in, in a transaction of its own. */
  request(request: SipRequest, flow: Flow, user: ClientTransactionUser): ClientTransaction {
    const key = clientKey(request);
    const callId = ownText(request.callId);
    const transaction = new ClientTransaction(this.#environment, request, flow, user, () => {
      if (this.#clients.delete(key)) this.#admission.calls.release(callId);
    });
    this.#clients.set(key, transaction);
    this.#admission.calls.add(callId);
    if (beginsSomething(request)) this.#admission.trust(flow.remote);
    transaction.start();
    return transaction;
  }

  receiveResponse(response: SipResponse): void {
    const transaction = this.#clients.get(clientKey(response));
    if (transaction) transaction.step({ kind: 'response', response });
    else this.#user.onStrayResponse(response);
  }

  /**
   * `flow` is the one that responses go to (RFC 3261 §18.2.2). What was let in only for the call that
   * it names `mayBegin` nothing.
   */
  receiveRequest(request: SipRequest, flow: Flow, mayBegin: boolean): void {
    const transaction = this.#servers.get(serverKey(request));
    if (request.method === 'ACK') this.#receiveAck(request, transaction);
    else if (transaction) transaction.repeated(request);
    else if (mayBegin || isOfACall(request)) this.#create(request, flow);
    else this.#admission.counters.limited++;
  }

  /** The INVITE that a CANCEL is for, RFC 3261 §9.2. */
  findInvite(cancel: SipRequest): ServerTransaction | undefined {
    return this.#servers.get(serverKey(cancel, 'INVITE')) ?? this.findRinging(cancel);
  }

  /**
   * The unanswered INVITE of that caller, call and sequence number, of which there is one at most:
   * phones behind a changing address, and some at all times, give their CANCEL another Via.
   */
  findRinging(cancel: MessageIdentity): ServerTransaction | undefined {
    const invite = this.#unmerged.get(mergeKey(cancel, 'INVITE'));
    return invite?.state === 'proceeding' ? invite : undefined;
  }

  /**
   * Forgets transactions until `bytes` more fit: the one answered longest ago goes first, one that awaits its answer never. A busy
   * exchange makes more calls in half a minute than there is room to remember.
   */
  makeRoomFor(bytes: number): void {
    for (const transaction of this.#answered) {
      if (this.#environment.budget.hasRoomFor(bytes)) return;
      this.counters.forgotten++;
      transaction.abandon();
    }
  }

  /** Forgets everything without a word to anyone. */
  close(): void {
    for (const transaction of [...this.#clients.values()]) transaction.abandon();
    for (const transaction of [...this.#servers.values()]) transaction.abandon();
  }

  get #admission(): Admission {
    return this.#environment.admission;
  }

  #receiveAck(ack: SipRequest, transaction: ServerTransaction | undefined): void {
    // Elements that give the ACK of a 2xx the branch of its INVITE must not lose it here.
    if (!transaction || transaction.state === 'accepted') this.#user.onAck(ack);
    else if (!transaction.acknowledged(ack)) this.#user.onAck(ack);
    else if (ack.to.tag === this.#tags.of(ack) && ack.source) this.#admission.prove(ack.source);
  }

  #create(request: SipRequest, flow: Flow): void {
    // RFC 3261 §8.2.2.2 applies to requests without To tag; any but INVITE is answered without state.
    const canMerge = request.to.tag === undefined && request.method === 'INVITE';
    const identity = canMerge ? ownText(mergeKey(request, request.method)) : undefined;
    const isMerged = identity !== undefined && this.#unmerged.has(identity);
    const host = this.#hostOf(request, identity);
    const transaction = new ServerTransaction(this.#environment, request, flow, host);
    if (isMerged || (canMerge && this.#hasLooped(request))) {
      transaction.respond(createResponse(request, 482, { toTag: this.#tags.of(request) }));
      return;
    }
    this.#user.onRequest(request, transaction);
    // Who has not answered by now will do so later.
    transaction.keep();
  }

  /** An INVITE of ours that proxies brought back to us: it has been here before (RFC 3261 §16.3). */
  #hasLooped({ method, vias }: SipRequest): boolean {
    return vias.some(
      ({ branch }) => branch !== undefined && this.#clients.has(`${method} ${branch}`),
    );
  }

  /** Strings are copied: what is kept for long must not keep the datagram that it stood in. */
  #hostOf(request: SipRequest, identity: string | undefined): ServerTransactionHost {
    const key = ownText(serverKey(request));
    const callId = ownText(request.callId);
    return {
      onKept: (transaction) => {
        this.#servers.set(key, transaction);
        this.#admission.calls.add(callId);
        if (identity !== undefined) this.#unmerged.set(identity, transaction);
        this.makeRoomFor(0);
      },
      onAnswered: (transaction) => this.#answered.add(transaction),
      onEnd: (transaction) => {
        this.#servers.delete(key);
        this.#answered.delete(transaction);
        this.#admission.calls.release(callId);
        if (identity !== undefined) this.#unmerged.delete(identity);
      },
    };
  }
}

function isOfACall({ method, to }: SipRequest): boolean {
  return method === 'CANCEL' || to.tag !== undefined;
}

/** Requests by which we turn to somebody, rather than answer in a call that he may have begun. */
function beginsSomething({ method, to }: SipRequest): boolean {
  return method === 'REGISTER' || (method === 'INVITE' && to.tag === undefined);
}
