import { type Told, told } from './nmea-sentence';
import type { Fix } from './shapes';

/** What one sentence says goes with the place that another one tells, ms. */
const TOGETHER_MS = 3000;
const DAY_MS = 86_400_000;

/** Sentences to fixes: each type tells a part, in an order of the receiver's own. */
export class NmeaFix {
  readonly #parts = new Map<string, { readonly told: Told; readonly at: number }>();

  /**
   * @param fields of a sentence, its type first.
   * @returns what is known by now, where the sentence has a place. A fix that is lost has none.
   */
  hear(fields: readonly string[], now: number): Fix | undefined {
    const heard = told(fields);
    if (!heard) return undefined;
    for (const [type, { at }] of this.#parts) {
      if (heard.place === 'lost' || now - at >= TOGETHER_MS) this.#parts.delete(type);
    }
    if (heard.place === 'lost') return undefined;
    const [type = ''] = fields;
    // Of several that tell the same the last one counts.
    this.#parts.delete(type);
    this.#parts.set(type, { told: heard, at: now });
    return heard.place && { ...heard.place, ...this.#known(heard.timeOfDay) };
  }

  #known(timeOfDay: number | undefined): Omit<Fix, 'latitude' | 'longitude'> {
    const altitude = this.#last(({ told }) => told.altitude);
    const accuracy = this.#last(({ told }) => told.accuracy);
    const speed = this.#last(({ told }) => told.speed);
    const heading = this.#last(({ told }) => told.heading);
    const time = this.#time(timeOfDay);
    return {
      ...(altitude === undefined ? {} : { altitude }),
      ...(accuracy === undefined ? {} : { accuracy }),
      ...(speed === undefined ? {} : { speed: Math.round(speed * 100) / 100 }),
      ...(heading === undefined ? {} : { heading }),
      ...(time === undefined ? {} : { time }),
    };
  }

  /** The day is told by one type alone, which may have told it before midnight. */
  #time(timeOfDay: number | undefined): string | undefined {
    const dated = this.#last(({ told: { midnight, timeOfDay: then } }) =>
      midnight === undefined || then === undefined ? undefined : { midnight, then },
    );
    if (!dated || timeOfDay === undefined) return undefined;
    const isNextDay = timeOfDay < dated.then - DAY_MS / 2;
    return new Date(dated.midnight + timeOfDay + (isNextDay ? DAY_MS : 0)).toISOString();
  }

  #last<Value>(of: (part: { readonly told: Told }) => Value | undefined): Value | undefined {
    return [...this.#parts.values()].reverse().flatMap((part) => of(part) ?? [])[0];
  }
}
