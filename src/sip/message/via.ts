import { Params } from './params';
import { formatHostPort } from './uri';

/** Every branch made by an element of RFC 3261 begins so (§8.1.1.7). */
export const BRANCH_COOKIE = 'z9hG4bK';

/** One Via value (RFC 3261 §20.42), immutable. An IPv6 host is kept without its brackets. */
export class Via {
  constructor(
    /** Upper case: UDP, TCP, TLS, ... */
    readonly transport: string,
    readonly host: string,
    readonly port: number | undefined,
    readonly params: Params = Params.EMPTY,
    /** `sent-protocol` without the transport. */
    readonly protocol: string = 'SIP/2.0',
  ) {}

  get branch(): string | undefined {
    return this.params.get('branch');
  }

  /** Whether the branch is unique as RFC 3261 §17.2.3 wants it: the cookie and something behind it. */
  get hasRfc3261Branch(): boolean {
    const branch = this.branch;
    return (
      branch !== undefined &&
      branch.length > BRANCH_COOKIE.length &&
      branch.startsWith(BRANCH_COOKIE)
    );
  }

  /** Address that the request came from (RFC 3261 §18.2.1), IPv6 without brackets. */
  get received(): string | undefined {
    return this.params.get('received')?.replace(/^\[(.*)\]$/, '$1');
  }

  /** Whether a symmetric response is asked for (RFC 3581), with or without a port yet. */
  get wantsRport(): boolean {
    return this.params.has('rport');
  }

  /** Port that the request came from; undefined while the flag is bare or absent. */
  get rport(): number | undefined {
    return this.params.number('rport');
  }

  get ttl(): number | undefined {
    return this.params.number('ttl');
  }

  get maddr(): string | undefined {
    return this.params.get('maddr')?.replace(/^\[(.*)\]$/, '$1');
  }

  /** `host` or `host:port` as written. */
  get sentBy(): string {
    return formatHostPort(this.host, this.port);
  }

  /** With the wire value of a parameter set. */
  withParam(name: string, value?: string): Via {
    return new Via(
      this.transport,
      this.host,
      this.port,
      this.params.with(name, value),
      this.protocol,
    );
  }

  toString(): string {
    return `${this.protocol}/${this.transport} ${this.sentBy}${this.params}`;
  }
}
