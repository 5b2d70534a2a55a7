import { isLoopback, plainAddress } from '../platform';
import type { IncomingSession } from '../sip';
import type { Account } from './account';

/** What the way of an INVITE proves about who sent it. */
export type CallerOrigin =
  /** From the socket that our binding was granted by, or an address told to belong to it: From is the registrar's word. */
  | 'registrar'
  /** From a program on this machine, where no registrar is configured. */
  | 'this-machine'
  /** From anywhere: From is whatever the sender liked. */
  | 'direct';

/** Who calls, as far as it can be told. */
export interface Caller {
  readonly origin: CallerOrigin;
  /** Address of record in From, as `sip:home@example.org`. */
  readonly name: string;
  readonly address: string;
  /** Whose share of the waiting calls it takes: the name where that is proved, else the address. */
  readonly source: string;
}

/** What of a call, or of a text, tells who it is of. */
type Comer = Pick<IncomingSession, 'remote' | 'source' | 'isConnected'>;

export function callerOf(session: Comer, account: Account): Caller {
  const { remote, source } = session;
  const name = nameOf(remote.uri);
  const origin = originOf(session, account);
  const address = plainAddress(source.address);
  return { origin, name, address, source: origin === 'direct' ? address : name };
}

function originOf({ source, isConnected }: Comer, account: Account): CallerOrigin {
  const { address, port } = source;
  const { boundTo, callsFrom, hasRegistrar } = account;
  // A registrar that opens a connection to us does so from any port of its own.
  const isBinding = boundTo?.address === address && (isConnected || boundTo.port === port);
  if (isBinding || callsFrom.hasAddress(address)) return 'registrar';
  return !hasRegistrar && isLoopback(address) ? 'this-machine' : 'direct';
}

/** The address of record in a URI, without what does not belong to it. */
export function nameOf(uri: IncomingSession['remote']['uri']): string {
  return uri.kind === 'sip' ? `sip:${uri.userText ?? ''}@${uri.host}` : String(uri);
}
