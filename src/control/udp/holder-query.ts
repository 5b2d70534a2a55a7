import type { Clock } from '../../platform';
import type { Session } from './sessions';

/** QUERY_SESSION_HOLDER is sent so often, and each time so long waited for, ms. */
export const ASK_TIMES = 3;
export const ASK_EVERY_MS = 500;

interface Query {
  readonly answer: Promise<boolean>;
  readonly settle: (isThere: boolean) => void;
}

/** Asks the holders of sessions whether they are still there. */
export class HolderQuery {
  readonly #clock: Clock;
  readonly #ask: (session: Session) => void;
  readonly #open = new Map<number, Query>();

  /** @param ask sends the question to where the session's client is. */
  constructor(clock: Clock, ask: (session: Session) => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Whether the holder answers in time; questions of several are asked once. */
  isThere(session: Session): Promise<boolean> {
    const open = this.#open.get(session.token);
    if (open) return open.answer;
    let settle: Query['settle'] = () => undefined;
    const answer = new Promise<boolean>((resolve) => {
      settle = (isThere) => {
        this.#open.delete(session.token);
        resolve(isThere);
      };
    });
    this.#open.set(session.token, { answer, settle });
    this.#askAgain(session, ASK_TIMES);
    return answer;
  }

  /** Something came from the holder of that token. */
  heard(token: number): void {
    this.#open.get(token)?.settle(true);
  }

  #askAgain(session: Session, times: number): void {
    if (!this.#open.has(session.token)) return;
    if (times === 0) {
      this.#open.get(session.token)?.settle(false);
      return;
    }
    this.#ask(session);
    this.#clock.setTimer(ASK_EVERY_MS, () => this.#askAgain(session, times - 1));
  }
}
