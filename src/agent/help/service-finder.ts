import type { Clock, Logger, Timer } from '../../platform';
import { findService, isWithin, type Mapping, readMapping } from './lost-message';
import { askServer } from './lost-request';
import type { Place } from './nmea-sentence';

export interface ServiceFinderParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly position: () => Place | undefined;
}

/** What is known of one service. */
interface Known {
  readonly mapping: Mapping;
  /** By our clock, ms. */
  readonly goodUntil: number;
  /** It may be used later, where nothing newer is to be had. */
  readonly isKept: boolean;
  readonly askedFor: Place;
}

/** So long a call for help waits, and so long an answer is waited for otherwise, ms. */
const CALL_WAITS_MS = 2000;
const ANSWER_MS = 10_000;
/** Between two questions of one service that no call is behind, ms: longer each time that there is no answer. */
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3_600_000;
/** However long a mapping is good, ms. */
const LONGEST_MS = 86_400_000;
/** Of one that is for this call alone. */
const THIS_CALL_MS = 10_000;
/** So long who could not be reached is let be, ms. */
const GIVEN_UP_MS = 300_000;
/** How far a mapping without a boundary reaches, m. */
const NEAR_M = 1000;
const DEGREE_M = 111_320;

/**
 * Who answers for services here, by LoST (RFC 5222): asked for before it is needed, as soon as a position is known, when that leaves the
 * boundary of the answer, and when the answer is no longer good (RFC 6881 §8).
 */
export class ServiceFinder {
  readonly #server: string;
  readonly #services: readonly string[];
  readonly #parts: ServiceFinderParts;
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, Promise<void>>();
  readonly #nextAt = new Map<string, number>();
  /** Questions in turn that had no answer. */
  readonly #failures = new Map<string, number>();
  readonly #givenUp = new Map<string, number>();
  readonly #end = new AbortController();
  #timer: Timer | undefined;
  #problem: string | undefined;

  /** @param services those that will be called. */
  constructor(server: string, services: readonly string[], parts: ServiceFinderParts) {
    this.#server = server;
    this.#services = services;
    this.#parts = parts;
    this.moved();
  }

  /** Of the last answer, in words. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** The position is another one, or time has gone by. */
  moved(): void {
    const position = this.#parts.position();
    if (!position) return;
    for (const service of this.#services) {
      const isDue = this.#parts.clock.now() >= (this.#nextAt.get(service) ?? 0);
      if (isDue && !this.#isGood(service, position)) void this.#ask(service, position);
    }
  }

  /** For a call: undefined when what is known is good, or nothing can be; else it resolves when there is an answer, or in two seconds. */
  find(service: string): Promise<void> | undefined {
    const position = this.#parts.position();
    if (!position || this.#isGood(service, position)) return undefined;
    const answer = this.#ask(service, position);
    return new Promise((resolve) => {
      const limit = this.#parts.clock.setTimer(CALL_WAITS_MS, resolve);
      void answer.then(() => {
        limit.cancel();
        resolve();
      });
    });
  }

  /** Where calls of the service go, as far as it is known: RFC 6881 takes what was good before over nothing. */
  routeOf(service: string): string | undefined {
    const known = this.#known.get(service);
    const now = this.#parts.clock.now();
    if (!known || (now >= known.goodUntil && !known.isKept)) return undefined;
    return known.mapping.uris.find((uri) => now >= (this.#givenUp.get(uri) ?? 0));
  }

  /** That one could not be reached. */
  giveUp(uri: string): void {
    if (this.#givenUp.size >= 16) this.#givenUp.clear();
    this.#givenUp.set(uri, this.#parts.clock.now() + GIVEN_UP_MS);
  }

  close(): void {
    this.#timer?.cancel();
    this.#end.abort();
  }

  #isGood(service: string, position: Place): boolean {
    const known = this.#known.get(service);
    if (!known || this.#parts.clock.now() >= known.goodUntil) return false;
    const { boundary } = known.mapping;
    if (boundary.length > 0) return boundary.some((ring) => isWithin(ring, position));
    return distance(known.askedFor, position) < NEAR_M;
  }

  #ask(service: string, position: Place): Promise<void> {
    const asked = this.#asked.get(service);
    if (asked) return asked;
    const answer = this.#answer(service, position).finally(() => {
      this.#asked.delete(service);
      this.#awaitNext();
    });
    this.#asked.set(service, answer);
    return answer;
  }

  /** Never rejects. */
  async #answer(service: string, position: Place): Promise<void> {
    const { clock, log } = this.#parts;
    const late = new AbortController();
    const limit = clock.setTimer(ANSWER_MS, () => late.abort());
    const onEnd = (): void => late.abort();
    this.#end.signal.addEventListener('abort', onEnd);
    try {
      const question = findService(service, position);
      const { document, date } = await askServer(this.#server, question, late.signal);
      const mapping = readMapping(document);
      this.#learn(service, position, mapping, date ?? clock.wallTime().getTime());
    } catch (error) {
      if (this.#end.signal.aborted) return;
      const words = error instanceof Error ? error.message : String(error);
      const reason = late.signal.aborted ? `no answer within ${ANSWER_MS / 1000} s` : words;
      if (this.#problem === undefined) log.warn('lost: no mapping', { service, reason });
      this.#problem = reason;
      const failures = this.#failures.get(service) ?? 0;
      this.#failures.set(service, failures + 1);
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
      this.#nextAt.set(service, clock.now() + waitMs);
    } finally {
      limit.cancel();
      this.#end.signal.removeEventListener('abort', onEnd);
    }
  }

  /** @param date when the server wrote it, by the clock that its times are of. */
  #learn(service: string, askedFor: Place, mapping: Mapping, date: number): void {
    const { clock, log } = this.#parts;
    const isKept = mapping.expires > 0;
    const lasts = Math.min(LONGEST_MS, Math.max(FIRST_WAIT_MS, mapping.expires - date));
    const goodUntil = clock.now() + (isKept ? lasts : THIS_CALL_MS);
    this.#known.set(service, { mapping, goodUntil, isKept, askedFor });
    this.#problem = undefined;
    this.#failures.delete(service);
    // What is for one call alone is asked for by calls alone.
    this.#nextAt.set(service, isKept ? clock.now() + FIRST_WAIT_MS : Number.POSITIVE_INFINITY);
    log.info('lost: found', { service, uri: mapping.uris[0] });
  }

  #awaitNext(): void {
    this.#timer?.cancel();
    if (this.#end.signal.aborted) return;
    const times = this.#services.map((service) =>
      Math.max(this.#nextAt.get(service) ?? 0, this.#known.get(service)?.goodUntil ?? 0),
    );
    const wait = Math.min(...times) - this.#parts.clock.now();
    if (!Number.isFinite(wait)) return;
    this.#timer = this.#parts.clock.setTimer(Math.max(FIRST_WAIT_MS, wait), () => {
      this.moved();
      this.#awaitNext();
    });
  }
}

/** m, on a map of degrees. */
function distance(one: Place, other: Place): number {
  const north = (other.latitude - one.latitude) * DEGREE_M;
  const narrowing = Math.cos((one.latitude * Math.PI) / 180);
  const east = (other.longitude - one.longitude) * DEGREE_M * narrowing;
  return Math.hypot(north, east);
}
