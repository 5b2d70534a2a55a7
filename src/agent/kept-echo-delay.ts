import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, replaceFile } from '../platform';
import type { Agent } from './agent';

/** What of the configuration says which devices they are. */
export interface SoundDevices {
  readonly microphone: object;
  readonly speaker: object;
}

/** Further off than any device: what is read is no delay of one. */
const MOST_MS = 1000;
/** Less is no news. */
const LEAST_CHANGE_MS = 5;

/** What the devices do not say of their delay, as one call found it, for the next: `echo-delay.json`, by devices. */
export class KeptEchoDelay {
  readonly #path: string;
  readonly #devices: string;
  readonly #log: Logger;
  readonly #kept: Map<string, number>;
  #written: Promise<void> = Promise.resolve();

  /** What cannot be read is not there. Never rejects. */
  static async open(directory: string, devices: SoundDevices, log: Logger): Promise<KeptEchoDelay> {
    const path = join(directory, 'echo-delay.json');
    const text = await readFile(path, 'utf8').catch(() => '');
    return new KeptEchoDelay(path, devices, log, delaysOf(text));
  }

  private constructor(
    path: string,
    { microphone, speaker }: SoundDevices,
    log: Logger,
    kept: Map<string, number>,
  ) {
    this.#path = path;
    this.#devices = JSON.stringify([microphone, speaker]);
    this.#log = log.area('media');
    this.#kept = kept;
  }

  /** Undefined where no call with these devices has found it. */
  get delayMs(): number | undefined {
    return this.#kept.get(this.#devices);
  }

  /** Keeps what each call found when it ends. */
  follow(agent: Agent): void {
    agent.events.on('call', ({ state }) => {
      const found = agent.status().engine?.voice?.echoDelayMs;
      if (state === 'ended' && found !== undefined) this.#keep(found);
    });
  }

  /** Resolves when all that can be written is. */
  settled(): Promise<void> {
    return this.#written;
  }

  #keep(found: number): void {
    const { delayMs } = this;
    if (delayMs !== undefined && Math.abs(delayMs - found) < LEAST_CHANGE_MS) return;
    this.#kept.set(this.#devices, found);
    const text = `${JSON.stringify(Object.fromEntries(this.#kept))}\n`;
    this.#written = this.#written
      .then(() => replaceFile(this.#path, text))
      .catch((error: unknown) =>
        this.#log.warn('the delay of the echo is not kept', { reason: String(error) }),
      );
  }
}

function delaysOf(text: string): Map<string, number> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(Object.entries(value).filter(isDelay));
  } catch {
    return new Map();
  }
}

function isDelay(entry: [string, unknown]): entry is [string, number] {
  const [, delay] = entry;
  return typeof delay === 'number' && Number.isInteger(delay) && Math.abs(delay) <= MOST_MS;
}
