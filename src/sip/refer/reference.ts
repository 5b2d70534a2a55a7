import type { Timer } from '../../platform';
import type { DigestClient } from '../auth';
import type { Dialog, DialogUsage } from '../dialog';
import { type NameAddr, type SipRequest, type SipResponse, sameName } from '../message';
import { type ContactUser, contactOn, type RequestFailure } from '../request';
import { eventOf, notifiedState, type SubscriptionEnvironment } from '../subscription';
import { reply, type ServerTransaction, transactionTimeout } from '../transaction';
import { type Progress, readSipfrag } from './sipfrag';

/** What became of a reference. */
export type ReferenceEnd =
  | { readonly kind: 'done' }
  /** Refused by the peer, or by whom it called. */
  | { readonly kind: 'failed'; readonly status: number; readonly reason: string }
  /** The peer has taken it and says nothing more. */
  | { readonly kind: 'unknown'; readonly reason: string };

export interface ReferenceListener {
  /** The peer has taken it (202). */
  onTaken(): void;
  /** 1xx of whom the peer calls. */
  onProgress(progress: Progress): void;
  /** Once, and then nothing else; without `onTaken` before, the peer has refused it. */
  onEnd(end: ReferenceEnd): void;
}

export interface ReferenceParts {
  readonly environment: SubscriptionEnvironment;
  readonly dialog: Dialog;
  readonly digest: DigestClient;
  /** User part of our Contact. */
  readonly user: ContactUser;
  readonly referTo: NameAddr;
  readonly listener: ReferenceListener;
}

/** The peer's calling somebody takes no longer than that, s; timer C of proxies is three minutes (RFC 3261 §16.6). */
const LONGEST_S = 200;

/**
 * REFER within a dialog of ours, RFC 3515, and the subscription that it makes: NOTIFYs tell by status
 * lines how the peer gets on. It lives on in the dialog when the call has ended (RFC 5057 §4.2).
 */
export class Reference implements DialogUsage {
  readonly methods: ReadonlySet<string> = new Set(['NOTIFY']);
  readonly #parts: ReferenceParts;
  #sequence = 0;
  #limit: Timer | undefined;
  #isTaken = false;
  #isOver = false;

  constructor(parts: ReferenceParts) {
    this.#parts = parts;
    // A NOTIFY may overtake the 202 (§2.4.4).
    parts.environment.dialogs.add(parts.dialog, this);
    this.#send();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** §2.4.6: of several in one dialog the id is the number of the REFER; the first one may go without. */
  takes(request: SipRequest): boolean {
    const event = eventOf(request);
    return event?.name === 'refer' && (event.id === undefined || event.id === `${this.#sequence}`);
  }

  onRequest(notify: SipRequest, transaction: ServerTransaction): void {
    reply(this.#parts.environment.product, notify, transaction, 200);
    this.#take();
    const progress = readSipfrag(notify.bodyText);
    if (progress && progress.status >= 200) this.#onFinal(progress);
    else if (notifiedState(notify).kind === 'terminated') {
      this.#end({ kind: 'unknown', reason: 'the far end tells no more' });
    } else if (progress) this.#parts.listener.onProgress(progress);
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.#end({ kind: 'unknown', reason: 'the call has ended' });
  }

  #send(): void {
    const { environment, dialog, digest, user, referTo } = this.#parts;
    environment.sender.send({
      ...dialog.way,
      digest,
      build: (via, flow) => {
        const request = dialog.createRequest('REFER', via, {
          contact: contactOn(flow, user),
          headers: [
            ['Refer-To', referTo],
            ['Referred-By', dialog.local.withoutParams()],
            ...environment.capabilities.fields,
            ['User-Agent', environment.product],
          ],
        });
        this.#sequence = request.cseq.sequence;
        return request;
      },
      user: {
        onSuccess: (response) => this.#onSuccess(response),
        onFailure: (failure) => this.#onFailure(failure),
      },
    });
  }

  #onSuccess(response: SipResponse): void {
    this.#take();
    // RFC 4488 §4: no subscription is made.
    const isSilent = sameName(response.get('Refer-Sub')?.trim() ?? '', 'false');
    if (isSilent) this.#end({ kind: 'unknown', reason: 'the far end does not tell' });
  }

  #onFailure({ status, reason }: RequestFailure): void {
    this.#end({ kind: 'failed', status, reason });
  }

  #take(): void {
    if (this.#isTaken || this.#isOver) return;
    this.#isTaken = true;
    const { environment, listener } = this.#parts;
    this.#limit = environment.clock.setTimer(
      LONGEST_S * 1000 + transactionTimeout(environment.timers),
      () => this.#end({ kind: 'unknown', reason: 'nothing more was heard of it' }),
    );
    listener.onTaken();
  }

  #onFinal({ status, reason }: Progress): void {
    this.#end(status < 300 ? { kind: 'done' } : { kind: 'failed', status, reason });
  }

  #end(end: ReferenceEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#limit?.cancel();
    const { environment, dialog, listener } = this.#parts;
    environment.dialogs.remove(dialog, this);
    listener.onEnd(end);
  }
}
