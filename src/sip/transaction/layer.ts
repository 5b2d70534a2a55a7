import type { Clock } from '../../platform';
import { createResponse, type SipRequest, type SipResponse, serializeMessage } from '../message';
import type { Flow } from '../transport';
import { ClientTransaction, type ClientTransactionUser } from './client-transaction';
import type { TransactionCounters, TransactionEnvironment } from './environment';
import { clientKey, mergeKey, serverKey } from './key';
import { ServerTransaction } from './server-transaction';
import type { TimerSet } from './timers';

/** The core above the transactions (RFC 3261 §5, "transaction user"). */
export interface TransactionUser {
  /** A new request. CANCEL too; ACK never. */
  onRequest(request: SipRequest, transaction: ServerTransaction): void;
  /** The ACK of a 2xx, which is no transaction's (RFC 3261 §17). */
  onAck(request: SipRequest): void;
  /** A response whose transaction is gone or never was (RFC 3261 §18.1.2, RFC 6026 §8.9). */
  onStrayResponse(response: SipResponse): void;
}

/** Seconds named in the 503 of a full table. */
const RETRY_AFTER_S = 5;

/** Matches messages to transactions, makes new ones and forgets those that have ended. */
export class TransactionLayer {
  readonly counters: TransactionCounters = { retransmissions: 0, refused: 0 };
  readonly #environment: TransactionEnvironment;
  readonly #user: TransactionUser;
  readonly #maxServers: number;
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();
  /** Transactions of requests outside a dialog, by `mergeKey`. */
  readonly #unmerged = new Map<string, ServerTransaction>();

  /** `maxServers`: requests in progress or remembered; further ones are refused with 503. */
  constructor(clock: Clock, timers: TimerSet, maxServers: number, user: TransactionUser) {
    this.#environment = { clock, timers, counters: this.counters };
    this.#maxServers = maxServers;
    this.#user = user;
  }

  get active(): number {
    return this.#clients.size + this.#servers.size;
  }

  /** Sends a request other than ACK, with its Via filled in, in a transaction of its own. */
  request(request: SipRequest, flow: Flow, user: ClientTransactionUser): ClientTransaction {
    const key = clientKey(request);
    const transaction = new ClientTransaction(this.#environment, request, flow, user, () =>
      this.#clients.delete(key),
    );
    this.#clients.set(key, transaction);
    transaction.step({ kind: 'start' });
    return transaction;
  }

  receiveResponse(response: SipResponse): void {
    const transaction = this.#clients.get(clientKey(response));
    if (transaction) transaction.step({ kind: 'response', response });
    else this.#user.onStrayResponse(response);
  }

  /** `flow` is the one that responses go to (RFC 3261 §18.2.2). */
  receiveRequest(request: SipRequest, flow: Flow): void {
    const transaction = this.#servers.get(serverKey(request));
    if (request.method === 'ACK') this.#receiveAck(request, transaction);
    else if (transaction) transaction.repeated();
    else if (this.#servers.size >= this.#maxServers) this.#refuse(request, flow);
    else this.#create(request, flow);
  }

  /** The INVITE that a CANCEL is for, RFC 3261 §9.2. */
  findInvite(cancel: SipRequest): ServerTransaction | undefined {
    return this.#servers.get(serverKey(cancel, 'INVITE'));
  }

  /** Forgets everything without a word to anyone. */
  close(): void {
    for (const transaction of [...this.#clients.values()]) transaction.abandon();
    for (const transaction of [...this.#servers.values()]) transaction.abandon();
  }

  #receiveAck(ack: SipRequest, transaction: ServerTransaction | undefined): void {
    // Elements that give the ACK of a 2xx the branch of its INVITE must not lose it here.
    if (!transaction || transaction.state === 'accepted') this.#user.onAck(ack);
    else if (!transaction.acknowledged(ack)) this.#user.onAck(ack);
  }

  #create(request: SipRequest, flow: Flow): void {
    const key = serverKey(request);
    // RFC 3261 §8.2.2.2 applies to requests without To tag; a CANCEL has its INVITE's identity.
    const canMerge = request.to.tag === undefined && request.method !== 'CANCEL';
    const identity = canMerge ? mergeKey(request) : undefined;
    const isMerged = identity !== undefined && this.#unmerged.has(identity);
    const transaction = new ServerTransaction(this.#environment, request, flow, () => {
      this.#servers.delete(key);
      if (identity !== undefined && !isMerged) this.#unmerged.delete(identity);
    });
    this.#servers.set(key, transaction);
    if (isMerged) {
      transaction.respond(createResponse(request, 482, { toTag: 'merged' }));
      return;
    }
    if (identity !== undefined) this.#unmerged.set(identity, transaction);
    this.#user.onRequest(request, transaction);
  }

  /** Without state, since state is what there is no room for (RFC 3261 §8.2.7). */
  #refuse(request: SipRequest, flow: Flow): void {
    this.counters.refused++;
    const response = createResponse(request, 503, {
      toTag: 'overload',
      headers: [['Retry-After', RETRY_AFTER_S]],
    });
    flow.send(serializeMessage(response), () => undefined);
  }
}
