import { JsonLines, type LineFile } from '../../platform';

/** Events that wait for the broker; the oldest gives way. */
export const OUTBOX_LIMIT = 1000;
/** Of one event as text; longer texts in it are cut. */
const LONGEST_EVENT = 2048;
const LONGEST_TEXT = 128;

/** Something that happened, as it is told. */
export interface Event {
  /** A run of the agent: numbers begin anew with each. */
  readonly run: string;
  /** From 1 at the start of the agent; a gap is what was missed. */
  readonly number: number;
  /** Civil time, ISO 8601. */
  readonly at: string;
  readonly type: string;
  readonly param?: object;
}

/** A line of the file: an event, or the last one that was delivered; and how many gave way up to then. */
type Line = (Event | { readonly delivered: Pick<Event, 'run' | 'number'> }) & {
  readonly dropped: number;
};

/**
 * Events on their way to the broker, in their order. Those that wait while it is away are kept in a file, where there is
 * one: an end at any moment loses none of them, and may tell some twice.
 */
export class Outbox {
  readonly #lines: JsonLines | undefined;
  #waiting: Event[] = [];
  /** Of those that wait, how many of the first are on their way, and how many stand in the file. */
  #under = 0;
  #kept = 0;
  #lastDelivered: Event | undefined;
  /** The last that the file told of at the start, waiting or delivered. */
  #last: Pick<Event, 'run' | 'number'> | undefined;
  #dropped = 0;
  #isAway = true;

  /** @param file none keeps them in memory. Never rejects. */
  static async open(file: LineFile | undefined): Promise<Outbox> {
    // Before them the one that was delivered last.
    const lines = file && new JsonLines(file, OUTBOX_LIMIT + 1);
    return new Outbox(lines, lines ? await lines.loadInTime() : []);
  }

  private constructor(lines: JsonLines | undefined, former: readonly unknown[]) {
    this.#lines = lines;
    for (const line of former.filter(isLine)) {
      this.#dropped = Math.max(this.#dropped, line.dropped);
      if (!('delivered' in line)) {
        const { dropped: _, ...event } = line;
        this.#waiting.push(event);
        this.#last = event;
        continue;
      }
      this.#last = line.delivered;
      const { run, number } = line.delivered;
      const place = this.#waiting.findIndex(
        (event) => event.run === run && event.number === number,
      );
      this.#waiting.splice(0, place + 1);
    }
    // Room for the mark holds one that gave way when there is none.
    this.#waiting.splice(0, this.#waiting.length - OUTBOX_LIMIT);
    this.#kept = this.#waiting.length;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** How many gave way since there is a file, or since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Number of the last event of `run` that a file has brought here; 0 when none has. */
  lastOf(run: string): number {
    return this.#last?.run === run ? this.#last.number : 0;
  }

  /** Why those that wait are kept in memory only, in words; undefined when they are not, or have no file. */
  get problem(): string | undefined {
    return this.#lines?.problem;
  }

  add(event: Event): void {
    this.#waiting.push(shortened(event));
    if (this.#waiting.length > OUTBOX_LIMIT) {
      this.#waiting.shift();
      this.#dropped += 1;
      this.#under = Math.max(0, this.#under - 1);
      this.#kept = Math.max(0, this.#kept - 1);
    }
    if (this.#isAway) this.#keep();
  }

  /** The next one to tell, with how many gave way; it waits on until it is delivered. */
  next(): { readonly event: Event; readonly payload: string } | undefined {
    const event = this.#waiting[this.#under];
    if (!event) return undefined;
    this.#under += 1;
    return { event, payload: JSON.stringify({ ...event, dropped: this.#dropped }) };
  }

  /** The broker has it, and so all before it: what is told in order arrives in order. */
  delivered(event: Event): void {
    const count = this.#waiting.indexOf(event) + 1;
    if (count === 0) return;
    this.#waiting.splice(0, count);
    this.#under -= count;
    if (this.#kept > 0) this.#lastDelivered = event;
    this.#kept = Math.max(0, this.#kept - count);
    if (this.#kept === 0) this.#markDelivered();
  }

  /** There is a broker now: what is told need not be kept. */
  online(): void {
    this.#isAway = false;
  }

  /** It is gone, with what was on its way. */
  offline(): void {
    this.#isAway = true;
    this.#under = 0;
    this.#markDelivered();
    this.#keep();
  }

  /** Resolves when all that can be written is. */
  async settled(): Promise<void> {
    await this.#lines?.settled();
  }

  #keep(): void {
    for (const event of this.#waiting.slice(this.#kept)) this.#lines?.add(this.#lineOf(event));
    this.#kept = this.#waiting.length;
  }

  /** What was delivered leaves the file. */
  #markDelivered(): void {
    if (!this.#lastDelivered) return;
    const { run, number } = this.#lastDelivered;
    const mark: Line = { delivered: { run, number }, dropped: this.#dropped };
    const kept = this.#waiting.slice(0, this.#kept).map((event) => this.#lineOf(event));
    this.#lines?.become([mark, ...kept]);
    this.#lastDelivered = undefined;
  }

  #lineOf(event: Event): Line {
    return { ...event, dropped: this.#dropped };
  }
}

/** The far end's name may be of any length; a store that is bounded by count shall be bounded by size. */
function shortened(event: Event): Event {
  if (JSON.stringify(event).length <= LONGEST_EVENT) return event;
  const short: Event = JSON.parse(
    JSON.stringify(event, (_, value) =>
      typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : value,
    ),
  );
  if (JSON.stringify(short).length <= LONGEST_EVENT) return short;
  const { param: _, ...rest } = short;
  return rest;
}

function isLine(value: unknown): value is Line {
  if (!isFields(value) || typeof value.dropped !== 'number') return false;
  if ('delivered' in value) return isFields(value.delivered) && isPlace(value.delivered);
  const { at, type, param } = value;
  return (
    isPlace(value) &&
    typeof at === 'string' &&
    typeof type === 'string' &&
    (param === undefined || isFields(param))
  );
}

function isPlace({ run, number }: Readonly<Record<string, unknown>>): boolean {
  return typeof run === 'string' && Number.isSafeInteger(number);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
