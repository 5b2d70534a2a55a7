import type { Timer } from '../../platform';
import type { DigestClient } from '../auth';
import type { Dialog, DialogUsage } from '../dialog';
import type { Body, HeaderList, SipRequest } from '../message';
import { type ContactUser, contactOn, contactPart } from '../request';
import { reply, type ServerTransaction } from '../transaction';
import type { SubscriptionEnvironment } from './environment';
import { type EventName, eventField, eventOf, isSameEvent } from './event';

export interface NotifierParts {
  readonly environment: SubscriptionEnvironment;
  readonly dialog: Dialog;
  readonly digest: DigestClient;
  /** User part of our Contact. */
  readonly user: ContactUser;
  readonly event: EventName;
  /** Seconds granted. */
  readonly expiresS: number;
  /** The state to be told, at the beginning and when the subscriber asks again. */
  readonly current: () => Body | undefined;
  /** It is over, and out of the dialog. */
  readonly onEnded: () => void;
}

/** Least and greatest time that is granted, s. */
export const MIN_EXPIRES_S = 60;
export const MAX_EXPIRES_S = 3600;

/** What is granted of what is asked for; undefined for too little, which is owed 423 (RFC 6665 §4.2.1.1). */
export function grantedExpires(asked: number | undefined): number | undefined {
  const wanted = Math.min(asked ?? MAX_EXPIRES_S, MAX_EXPIRES_S);
  return wanted === 0 || wanted >= MIN_EXPIRES_S ? wanted : undefined;
}

interface Notice {
  readonly state: string;
  readonly body: Body | undefined;
}

/**
 * The notifier's side of one subscription, RFC 6665 §4.2: NOTIFYs one after the other, of which the newest waits
 * and takes the place of an older one that waited; its refreshes, its time and its end.
 */
export class Notifier implements DialogUsage {
  readonly methods: ReadonlySet<string> = new Set(['SUBSCRIBE']);
  readonly #parts: NotifierParts;
  #until = 0;
  #expiry: Timer | undefined;
  #isSending = false;
  #next: Notice | undefined;
  #isOver = false;

  /** Adds itself to its dialog; says nothing yet. */
  constructor(parts: NotifierParts) {
    this.#parts = parts;
    parts.environment.dialogs.add(parts.dialog, this);
    this.#grant(parts.expiresS);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  takes(request: SipRequest): boolean {
    return isSameEvent(this.#parts.event, eventOf(request));
  }

  /** §4.2.1.2: refreshed, or with nothing left ended by the subscriber. */
  onRequest(request: SipRequest, transaction: ServerTransaction, dialog: Dialog): void {
    const { product } = this.#parts.environment;
    const granted = grantedExpires(request.expires);
    if (granted === undefined) {
      const headers = [['Min-Expires', MIN_EXPIRES_S]] as const;
      reply(product, request, transaction, 423, { headers });
      return;
    }
    dialog.refreshTarget(request);
    reply(product, request, transaction, 200, {
      ...contactPart(transaction.flow, this.#parts.user),
      headers: [['Expires', granted]],
    });
    if (granted === 0) this.end('timeout', this.#parts.current());
    else {
      this.#grant(granted);
      this.tell(this.#parts.current());
    }
  }

  tell(body: Body | undefined): void {
    if (this.#isOver) return;
    const leftS = Math.max(
      0,
      Math.ceil((this.#until - this.#parts.environment.clock.now()) / 1000),
    );
    this.#send({ state: `active;expires=${leftS}`, body });
  }

  /** Tells the last; what waits before it is left out. */
  end(reason: string, body?: Body): void {
    if (this.#isOver) return;
    this.#close();
    this.#send({ state: `terminated;reason=${reason}`, body });
  }

  #grant(expiresS: number): void {
    const { clock } = this.#parts.environment;
    this.#until = clock.now() + expiresS * 1000;
    this.#expiry?.cancel();
    this.#expiry = clock.setTimer(expiresS * 1000, () =>
      this.end('timeout', this.#parts.current()),
    );
  }

  #send(notice: Notice): void {
    if (this.#isSending) {
      this.#next = notice;
      return;
    }
    this.#isSending = true;
    const { environment, dialog, digest, user, event } = this.#parts;
    const headers: HeaderList = [
      ['Event', eventField(event)],
      ['Subscription-State', notice.state],
      ...environment.capabilities.fields,
      ['User-Agent', environment.product],
    ];
    environment.sender.send({
      ...dialog.way,
      digest,
      build: (via, flow) =>
        dialog.createRequest('NOTIFY', via, {
          contact: contactOn(flow, user),
          headers,
          ...(notice.body ? { body: notice.body } : {}),
        }),
      user: {
        onSuccess: () => this.#onSent(),
        onFailure: ({ cause, status, reason }) => {
          environment.log.info('NOTIFY not accepted', { status, reason });
          // §4.2.2: nobody is there, or knows of it, any more.
          if (cause === 'timeout' || status === 481) this.#abandon();
          else this.#onSent();
        },
      },
    });
  }

  #onSent(): void {
    this.#isSending = false;
    const next = this.#next;
    this.#next = undefined;
    if (next) this.#send(next);
  }

  #abandon(): void {
    this.#next = undefined;
    if (!this.#isOver) this.#close();
  }

  #close(): void {
    this.#isOver = true;
    this.#expiry?.cancel();
    this.#parts.environment.dialogs.remove(this.#parts.dialog, this);
    this.#parts.onEnded();
  }
}
