import { isToken } from './chars';
import type { Core } from './core-fields';
import { checkText, HeaderError } from './field-list';
import type { HeaderField } from './header-field';
import { MessageBase } from './message';
import type { Uri } from './uri';

/** A request; `createRequest` builds one, `parseMessage` reads one. */
export class SipRequest extends MessageBase {
  readonly kind = 'request';
  /** The socket that a received request really came from; undefined for one of ours. */
  source: { readonly address: string; readonly port: number } | undefined;
  /** Length of a received request. */
  octets: number | undefined;

  constructor(
    /** Case matters: `invite` is not INVITE (RFC 3261 §7.1). */
    readonly method: string,
    readonly uri: Uri,
    fields: HeaderField[],
    body?: Uint8Array,
    core?: Core,
    /** As received; the validator refuses all but SIP/2.0. */
    readonly version: string = 'SIP/2.0',
    /** What is wrong with one that is heeded all the same: the validator refuses it. */
    readonly flaw: string | undefined = undefined,
  ) {
    super(fields, body, core);
  }

  get startLine(): string {
    return `${this.method} ${this.uri} ${this.version}`;
  }

  /** A copy to be changed on its own, as for the same request with credentials. */
  clone(): SipRequest {
    return new SipRequest(
      this.method,
      this.uri,
      [...this.fields],
      this.body,
      undefined,
      this.version,
    );
  }

  /** The same request to another target. */
  withUri(uri: Uri): SipRequest {
    return new SipRequest(this.method, uri, [...this.fields], this.body, undefined, this.version);
  }
}

/** @throws HeaderError when `method` or `uri` would break the start line */
export function checkStartLine(method: string, uri: Uri): void {
  if (!isToken(method)) throw new HeaderError(`expected a method, found ${JSON.stringify(method)}`);
  const text = checkText(String(uri));
  if (text.includes(' ')) {
    throw new HeaderError(`expected a URI without blanks, found ${JSON.stringify(text)}`);
  }
}
