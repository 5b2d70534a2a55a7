import { type NameAddr, type SipResponse, SipUri, sameUri, type Uri } from '../message';
import { defaultPort } from '../transport';

/** Longest that is believed, in seconds: a day. */
export const LONGEST_EXPIRES_S = 86_400;

/** What a 2xx to REGISTER says of our binding. */
export interface Binding {
  /** Seconds; 0 when there is none. */
  readonly seconds: number;
  /** False when the registrar lists bindings, and ours cannot be told among them. */
  readonly isSure: boolean;
  /** As the registrar lists it. */
  readonly contact: NameAddr | undefined;
}

/**
 * Our binding by RFC 3261 §10.2.4: the shortest time of the Contacts that are ours, however they are
 * spelled or whatever a NAT made of them, and no longer than the Expires of the response. Of Contacts
 * none of which is known again any may be ours (§10.3 has all bindings listed), so the shortest counts.
 */
export function readBinding(
  response: SipResponse,
  contact: NameAddr | undefined,
  asked: number,
): Binding {
  const limit = Math.min(response.expires ?? LONGEST_EXPIRES_S, LONGEST_EXPIRES_S);
  const unnamed = response.expires ?? asked;
  const listed = response.contacts;
  const ours = listed.filter((one) => contact && isOurs(one, contact, response));
  const sameUser = listed.filter(({ uri }) => uri.user === contact?.uri.user);
  const candidates = [ours, sameUser, listed].find((some) => some.length > 0) ?? [];
  const times = candidates.map((one) => secondsOf(one) ?? unnamed);
  // What stands beside a living binding with no time left has just been removed.
  const living = times.filter((seconds) => seconds > 0);
  const seconds = times.length === 0 ? unnamed : Math.min(...(living.length > 0 ? living : [0]));
  return {
    seconds: Math.min(seconds, limit),
    isSure: listed.length === 0 || ours.length > 0,
    contact: ours[0],
  };
}

function isOurs(one: NameAddr, contact: NameAddr, { topVia }: SipResponse): boolean {
  // RFC 5626 §6: who has an instance is known by it, and its flows by their numbers.
  const [instance, ownInstance] = [one, contact].map(({ params }) => params.get('+sip.instance'));
  if (instance !== undefined && ownInstance !== undefined) {
    const flow = one.params.get('reg-id') ?? contact.params.get('reg-id');
    return instance === ownInstance && flow === contact.params.get('reg-id');
  }
  const [theirs, own] = [bare(one.uri), bare(contact.uri)];
  if (!theirs || !own) return false;
  if (sameUri(theirs, own)) return true;
  // RFC 3581: the address that the registrar saw us at, which many write into the binding.
  const host = topVia.params.get('received') ?? own.host;
  const port = topVia.params.number('rport') ?? own.port;
  return sameUri(theirs, new SipUri('sip', own.user, host, port));
}

/** User, host and port: parameters come and go on the way through a registrar. */
function bare(uri: Uri): SipUri | undefined {
  if (uri.kind !== 'sip') return undefined;
  const isSecure = uri.scheme === 'sips' || uri.transport === 'tls';
  const port = uri.port ?? defaultPort(isSecure ? 'TLS' : 'UDP');
  return new SipUri('sip', uri.user, uri.host, port);
}

/** `c-p-expires`, RFC 3261 §20.10; undefined when it is absent or no number. */
function secondsOf({ params }: NameAddr): number | undefined {
  const text = params.get('expires')?.trim();
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  return Number(text);
}
