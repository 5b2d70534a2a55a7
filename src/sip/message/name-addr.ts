import type { Params } from './params';
import type { SipUri } from './uri';

/** Value of From, To, Contact, Route and Record-Route (RFC 3261 §20.10); `params` are the header's. */
export interface NameAddr {
  readonly displayName: string | undefined;
  readonly uri: SipUri;
  readonly params: Params;
}
