import { type SipRequest, type SipUri, serializeMessage, type Via } from '../message';
import { type Flow, localAddressOf } from '../transport';
import { createVia, leadsHere, type RequestEnvironment } from './environment';
import { OutgoingRequest } from './outgoing-request';
import type { RequestPlan } from './request-plan';

/** The ACK of a 2xx, sent again for each repetition of the 2xx (RFC 3261 §13.2.2.4). */
export interface SentAck {
  again(): void;
}

/** Without its ACK a 2xx is worth nothing: who confirms a call waits for `onSent`. */
export interface AckUser {
  onSent(): void;
  /** It can go nowhere. */
  onFailure(reason: string): void;
}

/** Sends requests and knows which of them still await their answer. */
export class RequestSender {
  readonly #environment: RequestEnvironment;
  readonly #outstanding = new Set<OutgoingRequest>();
  #onIdle: (() => void)[] = [];

  constructor(environment: RequestEnvironment) {
    this.#environment = environment;
  }

  /** Requests without a final response so far. */
  get outstanding(): number {
    return this.#outstanding.size;
  }

  send(plan: RequestPlan): OutgoingRequest {
    const request = new OutgoingRequest(this.#environment, plan, () => this.#settled(request));
    this.#outstanding.add(request);
    request.start();
    return request;
  }

  /** An ACK is no transaction: it is sent and forgotten, but for its bytes. */
  sendAck(nextHop: SipUri, build: (via: Via, flow: Flow) => SipRequest, user: AckUser): SentAck {
    const { resolver, transport, random, layer, log } = this.#environment;
    let send: (() => void) | undefined;
    const report = (problem: string): void => log.warn('ACK not sent', { problem });
    const fail = (problem: string): void => {
      report(problem);
      user.onFailure(problem);
    };
    resolver.resolve(nextHop, (result) => {
      if (result.kind === 'failure') return fail(result.reason);
      const flow = transport.flowTo(result.list[0].remote);
      try {
        if (leadsHere(flow)) return fail('that is the address of this phone itself');
        const bytes = serializeMessage(build(createVia(flow, random), flow));
        send = () => flow.send(bytes, (error) => report(error.message));
      } catch (error) {
        return fail(error instanceof Error ? error.message : String(error));
      }
      send();
      user.onSent();
    });
    return {
      again: () => {
        layer.counters.retransmissions++;
        send?.();
      },
    };
  }

  /** Where the next hop would reach us if a request went there now; undefined when none could. */
  findLocalAddress(nextHop: SipUri): Promise<string | undefined> {
    const { resolver, transport } = this.#environment;
    return new Promise((resolve) => {
      resolver.resolve(nextHop, (result) => {
        const flow =
          result.kind === 'failure' ? undefined : transport.flowTo(result.list[0].remote);
        resolve(flow && localAddressOf(flow));
      });
    });
  }

  /** Resolves when every request has its final response. */
  whenIdle(): Promise<void> {
    if (this.#outstanding.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #settled(request: OutgoingRequest): void {
    this.#outstanding.delete(request);
    if (this.#outstanding.size > 0) return;
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of waiting) resolve();
  }
}
