import type { Agent } from '../agent';
import { type Random, randomToken } from '../platform';
import { NOTIFICATIONS, type Notification, notify } from './notifications';

/** A notification as it is passed on. */
export interface JournalEntry extends Notification {
  /** From 1 at the start of the agent; a gap is what was missed. Absent from what passes and is not kept. */
  readonly number?: number;
}

/** One that is kept. */
export interface KeptEntry extends Notification {
  readonly number: number;
  /** Civil time, ISO 8601. */
  readonly at: string;
}

/** Of a journal, what was told after some number. */
export interface JournalPage {
  /** Oldest first. */
  readonly events: readonly KeptEntry[];
  /** To ask from next time. */
  readonly last: number;
  /** How many were told in between and are forgotten. */
  readonly missed: number;
}

/** Notifications kept; the oldest gives way. */
export const JOURNAL_LIMIT = 256;

/** Numbers what the agent tells, passes it on, and keeps the last of it for those who come back. */
export class Journal {
  /** Names this run of the agent: numbers begin anew with each. */
  readonly run: string;
  readonly #listeners = new Set<(entry: JournalEntry) => void>();
  #kept: readonly KeptEntry[] = [];
  #last = 0;

  constructor(agent: Agent, wallTime: () => Date, random: Random) {
    this.run = randomToken(random, 32);
    notify(agent, (notification) => {
      const entry = NOTIFICATIONS[notification.type].passes
        ? notification
        : this.#keep(notification, wallTime());
      for (const listener of this.#listeners) listener(entry);
    });
  }

  /** Number of the newest one that is kept; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Calls `listener` with each notification; the returned function ends it. */
  listen(listener: (entry: JournalEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * What was told after number `since`, at most `limit` of it. A number that was not given out yet
   * is one of an earlier run: all is told that there is.
   */
  after(since: number, limit: number): JournalPage {
    const from = since > this.#last ? 0 : since;
    const first = this.#kept[0]?.number ?? this.#last + 1;
    const events = this.#kept.filter(({ number }) => number > from).slice(0, limit);
    return {
      events,
      last: events[events.length - 1]?.number ?? this.#last,
      missed: Math.max(0, first - 1 - from),
    };
  }

  #keep(notification: Notification, at: Date): KeptEntry {
    this.#last += 1;
    const entry = { number: this.#last, at: at.toISOString(), ...notification };
    this.#kept = [...this.#kept, entry].slice(-JOURNAL_LIMIT);
    return entry;
  }
}
