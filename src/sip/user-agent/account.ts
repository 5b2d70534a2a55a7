import { AccountCredentials } from '../auth';
import type { Routing } from '../dialog';
import { NameAddr, type Params, parseSipUri, type SipRequest, SipUri, sameName } from '../message';
import type { SipAccount } from '../session-api';
import type { SocketAddress } from '../transport';

/** An account with its URIs read. */
export interface ParsedAccount {
  /** Address of record, RFC 3261 §10. */
  readonly aor: NameAddr;
  readonly aorUri: SipUri;
  readonly registrar: SipUri | undefined;
  readonly outboundProxy: SipUri | undefined;
  readonly credentials: AccountCredentials | undefined;
  readonly expires: number;
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
    credentials:
      password === undefined
        ? undefined
        : new AccountCredentials({ username, password }, account.realm),
    expires: account.expires ?? DEFAULT_EXPIRES_S,
  };
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

function throughProxy(hop: SipUri): Routing {
  return {
    routes: [new NameAddr(undefined, looseRouter(hop))],
    nextHop: hop,
    toAccountHop: true,
  };
}

/**
 * Whose credentials a re-INVITE or BYE of ours within an incoming call is to carry: the account that
 * was called by its address, else the one whose user was called over its own proxy, which may have
 * put another host in place of the domain.
 */
export function accountCalled(
  accounts: Iterable<ParsedAccount>,
  { uri, to }: SipRequest,
  source: SocketAddress,
): ParsedAccount | undefined {
  const all = [...accounts];
  const isCalled = ({ aorUri }: ParsedAccount): boolean =>
    [uri, to.uri].some(
      ({ user, host }) => user === aorUri.user && sameName(host ?? '', aorUri.host),
    );
  const users = [uri.user, to.uri.user];
  return (
    all.find(isCalled) ??
    all.find(({ aorUri, credentials }) => users.includes(aorUri.user) && credentials?.isHop(source))
  );
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
