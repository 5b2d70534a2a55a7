import type { Clock, Logger } from '../platform';
import type { InviteSession } from '../sip';
import type { CallStatus } from './call-state';
import { PeerWatch } from './peer-watch';

export interface PeerCheckOptions {
  /** Silence after which the far end is asked, ms. */
  readonly rtpTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Asks the far end of a call that is up whether it is still there, and gives up one that is gone. */
export class PeerCheck {
  readonly #session: InviteSession;
  readonly #watch: PeerWatch;
  readonly #clock: Clock;
  readonly #log: Logger;

  constructor(session: InviteSession, { rtpTimeoutMs, clock, log }: PeerCheckOptions) {
    this.#session = session;
    this.#watch = new PeerWatch(rtpTimeoutMs, clock.now());
    this.#clock = clock;
    this.#log = log;
  }

  /** To be called every second while the call is up. */
  look(call: CallStatus): void {
    switch (this.#watch.look(call, this.#session.hasTimer, this.#clock.now())) {
      case 'none':
        break;
      case 'ask':
        this.ask();
        break;
      case 'gone':
        this.#session.drop(408, 'OPTIONS is not answered, and its ports are closed');
        break;
    }
  }

  /** Asks, unless it was asked or heard a moment ago. */
  ask(): void {
    const watch = this.#watch;
    if (!watch.isDoubtful(this.#clock.now())) return;
    watch.asked(this.#clock.now());
    this.#log.info('nothing is heard: asking whether the far end is still there');
    void this.#session.ask().then((isThere) => {
      if (isThere) watch.answered(this.#clock.now());
    });
  }

  /** Its signalling port is closed, as ICMP says. */
  portClosed(): void {
    this.#watch.portClosed(this.#clock.now());
  }
}
