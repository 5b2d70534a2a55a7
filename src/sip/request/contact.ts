import type { KnownAs } from '../account';
import { NameAddr, Params, SipUri } from '../message';
import { type Flow, TransportException } from '../transport';

/** `sips` where the request that is answered or made has it: §8.1.1.8, §12.1.1. */
export type Scheme = SipUri['scheme'];

/** A user at this machine's address, or who the account's registrar knows us as. */
export type ContactUser = string | undefined | KnownAs;

/**
 * Our Contact as the far end of `flow` reaches it (RFC 3261 §8.1.1.8).
 * @throws TransportException when there is no route
 */
export function contactOn(flow: Flow, name: ContactUser, scheme: Scheme = 'sip'): NameAddr {
  const { user, gruu, isOutbound }: KnownAs = typeof name === 'object' ? name : { user: name };
  if (gruu?.scheme === scheme) return new NameAddr(undefined, gruu);
  const { address, port } = flow.local;
  const params = paramsOf(flow, scheme);
  // RFC 5626 §4.3.
  const all = isOutbound ? params.with('ob') : params;
  return new NameAddr(undefined, new SipUri(scheme, user, address, port, all));
}

/** UDP is what a URI means that names none (§19.1.2), and TLS what `sips` means (§26.2.2). */
function paramsOf({ protocol }: Flow, scheme: Scheme): Params {
  if (protocol === 'UDP' || scheme === 'sips') return Params.EMPTY;
  return Params.of({ transport: protocol.toLowerCase() });
}

/** The same for an answer: the network may go while the peer asks, and one without Contact is better than none. */
export function contactPart(
  flow: Flow,
  user: ContactUser,
  scheme?: Scheme,
): { readonly contact: NameAddr } | Record<string, never> {
  try {
    return { contact: contactOn(flow, user, scheme) };
  } catch (error) {
    if (!(error instanceof TransportException)) throw error;
    return {};
  }
}
