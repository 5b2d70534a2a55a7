import type { IncomingMessage } from 'node:http';
import { expect } from 'vitest';

export interface SentEvent {
  readonly type: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** What comes on a stream of server-sent events, as far as it came. */
export class EventReader {
  readonly #response: IncomingMessage;
  #text = '';
  #isOver = false;

  constructor(response: IncomingMessage) {
    this.#response = response;
    response.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text;
    });
    response.on('close', () => {
      this.#isOver = true;
    });
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get events(): readonly SentEvent[] {
    return this.#text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => block.includes('data: '))
      .map((block) => {
        const value = (name: string): string | undefined =>
          new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        return {
          type: value('event') ?? '',
          id: value('id'),
          data: JSON.parse(value('data') ?? ''),
        };
      });
  }

  /** Those but the status, which comes of itself. */
  get told(): readonly SentEvent[] {
    return this.events.filter(({ type }) => type !== 'status');
  }

  /** When so many of a type have come. */
  async of(type: string, count = 1): Promise<readonly SentEvent[]> {
    const found = (): SentEvent[] => this.events.filter((event) => event.type === type);
    await expect.poll(() => found().length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
    return found();
  }

  leave(): void {
    this.#response.destroy();
  }
}
