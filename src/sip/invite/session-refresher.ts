import type { SipRequest, SipResponse } from '../message';
import type { SessionTimer } from './session-timer';
import type { RefreshOutcome } from './target-refresh';

/** The session that is refreshed. */
export interface RefresherHost {
  sendUpdate(done: (outcome: RefreshOutcome) => void): void;
  /** By a re-INVITE that changes nothing. False when the peer did not agree. */
  renegotiate(): Promise<boolean>;
  onGone(): void;
}

/** Refreshes of ours, RFC 4028 §7.4: by UPDATE where the peer serves it, otherwise by re-INVITE. */
export class SessionRefresher {
  readonly #timer: SessionTimer;
  readonly #host: RefresherHost;
  #servesUpdate = false;

  constructor(timer: SessionTimer, host: RefresherHost) {
    this.#timer = timer;
    this.#host = host;
  }

  /** What the peer tells of itself in what makes the dialog. */
  notePeer({ allow }: SipRequest | SipResponse): void {
    this.#servesUpdate = allow.includes('UPDATE');
  }

  refresh(): void {
    if (this.#servesUpdate) this.#host.sendUpdate((outcome) => this.#onOutcome(outcome));
    else {
      void this.#host.renegotiate().then((agreed) => {
        if (!agreed) this.#timer.refreshLater();
      });
    }
  }

  #onOutcome(outcome: RefreshOutcome): void {
    switch (outcome) {
      case 'agreed':
      case 'unusable':
        break;
      case 'refused':
      case 'glare':
        this.#timer.refreshLater();
        break;
      case 'not-served':
        this.#servesUpdate = false;
        this.refresh();
        break;
      case 'gone':
        this.#host.onGone();
        break;
    }
  }
}
