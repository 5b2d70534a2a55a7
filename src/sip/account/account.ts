import { AccountCredentials } from '../auth';
import { NameAddr, parseSipUri, type SipRequest, SipUri, sameName } from '../message';
import type { SocketAddress, TlsPolicy } from '../transport';
import type { AccountFlow } from './grant';

/**
 * Credentials and addresses of one account (address of record). What is learned of its registrar
 * belongs to the object: give the same one for all requests.
 */
export interface SipAccount {
  /** Address of record, as `sip:car@example.org`. */
  readonly uri: string;
  readonly displayName?: string;
  /** `sip:` URI of the registrar; none means that the account does not register. */
  readonly registrar?: string;
  /** `sip:` URI that every request goes through first. */
  readonly outboundProxy?: string;
  /** Several of them, each registered through: an outbound-proxy-set, RFC 5626 §4.1. */
  readonly outboundProxies?: readonly string[];
  readonly username?: string;
  readonly password?: string;
  /** A realm that gets the password beside those that the registrar has asked for. */
  readonly realm?: string;
  /** Seconds asked for, RFC 3261 §10.2.1.1. */
  readonly expires?: number;
  /** How its servers show over TLS who they are; without it as all do. */
  readonly tls?: TlsPolicy;
}

/** An account with its URIs read. */
export interface ParsedAccount {
  /** Address of record, RFC 3261 §10. */
  readonly aor: NameAddr;
  readonly aorUri: SipUri;
  readonly registrar: SipUri | undefined;
  /** Outbound proxies. */
  readonly edges: readonly SipUri[];
  readonly credentials: AccountCredentials | undefined;
  readonly expires: number;
  /** By which it registers, in the order of its proxies. */
  flows: readonly AccountFlow[];
}

/** Seconds to register for unless the account says otherwise. */
const DEFAULT_EXPIRES_S = 300;

/** @throws UriException */
export function parseAccount(account: SipAccount): ParsedAccount {
  const aorUri = parseSipUri(account.uri);
  const { registrar, outboundProxy, outboundProxies = [], password } = account;
  const username = account.username ?? aorUri.userText ?? '';
  return {
    aor: new NameAddr(account.displayName, aorUri),
    aorUri,
    registrar: registrar === undefined ? undefined : serverUri(parseSipUri(registrar)),
    edges: [...(outboundProxy === undefined ? [] : [outboundProxy]), ...outboundProxies].map(
      parseSipUri,
    ),
    credentials:
      password === undefined
        ? undefined
        : new AccountCredentials({ username, password }, account.realm),
    expires: account.expires ?? DEFAULT_EXPIRES_S,
    flows: [],
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
