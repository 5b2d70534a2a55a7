import type { SipRequest } from '../message';
import type { ServerTransaction } from '../transaction';
import type { Dialog } from './dialog';

/** What an ACK tells, which may be all that could be read of it. */
export interface Acknowledgement {
  readonly sequence: number;
  readonly answer: string;
}

/** One of the things that a dialog is for (RFC 5057): it serves the requests of its methods. */
export interface DialogUsage {
  /** Those that it serves within its dialogs. */
  readonly methods: ReadonlySet<string>;
  /** Whether a request of one of those is its own, where several usages of one dialog have the method. */
  takes?(request: SipRequest): boolean;
  /** It answers nothing any more, and only waits for what ends it. */
  readonly isOver: boolean;
  onRequest(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void;
  /** ACK of a 2xx, for the usage that serves ACK. */
  onAck?(ack: Acknowledgement): void;
  /** The peer has said BYE in words that are owed a refusal, and is gone all the same. */
  onLeft?(): void;
}

/** Who has sent the request that makes a dialog, and waits for the response that says which. */
export interface DialogMaker {
  /** Those of the usage that it will be; no other request makes the dialog. */
  readonly methods: ReadonlySet<string>;
  /**
   * A request of the peer came before that response, as a NOTIFY may (RFC 6665 §4.4.1) or a BYE by
   * another way through the network. Adds the dialog that it makes; undefined when it makes none.
   */
  adopt(request: SipRequest, transaction: ServerTransaction): Dialog | undefined;
}
