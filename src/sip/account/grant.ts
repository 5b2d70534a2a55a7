import type { NameAddr, SipUri } from '../message';
import type { SocketAddress } from '../transport';

/** What a registrar has granted over one flow beside the time: it goes with the binding. */
export interface Grant {
  /** The other end of the flow: calls for the account come from there. */
  readonly remote: SocketAddress;
  /** The way of requests outside of dialogs, behind the proxy that the account names (RFC 3608). */
  readonly serviceRoute: readonly NameAddr[];
  /** By which proxies calls come to us (RFC 3327), as the registrar has noted it. */
  readonly path: readonly NameAddr[];
  /** The registrar takes it for one of several flows of one instance (RFC 5626). */
  readonly isOutbound: boolean;
  /** URIs that lead to this very camera from everywhere (RFC 5627). */
  readonly publicGruu: SipUri | undefined;
  readonly temporaryGruu: SipUri | undefined;
}

/** One way on which an account registers. */
export interface AccountFlow {
  /** The proxy that it goes by, if the account names one. */
  readonly edge: SipUri | undefined;
  readonly isUp: boolean;
  /** Undefined while there is no binding. */
  readonly grant: Grant | undefined;
}

/** Who a Contact of ours names. */
export interface KnownAs {
  readonly user: string | undefined;
  readonly gruu?: SipUri | undefined;
  /** Requests within the dialog are to come over the flow of the first one. */
  readonly isOutbound?: boolean;
}
