import { NameAddr, Params, SipUri } from '../message';
import { type Flow, TransportException } from '../transport';

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

/** The same for an answer: the network may go while the peer asks, and one without Contact is better than none. */
export function contactPart(
  flow: Flow,
  user: string | undefined,
): { readonly contact: NameAddr } | Record<string, never> {
  try {
    return { contact: contactOn(flow, user) };
  } catch (error) {
    if (!(error instanceof TransportException)) throw error;
    return {};
  }
}
