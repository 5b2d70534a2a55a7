import type { Credentials } from '../auth';
import { NameAddr, type Params, parseSipUri, SipUri } from '../message';
import type { SipAccount } from '../session-api';

/** An account with its URIs read. */
export interface ParsedAccount {
  /** Address of record, RFC 3261 §10. */
  readonly aor: NameAddr;
  readonly aorUri: SipUri;
  readonly registrar: SipUri | undefined;
  readonly outboundProxy: SipUri | undefined;
  readonly credentials: Credentials | undefined;
  readonly expires: number;
}

/** Route set and first hop of a request outside a dialog, RFC 3261 §8.1.2. */
export interface Routing {
  readonly routes: readonly NameAddr[];
  readonly nextHop: SipUri;
}

/** Seconds to register for unless the account says otherwise. */
const DEFAULT_EXPIRES_S = 300;

/** @throws UriException */
export function parseAccount(account: SipAccount): ParsedAccount {
  const aorUri = parseSipUri(account.uri);
  const { registrar, outboundProxy, password } = account;
  const username = account.username ?? aorUri.userText ?? '';
  return {
    aor: new NameAddr(account.displayName, aorUri),
    aorUri,
    registrar: registrar === undefined ? undefined : serverUri(parseSipUri(registrar)),
    outboundProxy: outboundProxy === undefined ? undefined : parseSipUri(outboundProxy),
    credentials: password === undefined ? undefined : { username, password },
    expires: account.expires ?? DEFAULT_EXPIRES_S,
  };
}

/**
 * The outbound proxy comes before everything. Without one, what belongs to the account's own domain
 * goes to its registrar, which need not live at the address that the domain resolves to.
 */
export function routingFor(account: ParsedAccount, target: SipUri): Routing {
  const { outboundProxy, registrar, aorUri } = account;
  const isOwnDomain = target.host.toLowerCase() === aorUri.host.toLowerCase();
  const hop = outboundProxy ?? (isOwnDomain ? registrar : undefined);
  if (!hop) return { routes: [], nextHop: target };
  return { routes: [new NameAddr(undefined, looseRouter(hop))], nextHop: hop };
}

/** REGISTER has the registrar as its Request-URI: only a proxy is a route. */
export function routingToRegistrar(account: ParsedAccount, registrar: SipUri): Routing {
  const { outboundProxy } = account;
  if (!outboundProxy) return { routes: [], nextHop: registrar };
  return { routes: [new NameAddr(undefined, looseRouter(outboundProxy))], nextHop: outboundProxy };
}

/** RFC 3261 §10.2: the Request-URI of REGISTER names a domain, no user. */
export function serverUri(uri: SipUri): SipUri {
  return new SipUri(uri.scheme, undefined, uri.host, uri.port, uri.params);
}

/** Without `lr` it would be taken for a strict router, of which RFC 2543 died out. */
function looseRouter(uri: SipUri): SipUri {
  const params: Params = uri.isLooseRouter ? uri.params : uri.params.with('lr');
  return new SipUri(uri.scheme, uri.user, uri.host, uri.port, params);
}
