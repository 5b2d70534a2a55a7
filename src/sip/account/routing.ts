import { NameAddr, type Params, SipUri, sameName } from '../message';
import type { ParsedAccount } from './account';

/** Preloaded route set and first hop of a request outside a dialog, RFC 3261 §8.1.2. */
export interface Routing {
  readonly routes: readonly NameAddr[];
  readonly nextHop: SipUri;
  /** It is the account's proxy, its registrar, or what its domain resolves to. */
  readonly toAccountHop: boolean;
}

/**
 * The outbound proxy comes before everything. Without one, what belongs to the account's own domain
 * goes to its registrar, which need not live at the address that the domain resolves to.
 */
export function routingFor(account: ParsedAccount, target: SipUri): Routing {
  const { outboundProxy, registrar, aorUri } = account;
  const isOwnDomain = sameName(target.host, aorUri.host);
  const hop = outboundProxy ?? (isOwnDomain ? registrar : undefined);
  if (hop) return throughProxy(hop);
  // The domain itself: not another port of its host, nor where a parameter points to.
  const isDomain = isOwnDomain && target.port === aorUri.port && !target.params.has('maddr');
  return { routes: [], nextHop: target, toAccountHop: isDomain };
}

/** REGISTER has the registrar as its Request-URI: only a proxy is a route. */
export function routingToRegistrar(account: ParsedAccount, registrar: SipUri): Routing {
  const { outboundProxy } = account;
  if (outboundProxy) return throughProxy(outboundProxy);
  return { routes: [], nextHop: registrar, toAccountHop: true };
}

export function throughProxy(hop: SipUri): Routing {
  return {
    routes: [new NameAddr(undefined, looseRouter(hop))],
    nextHop: hop,
    toAccountHop: true,
  };
}

/** Without `lr` it would be taken for a strict router, of which RFC 2543 died out. */
function looseRouter(uri: SipUri): SipUri {
  const params: Params = uri.isLooseRouter ? uri.params : uri.params.with('lr');
  return new SipUri(uri.scheme, uri.user, uri.host, uri.port, params);
}
