import { NameAddr, Params, SipUri } from '../message';
import { type Flow, TransportException } from '../transport';

/** `sips` where the request that is answered or made has it: §8.1.1.8, §12.1.1. */
export type Scheme = SipUri['scheme'];

/**
 * Our Contact as the far end of `flow` reaches it (RFC 3261 §8.1.1.8).
 * @throws TransportException when there is no route
 */
export function contactOn(flow: Flow, user: string | undefined, scheme: Scheme = 'sip'): NameAddr {
  const { address, port } = flow.local;
  return new NameAddr(undefined, new SipUri(scheme, user, address, port, paramsOf(flow, scheme)));
}

/** UDP is what a URI means that names none (§19.1.2), and TLS what `sips` means (§26.2.2). */
function paramsOf({ protocol }: Flow, scheme: Scheme): Params {
  if (protocol === 'UDP' || scheme === 'sips') return Params.EMPTY;
  return Params.of({ transport: protocol.toLowerCase() });
}

/** The same for an answer: the network may go while the peer asks, and one without Contact is better than none. */
export function contactPart(
  flow: Flow,
  user: string | undefined,
  scheme?: Scheme,
): { readonly contact: NameAddr } | Record<string, never> {
  try {
    return { contact: contactOn(flow, user, scheme) };
  } catch (error) {
    if (!(error instanceof TransportException)) throw error;
    return {};
  }
}
