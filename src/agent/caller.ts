import { isLoopback, plainAddress } from '../platform';
import type { IncomingSession } from '../sip';

/** What the way of an INVITE proves about who sent it. */
export type CallerOrigin =
  /** From the socket that our binding was granted by, or an address told to belong to it: From is the registrar's word. */
  | 'registrar'
  /** From a program on this machine, where no registrar is configured. */
  | 'this-machine'
  /** From anywhere, by who has proved by a password that he is who we take him for. */
  | 'proved'
  /** From anywhere: From is whatever the sender liked. */
  | 'direct';

/** Who calls, as far as it can be told. */
export interface Caller {
  readonly origin: CallerOrigin;
  /** Address of record, as `sip:home@example.org`: in From, or as it is known. */
  readonly name: string;
  readonly address: string;
  /** Whose share of the waiting calls it takes: the name where that is proved, else the address. */
  readonly source: string;
  /** The name that is proved, whatever stands in From. */
  readonly provedName?: string;
  /** He asks to be answered by nobody's hand. */
  readonly asksToBeAnswered?: boolean;
}

/** What of the account that is called tells where a call comes from. */
interface Callee {
  readonly hasRegistrar: boolean;
  isServedFrom(source: IncomingSession['source'], isConnected: boolean): boolean;
}

/** What of a call, or of a text, tells who it is of. */
type Comer = Pick<IncomingSession, 'remote' | 'source' | 'isConnected'> &
  Partial<Pick<IncomingSession, 'asksToBeAnswered' | 'assertedIdentity'>>;

export function callerOf(session: Comer, account: Callee): Caller {
  const { remote, source, asksToBeAnswered = false, assertedIdentity } = session;
  const origin = originOf(session, account);
  // RFC 3325: the word of the registrar is worth more than what the caller says; anybody else's is worth nothing.
  const asserted = origin === 'registrar' ? assertedIdentity : undefined;
  const name = nameOf((asserted ?? remote).uri);
  const address = plainAddress(source.address);
  const share = origin === 'direct' ? address : name;
  return {
    origin,
    name,
    address,
    source: share,
    ...(asksToBeAnswered ? { asksToBeAnswered } : {}),
  };
}

/** One who calls directly, as he is known by `name` once he has proved it. */
export function provedAs(name: string, caller: Caller): Caller {
  return { ...caller, origin: 'proved', name, source: name, provedName: name };
}

function originOf({ source, isConnected }: Comer, account: Callee): CallerOrigin {
  if (account.isServedFrom(source, isConnected)) return 'registrar';
  return !account.hasRegistrar && isLoopback(source.address) ? 'this-machine' : 'direct';
}

/** The address of record in a URI, without what does not belong to it. */
export function nameOf(uri: IncomingSession['remote']['uri']): string {
  return uri.kind === 'sip' ? `sip:${uri.userText ?? ''}@${uri.host}` : String(uri);
}
