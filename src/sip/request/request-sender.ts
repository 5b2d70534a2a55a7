import { serializeMessage } from '../message';
import type { Destinations, ResolveFailure } from '../resolve';
import { type Flow, localAddressOf } from '../transport';
import { createVia, leadsHere, type RequestEnvironment } from './environment';
import { OutgoingRequest } from './outgoing-request';
import { RequestException, type RequestPlan } from './request-plan';

/** The ACK of a 2xx to be sent. */
export type AckPlan = Pick<RequestPlan, 'nextHop' | 'heardFrom' | 'build'>;

/** One of the ways that an ACK can go; the same octets each time. */
interface AckWay {
  readonly flow: Flow;
  bytes(): Uint8Array;
}

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

  /** An ACK is no transaction: it is sent and forgotten, but for the ways that it can go. */
  sendAck(plan: AckPlan, user: AckUser): SentAck {
    const { resolver, layer, log } = this.#environment;
    let ways: readonly AckWay[] = [];
    const send = (): void => {
      const [way] = ways;
      way?.flow.send(way.bytes(), ({ message }) => log.warn('ACK not sent', { problem: message }));
    };
    const onResolved = (result: Destinations | ResolveFailure): void => {
      try {
        if (result.kind === 'failure') throw new RequestException(503, result.reason);
        ways = this.#waysOf(result, plan);
        send();
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        log.warn('ACK not sent', { problem });
        user.onFailure(problem);
        return;
      }
      user.onSent();
    };
    resolver.resolve(plan.nextHop, onResolved, plan.heardFrom);
    let repetitions = 0;
    return {
      again: () => {
        layer.counters.retransmissions++;
        // The first may have crossed the 2xx; a third 2xx says that this way leads nowhere.
        if (++repetitions > 1) ways = [...ways.slice(1), ...ways.slice(0, 1)];
        if (ways.length > 0) send();
      },
    };
  }

  /** Where the next hop would reach us if a request went there now; undefined when none could. */
  findLocalAddress({
    nextHop,
    heardFrom,
  }: Pick<RequestPlan, 'nextHop' | 'heardFrom'>): Promise<string | undefined> {
    const { resolver, transports } = this.#environment;
    return new Promise((resolve) => {
      const onResolved = (result: Destinations | ResolveFailure): void => {
        const flow = result.kind === 'failure' ? undefined : transports.flowTo(result.list[0]);
        resolve(flow && localAddressOf(flow));
      };
      resolver.resolve(nextHop, onResolved, heardFrom);
    });
  }

  /** @throws RequestException when all of them lead to ourselves, TransportException without a route */
  #waysOf({ list }: Destinations, { build }: AckPlan): AckWay[] {
    const { transports, random } = this.#environment;
    const flows = list.map((one) => transports.flowTo(one)).filter((flow) => !leadsHere(flow));
    if (flows.length === 0) {
      throw new RequestException(482, 'that is the address of this phone itself');
    }
    return flows.map((flow) => {
      let bytes: Uint8Array | undefined;
      return {
        flow,
        bytes: () => (bytes ??= serializeMessage(build(createVia(flow, random), flow))),
      };
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
