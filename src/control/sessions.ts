import type { Clock } from '../platform';
import type { Sender } from './wire';

/** A client that may send commands and is sent notifications. */
export interface Session {
  readonly token: number;
  /** Where its last request came from, and notifications go. */
  readonly client: Sender;
}

interface Entry extends Session {
  readonly seenAt: number;
}

export const MAX_SESSIONS = 8;
/** A session that says nothing for this long is forgotten, ms. */
export const IDLE_MS = 300_000;

/**
 * Sessions by token. Tokens grow with each session, as the camera's do. A token is good from the
 * address it was given to, whatever the port: a script may open a socket per command.
 */
export class Sessions {
  readonly #clock: Clock;
  readonly #entries = new Map<number, Entry>();
  #lastToken = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get all(): readonly Session[] {
    this.#expire();
    return [...this.#entries.values()];
  }

  /** A new session, in place of a former one of the same client; undefined when all are taken. */
  start(client: Sender): Session | undefined {
    this.#expire();
    for (const entry of this.#entries.values()) {
      const { address, port } = entry.client;
      if (address === client.address && port === client.port) this.#entries.delete(entry.token);
    }
    if (this.#entries.size >= MAX_SESSIONS) return undefined;
    this.#lastToken += 1;
    return this.#remember(this.#lastToken, client);
  }

  /** The session of `token` when `client` may use it; it counts as seen. */
  find(token: unknown, client: Sender): Session | undefined {
    this.#expire();
    if (typeof token !== 'number') return undefined;
    const entry = this.#entries.get(token);
    if (entry?.client.address !== client.address) return undefined;
    return this.#remember(token, client);
  }

  stop(token: number): void {
    this.#entries.delete(token);
  }

  #remember(token: number, client: Sender): Session {
    const entry = { token, client, seenAt: this.#clock.now() };
    this.#entries.set(token, entry);
    return entry;
  }

  #expire(): void {
    const oldest = this.#clock.now() - IDLE_MS;
    for (const { token, seenAt } of this.#entries.values()) {
      if (seenAt < oldest) this.#entries.delete(token);
    }
  }
}
