import { NameAddr, type Params, SipUri, sameName, sameUri } from '../message';
import type { ParsedAccount } from './account';
import type { AccountFlow, KnownAs } from './grant';

/** Preloaded route set and first hop of a request outside a dialog, RFC 3261 §8.1.2. */
export interface Routing {
  readonly routes: readonly NameAddr[];
  readonly nextHop: SipUri;
  /** It is the account's proxy, its registrar, or what its domain resolves to. */
  readonly toAccountHop: boolean;
}

/** Without a way of its own, what belongs to the account's domain goes to its registrar, which need not live at the address that the domain resolves to. */
export function routingFor(account: ParsedAccount, target: SipUri): Routing {
  const { registrar, aorUri } = account;
  const isOwnDomain = sameName(target.host, aorUri.host);
  const way = wayOf(account);
  if (way) return way;
  if (registrar && isOwnDomain) return throughAll(registrar, []);
  // The domain itself: not another port of its host, nor where a parameter points to.
  const isDomain = isOwnDomain && target.port === aorUri.port && !target.params.has('maddr');
  return { routes: [], nextHop: target, toAccountHop: isDomain };
}

/** What is for the account's servers to find: without a way of its own by `server`. */
export function routingThrough(account: ParsedAccount, server: SipUri): Routing {
  return wayOf(account) ?? throughAll(server, []);
}

/** To a server of others as a route, behind the account's own way, if it has one. */
export function routingTo(account: ParsedAccount, server: SipUri): Routing {
  const way = wayOf(account);
  const route = new NameAddr(undefined, looseRouter(server));
  if (way) return { ...way, routes: [...way.routes, route] };
  return { routes: [route], nextHop: server, toAccountHop: false };
}

/** REGISTER has the registrar as its Request-URI: only a proxy is a route. */
export function routingToRegistrar(registrar: SipUri, edge: SipUri | undefined): Routing {
  return edge ? throughAll(edge, []) : { routes: [], nextHop: registrar, toAccountHop: true };
}

/** The Contact of what goes, or has come, by the account's own way; `user` is what it says otherwise. */
export function knownAs(
  account: ParsedAccount,
  user: string | undefined,
  isAnonymous = false,
): KnownAs {
  const grant = presentFlow(account)?.grant;
  if (!grant) return { user };
  const { publicGruu, temporaryGruu, isOutbound } = grant;
  // RFC 5627 §4.4.
  return { user, gruu: isAnonymous ? temporaryGruu : publicGruu, isOutbound };
}

/**
 * The outbound proxy comes before everything: of several the first by which the account is registered. Then comes what the
 * registrar said (RFC 3608 §5).
 */
function wayOf(account: ParsedAccount): Routing | undefined {
  const flow = presentFlow(account);
  const edge = flow ? flow.edge : account.edges[0];
  const serviceRoute = flow?.grant?.serviceRoute ?? [];
  const hop = edge ?? serviceRoute[0]?.uri;
  return hop?.kind === 'sip' ? throughAll(hop, serviceRoute) : undefined;
}

/** The first that is up, or else the first whose binding has not run out. */
function presentFlow({ flows }: ParsedAccount): AccountFlow | undefined {
  const bound = flows.filter(({ grant }) => grant);
  return bound.find(({ isUp }) => isUp) ?? bound[0];
}

function throughAll(hop: SipUri, others: readonly NameAddr[]): Routing {
  const route = looseRouter(hop);
  const [first] = others;
  const isNamedTwice = first?.uri.kind === 'sip' && sameUri(looseRouter(first.uri), route);
  const routes = [new NameAddr(undefined, route), ...others.slice(isNamedTwice ? 1 : 0)];
  return { routes, nextHop: hop, toAccountHop: true };
}

/** Without `lr` it would be taken for a strict router, of which RFC 2543 died out. */
function looseRouter(uri: SipUri): SipUri {
  const params: Params = uri.isLooseRouter ? uri.params : uri.params.with('lr');
  return new SipUri(uri.scheme, uri.user, uri.host, uri.port, params);
}
