import { USER_UNRESERVED } from './chars';
import { percentDecode, percentEncode } from './escaping';
import { Params } from './params';

/** What every URI in a message can tell. */
interface UriBase {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string | undefined;
  toString(): string;
}

/**
 * A SIP or SIPS URI (RFC 3261 §19.1), immutable. Parts are kept as on the wire, escapes included;
 * an IPv6 host is kept without its brackets, ready for a socket.
 */
export class SipUri implements UriBase {
  readonly kind = 'sip';

  constructor(
    readonly scheme: 'sip' | 'sips',
    readonly user: string | undefined,
    readonly host: string,
    readonly port: number | undefined,
    readonly params: Params = Params.EMPTY,
    readonly headers: Params = Params.EMPTY,
    readonly password: string | undefined = undefined,
  ) {}

  /** From unescaped text, as a person writes the user part. */
  static of(user: string | undefined, host: string, port?: number, params?: Params): SipUri {
    const escaped = user === undefined ? undefined : percentEncode(user, USER_UNRESERVED);
    return new SipUri('sip', escaped, host, port, params);
  }

  /** The user part for people to read, escapes undone. */
  get userText(): string | undefined {
    return this.user === undefined ? undefined : percentDecode(this.user);
  }

  /** The `transport` parameter in lower case. */
  get transport(): string | undefined {
    return this.params.get('transport')?.toLowerCase();
  }

  /** Whether the URI names a loose router (RFC 3261 §16.12). */
  get isLooseRouter(): boolean {
    return this.params.has('lr');
  }

  withParams(params: Params): SipUri {
    const { scheme, user, host, port, headers, password } = this;
    return new SipUri(scheme, user, host, port, params, headers, password);
  }

  /** With a header field, its value escaped. */
  withHeader(name: string, value: string): SipUri {
    const { scheme, user, host, port, params, headers, password } = this;
    return new SipUri(scheme, user, host, port, params, headers.with(name, value), password);
  }

  withoutHeaders(): SipUri {
    const { scheme, user, host, port, params, password } = this;
    return new SipUri(scheme, user, host, port, params, Params.EMPTY, password);
  }

  toString(): string {
    const password = this.password === undefined ? '' : `:${this.password}`;
    const userInfo = this.user === undefined ? '' : `${this.user}${password}@`;
    const headers = this.headers.format('&').replace('&', '?');
    return `${this.scheme}:${userInfo}${formatHostPort(this.host, this.port)}${this.params}${headers}`;
  }
}

/** A URI of another scheme (`tel:`, `urn:`, ...), kept as text. */
export class OtherUri implements UriBase {
  readonly kind = 'other';
  readonly user = undefined;
  readonly host = undefined;

  constructor(
    readonly scheme: string,
    readonly opaque: string,
  ) {}

  toString(): string {
    return `${this.scheme}:${this.opaque}`;
  }
}

export type Uri = SipUri | OtherUri;

/** `host` or `host:port` for the wire, IPv6 addresses in brackets. */
export function formatHostPort(host: string, port: number | undefined): string {
  const reference = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? reference : `${reference}:${port}`;
}
