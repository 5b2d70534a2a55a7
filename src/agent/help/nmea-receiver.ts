import type { Clock, Logger, Timer } from '../../platform';
import { openDevice } from './nmea-device';
import { NmeaFix } from './nmea-fix';
import { NmeaLines } from './nmea-lines';
import { fieldsOf } from './nmea-sentence';
import { openDatagrams, openStream } from './nmea-socket';
import type { Source, SourceListener } from './nmea-source';
import type { Fix } from './shapes';

export interface NmeaReceiverParts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly onFix: (fix: Fix) => void;
}

/** A receiver says something every second, ms. */
const SILENCE_MS = 10_000;
/** Octets; of more that are none nothing was understood. */
const SENTENCE = 82;
/** Before it is opened anew, ms: twice as long each time, up to a minute. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** A receiver of satellites that tells where it is by NMEA 0183; one that is gone is opened anew. */
export class NmeaReceiver {
  readonly #place: string;
  readonly #parts: NmeaReceiverParts;
  #source: Source | undefined;
  #lines = new NmeaLines();
  #fix = new NmeaFix();
  #timer: Timer | undefined;
  #waitMs = FIRST_WAIT_MS;
  #problem: string | undefined;
  /** Since the last sentence. */
  #octets = 0;

  /** @param place as `emergency.nmea` has it. */
  constructor(place: string, parts: NmeaReceiverParts) {
    this.#place = place;
    this.#parts = parts;
    this.#open();
  }

  /** In words; undefined while it says something. */
  get problem(): string | undefined {
    return this.#problem;
  }

  close(): void {
    this.#timer?.cancel();
    this.#source?.close();
    this.#source = undefined;
  }

  #open(): void {
    this.#lines = new NmeaLines();
    this.#fix = new NmeaFix();
    this.#octets = 0;
    this.#awaitSentence();
    this.#source = openSource(this.#place, this.#parts.clock, {
      onData: (octets, isWhole) => {
        this.#octets += octets.length;
        for (const line of this.#lines.push(octets)) this.#hear(line);
        if (isWhole) for (const line of this.#lines.end()) this.#hear(line);
      },
      onEnd: (reason) => this.#fail(reason),
    });
  }

  #awaitSentence(): void {
    this.#timer?.cancel();
    this.#timer = this.#parts.clock.setTimer(SILENCE_MS, () => {
      const seconds = SILENCE_MS / 1000;
      this.#fail(
        this.#octets > SENTENCE
          ? `no NMEA sentence for ${seconds} s in ${this.#octets} octets: is the baud rate right?`
          : `nothing for ${seconds} s`,
      );
    });
  }

  #hear(line: string): void {
    const fields = fieldsOf(line);
    if (!fields) {
      // gpsd tells nothing before it is asked.
      if (line.startsWith('{"class":"VERSION"')) {
        this.#source?.write?.('?WATCH={"enable":true,"nmea":true}\n');
      }
      return;
    }
    if (this.#problem !== undefined) this.#parts.log.info('nmea: heard', { place: this.#place });
    this.#problem = undefined;
    this.#waitMs = FIRST_WAIT_MS;
    this.#octets = 0;
    this.#awaitSentence();
    const fix = this.#fix.hear(fields, this.#parts.clock.now());
    if (fix) this.#parts.onFix(fix);
  }

  #fail(reason: string): void {
    this.close();
    const { clock, log } = this.#parts;
    if (this.#problem === undefined) log.warn('nmea: not heard', { place: this.#place, reason });
    this.#problem = reason;
    this.#timer = clock.setTimer(this.#waitMs, () => this.#open());
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
  }
}

/** @param place a path, `udp:ADDRESS:PORT` or `tcp:ADDRESS:PORT`, as the configuration has it. */
function openSource(place: string, clock: Clock, listener: SourceListener): Source {
  const [, kind, address = '', port] = /^(udp|tcp):(.+):(\d+)$/.exec(place) ?? [];
  const at = { address: address.replace(/^\[|\]$/g, ''), port: Number(port) };
  if (kind === 'udp') return openDatagrams(at, listener);
  if (kind === 'tcp') return openStream(at, clock, listener);
  return openDevice(place, clock, listener);
}
