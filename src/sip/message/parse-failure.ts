import { type Core, readCore } from './core-fields';
import type { CSeq } from './field-values';
import type { HeaderField } from './header-field';
import type { NameAddr } from './name-addr';
import type { Via } from './via';

/** Who, in which call (RFC 3261 §12). */
export type DialogIdentity = Pick<Core, 'from' | 'to' | 'callId'>;

/** And with which request (§9.2). */
export type MessageIdentity = DialogIdentity & Pick<Core, 'cseq'>;

/** What `parseMessage` gives for bytes that are no message it can represent. */
export class ParseFailure {
  readonly kind = 'failure';
  readonly topVia: Via | undefined;
  readonly from: NameAddr | undefined;
  readonly to: NameAddr | undefined;
  readonly callId: string | undefined;
  readonly cseq: CSeq | undefined;

  /** What tells its dialog, when that much could be read. */
  get dialog(): DialogIdentity | undefined {
    const { from, to, callId } = this;
    return from && to && callId !== undefined ? { from, to, callId } : undefined;
  }

  /** What tells its place in the dialog, too. */
  get identity(): MessageIdentity | undefined {
    const { dialog, cseq } = this;
    return dialog && cseq && { ...dialog, cseq };
  }

  constructor(
    /** What was expected and what was found, for the log. */
    readonly problem: string,
    /** 400 or 505 for what is recognizably a request; undefined when nothing is owed. */
    readonly status: 400 | 505 | undefined,
    /** Of a request. */
    readonly method: string | undefined,
    /** All fields up to the one that could not be read. */
    readonly fields: readonly HeaderField[],
  ) {
    const core = readCore(fields);
    this.topVia = core.topVia;
    this.from = core.from;
    this.to = core.to;
    this.callId = core.callId;
    this.cseq = core.cseq;
  }
}
