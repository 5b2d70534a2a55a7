import type { Grant } from '../account';
import {
  type NameAddr,
  parseSipUri,
  type SipResponse,
  type SipUri,
  UriException,
} from '../message';
import type { SocketAddress } from '../transport';

/** No way has more proxies. */
const MAX_ROUTES = 8;

/** What a 2xx to REGISTER grants beside the time; `contact`: our binding in it. */
export function readGrant(
  response: SipResponse,
  remote: SocketAddress,
  contact: NameAddr | undefined,
): Grant {
  const { serviceRoute, path, require } = response;
  // RFC 3608 §6.1: SIP URIs, or it is of no use.
  const isUsable = serviceRoute.length <= MAX_ROUTES && serviceRoute.every(isSip);
  return {
    remote,
    serviceRoute: isUsable ? serviceRoute : [],
    path: path.slice(0, MAX_ROUTES),
    // RFC 5626 §6: it says so, or it is not.
    isOutbound: require.some((tag) => tag.toLowerCase() === 'outbound'),
    publicGruu: readGruu(contact, 'pub-gruu'),
    temporaryGruu: readGruu(contact, 'temp-gruu'),
  };
}

function isSip({ uri }: NameAddr): boolean {
  return uri.kind === 'sip';
}

/** RFC 5627 §3.1, §3.2: one without `gr` is none. */
function readGruu(contact: NameAddr | undefined, name: string): SipUri | undefined {
  try {
    const uri = parseSipUri(contact?.params.get(name) ?? '');
    return uri.params.has('gr') ? uri : undefined;
  } catch (error) {
    if (!(error instanceof UriException)) throw error;
    return undefined;
  }
}
