import type { Core } from './core-fields';
import type { HeaderField } from './header-field';
import { MessageBase } from './message';

/** A response; `createResponse` builds one, `parseMessage` reads one. */
export class SipResponse extends MessageBase {
  readonly kind = 'response';
  /** Address it came from, noted on receipt. */
  source: string | undefined;

  constructor(
    readonly status: number,
    readonly reason: string,
    fields: HeaderField[],
    body?: Uint8Array,
    core?: Core,
    /** As received; the validator drops all but SIP/2.0. */
    readonly version: string = 'SIP/2.0',
  ) {
    super(fields, body, core);
  }

  get startLine(): string {
    return `${this.version} ${this.status} ${this.reason}`;
  }

  get isProvisional(): boolean {
    return this.status < 200;
  }

  get isFinal(): boolean {
    return this.status >= 200;
  }

  get isSuccess(): boolean {
    return this.status >= 200 && this.status < 300;
  }
}
