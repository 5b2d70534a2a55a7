import type { SipRequest } from '../message';
import {
  type Destination,
  defaultPort,
  type Flow,
  type SocketAddress,
  type TransportException,
} from './flow';
import { PassingFlow } from './passing-flow';

/** Notes where a request really came from, in its topmost Via too: RFC 3261 §18.2.1, RFC 3581 §4. */
export function stampReceived(request: SipRequest, { address, port }: SocketAddress): void {
  request.source = { address, port };
  const via = request.topVia;
  if (via.wantsRport) {
    const stamped = via.withParam('received', address).withParam('rport', String(port));
    request.replaceTopVia(stamped);
  } else if (via.host !== address) {
    request.replaceTopVia(via.withParam('received', address));
  }
}

/**
 * The flow that responses to a stamped request take, RFC 3261 §18.2.2: back over the connection, or
 * to the source address and, unless `rport` asks for the source port, to the port of the Via.
 * `maddr` is not followed: a forged one would direct our responses at a third party.
 */
export function responseFlow(transports: FlowMaker, request: SipRequest, flow: Flow): Flow {
  const via = request.topVia;
  const port = via.port ?? defaultPort(flow.protocol);
  const { address } = flow.remote;
  if (!flow.reliable && (via.wantsRport || port === flow.remote.port)) return flow;
  const sentBy = transports.flowTo({ protocol: flow.protocol, remote: { address, port } });
  return flow.reliable ? new ReturnFlow(flow, sentBy) : sentBy;
}

/** What makes flows. */
export interface FlowMaker {
  flowTo(destination: Destination): Flow;
}

/** Back over the connection that a request came by and, when it has closed, to the Via's port. */
class ReturnFlow extends PassingFlow {
  readonly #sentBy: Flow;

  constructor(flow: Flow, sentBy: Flow) {
    super(flow);
    this.#sentBy = sentBy;
  }

  send(bytes: Uint8Array, onError: (error: TransportException) => void): void {
    (this.flow.isOpen ? this.flow : this.#sentBy).send(bytes, onError);
  }
}
