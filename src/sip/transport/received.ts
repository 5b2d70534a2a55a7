import type { SipRequest } from '../message';
import type { Flow, SocketAddress, Transport } from './flow';

/** Port of a Via without one, RFC 3261 §18.2.2. */
export const DEFAULT_SIP_PORT = 5060;

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
 * The flow that responses to a stamped request take, RFC 3261 §18.2.2: back over the connection,
 * or to the source address and, unless `rport` asks for the source port, to the port of the Via.
 * `maddr` is not followed: a forged one would direct our responses at a third party.
 */
export function responseFlow(transport: Transport, request: SipRequest, flow: Flow): Flow {
  const via = request.topVia;
  const port = via.port ?? DEFAULT_SIP_PORT;
  if (flow.reliable || via.wantsRport || port === flow.remote.port) return flow;
  return transport.flowTo({ address: flow.remote.address, port });
}
