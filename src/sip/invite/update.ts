import type { DigestClient } from '../auth';
import type { Dialog } from '../dialog';
import type { SipRequest, SipResponse, Via } from '../message';
import type { RequestFailure } from '../request';
import { contactOn } from '../request';
import type { Flow } from '../transport';
import type { SessionEnvironment } from './environment';
import type { SessionTimer } from './session-timer';

export type UpdateOutcome =
  | 'refreshed'
  /** Refused for now: glare, overload, no network (RFC 3311 §5.2). */
  | 'later'
  /** The peer does not serve UPDATE. */
  | 'not-served'
  /** The peer knows no such dialog any more, or says nothing (RFC 4028 §7.4). */
  | 'gone';

export interface UpdateParts {
  readonly environment: SessionEnvironment;
  readonly dialog: Dialog;
  readonly digest: DigestClient;
  readonly timer: SessionTimer;
  /** User part of our Contact. */
  readonly user: string | undefined;
}

/** An UPDATE without description (RFC 3311): refreshes session timer and target, and nothing else. */
export class Update {
  readonly #parts: UpdateParts;
  readonly #done: (outcome: UpdateOutcome) => void;

  constructor(parts: UpdateParts, done: (outcome: UpdateOutcome) => void) {
    this.#parts = parts;
    this.#done = done;
    this.#send();
  }

  #send(): void {
    const { environment, dialog, digest } = this.#parts;
    environment.sender.send({
      ...dialog.way,
      digest,
      build: (via, flow) => this.#build(via, flow),
      user: {
        onSuccess: (response) => this.#onSuccess(response),
        onFailure: (failure) => this.#onFailure(failure),
      },
    });
  }

  #build(via: Via, flow: Flow): SipRequest {
    const { dialog, environment, user, timer } = this.#parts;
    return dialog.createRequest('UPDATE', via, {
      contact: contactOn(flow, user),
      headers: [
        ...environment.capabilities.fields,
        ...timer.requestFields,
        ['User-Agent', environment.product],
      ],
    });
  }

  #onSuccess(response: SipResponse): void {
    this.#parts.dialog.refreshTarget(response);
    this.#done('refreshed');
    this.#parts.timer.onSuccess(response);
  }

  #onFailure({ cause, status, response }: RequestFailure): void {
    if (cause === 'transport') this.#done('later');
    else if (cause === 'timeout' || status === 408 || status === 481) this.#done('gone');
    else if (status === 405 || status === 501) this.#done('not-served');
    else if (status === 422 && response && this.#parts.timer.onTooSmall(response)) this.#send();
    else this.#done('later');
  }
}
