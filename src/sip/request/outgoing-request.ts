import { isThisMachine, type Timer } from '../../platform';
import { type Challenger, challengerOf } from '../auth';
import { type SipRequest, type SipResponse, serializeMessage } from '../message';
import type { Destinations, ResolveFailure } from '../resolve';
import {
  type ClientTransaction,
  createCancel,
  type TransactionFailure,
  transactionTimeout,
} from '../transaction';
import { type Destination, type Flow, TransportException } from '../transport';
import { createVia, leadsHere, type RequestEnvironment } from './environment';
import { RequestException, type RequestFailure, type RequestPlan } from './request-plan';

/** How often one request is sent with credentials for servers, and with some for proxies. */
const MAX_TRIES = 2;
const NO_TRIES: Readonly<Record<Challenger, number>> = { server: 0, proxy: 0 };

/** RFC 3261 §18.1.1, where the path's MTU is not known: larger requests go by TCP, if it is spoken. */
const LARGE_REQUEST_BYTES = 1300;

/**
 * One request from its plan to its final response, RFC 3261 §8.1: next hop and the ones after it,
 * Via, transaction, credentials when asked for, CANCEL when wanted. The plan's user is never called
 * from within `start`.
 */
export class OutgoingRequest {
  readonly #environment: RequestEnvironment;
  readonly #plan: RequestPlan;
  readonly #onSettled: () => void;
  #tries: Record<Challenger, number> = { ...NO_TRIES };
  #transaction: ClientTransaction | undefined;
  /** Where to go when the present destination does not serve, RFC 3263 §4.3. */
  #alternatives: readonly Destination[] = [];
  /** It was too large for UDP, and TCP has been tried. */
  #hasGrown = false;
  #isProceeding = false;
  #isSettled = false;
  #cancelState: 'none' | 'wanted' | 'sent' = 'none';
  #cancelTimer: Timer | undefined;
  /** Of one destination in the plan's patience. */
  #shareMs: number | undefined;
  #patience: Timer | undefined;
  #repeating: Timer | undefined;

  /** `onSettled`: a final response or failure has come. */
  constructor(environment: RequestEnvironment, plan: RequestPlan, onSettled: () => void) {
    this.#environment = environment;
    this.#plan = plan;
    this.#onSettled = onSettled;
  }

  start(): void {
    const { nextHop, heardFrom } = this.#plan;
    const onResolved = (result: Destinations | ResolveFailure): void => {
      if (result.kind === 'failure') this.#failLater(503, 'unsent', result.reason);
      else this.#begin(result);
    };
    this.#environment.resolver.resolve(nextHop, onResolved, heardFrom);
  }

  /** RFC 3261 §9.1: a CANCEL goes out once a provisional response has come, and not before. */
  cancel(): void {
    if (this.#isSettled || this.#cancelState !== 'none') return;
    this.#cancelState = 'wanted';
    if (this.#isProceeding) this.#sendCancel();
  }

  /** Forgets the request; its user hears no more of it. */
  abandon(): void {
    this.#transaction?.abandon();
    this.#settle();
  }

  #begin({ list: [first, ...others] }: Destinations): void {
    const { digest, toAccountHop, patienceMs } = this.#plan;
    if (patienceMs && others.length > 0) this.#shareMs = patienceMs / (1 + others.length);
    if (toAccountHop) digest.addHops([first, ...others].map(({ remote }) => remote));
    this.#alternatives = others;
    this.#attempt(first);
  }

  #attempt(destination: Destination): void {
    if (this.#isSettled) return;
    if (this.#cancelState === 'wanted') {
      this.#failLater(487, 'response', 'cancelled before it was sent');
      return;
    }
    const { transports, layer, random } = this.#environment;
    const flow = transports.flowTo(destination);
    try {
      const objection = this.#objectionTo(flow);
      if (objection !== undefined) {
        if (this.#goOn(destination)) return;
        throw new RequestException(482, objection);
      }
      const ready = this.#plan.ready?.(flow);
      if (ready) {
        void ready.then(() => this.#attempt(destination));
        return;
      }
      const request = this.#plan.build(createVia(flow, random), flow);
      this.#authorize(request, flow);
      if (this.#isTooLarge(request, destination)) {
        this.#attemptByTcp(destination);
        return;
      }
      this.#transaction = layer.request(request, flow, {
        onResponse: (response) => this.#onResponse(response, request, flow, destination),
        onFailure: (failure, detail) => this.#onTransactionFailure(failure, detail, destination),
      });
      this.#limitPatience(destination);
      this.#limitRepeats();
    } catch (error) {
      this.#cannotSend(error, destination);
    }
  }

  /** Where it leads shows only now, names having been looked up. */
  #objectionTo(flow: Flow): string | undefined {
    if (leadsHere(flow)) return 'that is the address of this phone itself';
    const isStray = this.#plan.isNamedByStrangers && isThisMachine(flow.remote.address);
    return isStray ? 'that is this machine' : undefined;
  }

  #limitPatience(destination: Destination): void {
    this.#patience?.cancel();
    if (this.#shareMs === undefined) return;
    this.#patience = this.#environment.clock.setTimer(this.#shareMs, () => {
      if (this.#isProceeding || !this.#transaction) return;
      this.#transaction.flow.abandon();
      this.#transaction.abandon();
      this.#onTransactionFailure('timeout', 'no answer', destination);
    });
  }

  #limitRepeats(): void {
    const { repeatsForMs } = this.#plan;
    this.#repeating?.cancel();
    if (repeatsForMs === undefined) return;
    this.#repeating = this.#environment.clock.setTimer(repeatsForMs, () =>
      this.#transaction?.stopRepeating(),
    );
  }

  /** A URI that asks for UDP by name gets it. */
  #isTooLarge(request: SipRequest, { protocol, remote }: Destination): boolean {
    const { transports, resolver } = this.#environment;
    if (protocol !== 'UDP' || !transports.has('TCP') || this.#hasGrown) return false;
    if (this.#plan.nextHop.transport === 'udp') return false;
    if (resolver.failures.has({ protocol: 'TCP', remote })) return false;
    return serializeMessage(request).length > LARGE_REQUEST_BYTES;
  }

  /** §18.1.1; and by UDP after all where nobody takes the connection. */
  #attemptByTcp(byUdp: Destination): void {
    this.#hasGrown = true;
    this.#alternatives = [byUdp, ...this.#alternatives];
    this.#attempt({ protocol: 'TCP', remote: byUdp.remote });
  }

  #cannotSend(error: unknown, destination: Destination): void {
    if (error instanceof TransportException) {
      if (this.#goOn(destination)) return;
      this.#failLater(503, 'unsent', error.message);
    } else if (error instanceof RequestException) {
      this.#failLater(error.status, 'unsent', error.message);
    } else {
      this.#environment.log.error('request could not be built', { error: String(error) });
      this.#failLater(500, 'unsent', 'the request could not be built');
    }
  }

  #authorize(request: SipRequest, { remote }: Flow): void {
    const asked = new Set<Challenger>();
    for (const one of this.#plan.digest.authorizations(request, remote)) {
      request.append(one.header, one.value);
      asked.add(one.challenger);
    }
    for (const challenger of asked) this.#tries[challenger]++;
  }

  #onResponse(response: SipResponse, request: SipRequest, flow: Flow, to: Destination): void {
    if (response.status < 200) {
      this.#onProvisional(response, request, flow);
      return;
    }
    if (response.status === 401 || response.status === 407) {
      this.#onChallenge(response, request, to);
      return;
    }
    // RFC 3261 §8.1.3.1 and RFC 3263 §4.3: 503 speaks for one address of several.
    if (response.status === 503 && this.#goOn(to, response.retryAfter)) return;
    if (response.status !== 503) this.#environment.resolver.failures.forget(to);
    const objection = this.#plan.digest.accepted(response);
    if (objection !== undefined) this.#failWith(response, objection);
    else if (response.isSuccess) {
      this.#settle();
      this.#plan.user.onSuccess(response, request, flow);
    } else this.#failWith(response, response.reason);
  }

  #onProvisional(response: SipResponse, request: SipRequest, flow: Flow): void {
    this.#isProceeding = true;
    if (this.#cancelState === 'wanted') this.#sendCancel();
    if (response.status > 100 && !this.#isSettled)
      this.#plan.user.onProvisional?.(response, request, flow);
  }

  /** RFC 3261 §22.2, §22.3. */
  #onChallenge(response: SipResponse, request: SipRequest, destination: Destination): void {
    const outcome = this.#plan.digest.challenged(request, response, destination.remote);
    if (!outcome.retry) this.#failWith(response, outcome.reason);
    else if (this.#tries[challengerOf(response)] >= MAX_TRIES) {
      this.#failWith(response, 'challenged without end');
    } else if (this.#cancelState !== 'none') this.#failWith(response, response.reason);
    else {
      this.#isProceeding = false;
      this.#attempt(destination);
    }
  }

  #onTransactionFailure(failure: TransactionFailure, detail: string, to: Destination): void {
    if (this.#goOn(to)) return;
    this.#fail({
      status: failure === 'timeout' ? 408 : 503,
      reason: failure === 'timeout' ? 'no answer' : detail,
      // A datagram that could not be sent has not been refused by anybody.
      cause: failure === 'transport' && to.protocol === 'UDP' ? 'unsent' : failure,
      response: undefined,
    });
  }

  /** RFC 3263 §4.3: on to the next destination; false when there is none, or none is wanted. */
  #goOn(failed: Destination, retryAfterS?: number): boolean {
    // What was to be encrypted is not sent in the clear because that failed.
    const [next, ...others] = this.#alternatives.filter(
      ({ protocol }) => failed.protocol !== 'TLS' || protocol === 'TLS',
    );
    if (!next || this.#isSettled || this.#cancelState !== 'none') return false;
    const { resolver, log } = this.#environment;
    resolver.failures.add(failed, retryAfterS === undefined ? undefined : retryAfterS * 1000);
    log.info('address does not serve', {
      address: `${failed.protocol} ${failed.remote.address}`,
      next: `${next.protocol} ${next.remote.address}`,
    });
    this.#alternatives = others;
    this.#isProceeding = false;
    // Of a server's nonces the next one may know nothing: to each its own tries.
    this.#tries = { ...NO_TRIES };
    this.#attempt(next);
    return true;
  }

  #sendCancel(): void {
    const invite = this.#transaction;
    if (!invite) return;
    this.#cancelState = 'sent';
    const { layer, clock, timers } = this.#environment;
    layer.request(createCancel(invite.request), invite.flow, {
      onResponse: () => undefined,
      onFailure: () => undefined,
    });
    // §9.1: without a final response in 64*T1 the request counts as cancelled.
    this.#cancelTimer = clock.setTimer(transactionTimeout(timers), () => {
      invite.abandon();
      this.#fail({
        status: 408,
        reason: 'no answer to CANCEL',
        cause: 'timeout',
        response: undefined,
      });
    });
  }

  #failWith(response: SipResponse, reason: string): void {
    this.#fail({ status: response.status, reason, cause: 'response', response });
  }

  #failLater(status: number, cause: RequestFailure['cause'], reason: string): void {
    this.#environment.clock.setTimer(0, () =>
      this.#fail({ status, reason, cause, response: undefined }),
    );
  }

  #fail(failure: RequestFailure): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#plan.user.onFailure(failure);
  }

  #settle(): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#cancelTimer?.cancel();
    this.#patience?.cancel();
    this.#repeating?.cancel();
    this.#onSettled();
  }
}
