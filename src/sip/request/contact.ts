import { NameAddr, Params, SipUri } from '../message';
import type { Flow } from '../transport';

/**
 * Our Contact as the far end of `flow` reaches it (RFC 3261 §8.1.1.8).
 * @throws TransportException when there is no route
 */
export function contactOn(flow: Flow, user: string | undefined): NameAddr {
  const { address, port } = flow.local;
  // UDP is what a URI means that names none (§19.1.2).
  const params = flow.protocol === 'UDP' ? Params.EMPTY : Params.of({ transport: 'tcp' });
  return new NameAddr(undefined, new SipUri('sip', user, address, port, params));
}
