import { parseSipUri, parseUri, type SipUri, type Uri, UriException } from '../message';
import { type ParsedAccount, serverUri } from './account';
import { type Routing, routingFor, routingThrough, routingTo } from './routing';

/** Whom a request is for, and by which way. */
export interface Callee {
  /** Request-URI and To. */
  readonly uri: Uri;
  /** Where that leads: itself, or for a service the server that finds it. */
  readonly target: SipUri;
  readonly route: (target: SipUri) => Routing;
}

/** Services that are called for help (RFC 5031 §4.2), and their tests (RFC 6881 §15). */
const HELP = /^urn:service:(test\.)?sos(\.[a-z\d-]+)*$/i;

export function isHelpService(text: string): boolean {
  return HELP.test(text);
}

/**
 * @param finder who answers for a service, where that is known (RFC 6881 ED-62).
 * @throws UriException for what is neither a SIP URI nor a service that is called for help
 */
export function calleeOf(text: string, account: ParsedAccount, finder?: string): Callee {
  const uri = parseUri(text);
  if (uri.kind === 'sip') {
    const target = uri.withoutHeaders();
    return { uri: target, target, route: (to) => routingFor(account, to) };
  }
  if (!isHelpService(text)) throw new UriException(text);
  const known = finder === undefined ? undefined : parseSipUri(finder);
  // Where nobody else is known that finds the service, the account's own server does.
  const server = known ?? account.edges[0] ?? account.registrar ?? serverUri(account.aorUri);
  const route = known ? routingTo : routingThrough;
  return {
    uri,
    target: server,
    route: (to) => (to === server ? route : routingFor)(account, to),
  };
}
