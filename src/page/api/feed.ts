import type { LogLevel } from '../../platform';
import { EventStreamParser, type StreamEvent } from './event-stream';

/** What becomes of the stream, and what comes through it. */
export interface FeedListener {
  onOpen(): void;
  onEvent(event: StreamEvent): void;
  /** It is tried again by itself. */
  onLost(): void;
  /** The session has ended: it is not tried again. */
  onForbidden(): void;
}

/** A status comes each second: after this silence nothing will, ms. */
const SILENCE_MS = 6000;
const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 4000;

/** The agent's events, for as long as the page is open: whenever the stream breaks it is opened anew. */
export class Feed {
  readonly #listener: FeedListener;
  #attempt: AbortController | undefined;
  #retryTimer: number | undefined;
  #retryMs = FIRST_RETRY_MS;
  #lastId = '0';
  #logLevel: LogLevel | undefined;

  constructor(listener: FeedListener) {
    this.#listener = listener;
    // A phone that wakes up, or is in a network again, does not wait for its turn.
    window.addEventListener('online', () => this.#retryNow());
    document.addEventListener('visibilitychange', () => this.#retryNow());
  }

  start(): void {
    this.stop();
    const attempt = new AbortController();
    this.#attempt = attempt;
    void this.#run(attempt);
  }

  stop(): void {
    window.clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    this.#attempt?.abort();
    this.#attempt = undefined;
  }

  /** Which lines of the log come along; none without a level. */
  setLogLevel(level: LogLevel | undefined): void {
    if (level === this.#logLevel) return;
    this.#logLevel = level;
    if (this.#attempt) this.start();
  }

  async #run(attempt: AbortController): Promise<void> {
    const outcome = await this.#read(attempt);
    if (this.#attempt !== attempt) return;
    if (outcome === 'forbidden') {
      this.stop();
      this.#listener.onForbidden();
      return;
    }
    this.#listener.onLost();
    const delay = this.#retryMs * (0.75 + Math.random() / 2);
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
    this.#retryTimer = window.setTimeout(() => this.start(), delay);
  }

  /** Reads one stream to its end. Never rejects. */
  async #read(attempt: AbortController): Promise<'lost' | 'forbidden'> {
    let heardAt = performance.now();
    const watchdog = window.setInterval(() => {
      if (performance.now() - heardAt > SILENCE_MS) attempt.abort();
    }, 1000);
    try {
      const response = await fetch(this.#url(), {
        signal: attempt.signal,
        cache: 'no-store',
        headers: { accept: 'text/event-stream' },
      });
      // 403: to a guest.
      if (response.status === 401 || response.status === 403) return 'forbidden';
      if (!response.ok || !response.body) return 'lost';
      this.#retryMs = FIRST_RETRY_MS;
      this.#listener.onOpen();
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      const parser = new EventStreamParser();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return 'lost';
        heardAt = performance.now();
        for (const event of parser.push(decoder.decode(value, { stream: true }))) {
          if (this.#attempt !== attempt) return 'lost';
          if (event.id !== undefined) this.#lastId = event.id;
          this.#listener.onEvent(event);
        }
      }
    } catch {
      return 'lost';
    } finally {
      window.clearInterval(watchdog);
    }
  }

  #url(): string {
    const query = new URLSearchParams({ since: this.#lastId });
    if (this.#logLevel !== undefined) query.set('log', this.#logLevel);
    return `api/events?${query}`;
  }

  #retryNow(): void {
    if (this.#retryTimer !== undefined && !document.hidden) this.start();
  }
}
