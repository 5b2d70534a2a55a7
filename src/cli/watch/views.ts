import { notificationMessage, type StatusReply } from '../../control';
import { notificationInWords, statusLine } from '../status-words';

/** What a watch shows, in one way or another. */
export interface View {
  event(type: string, param: unknown): void;
  look(status: StatusReply): void;
  /** What a person did, or what came of it. */
  say(words: string): void;
  end(): void;
}

export interface Output {
  write(text: string): unknown;
}

/** A line each. */
export class PlainView implements View {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  event(type: string, param: unknown): void {
    const words = notificationInWords(type, param);
    if (words) this.say(words);
  }

  look(status: StatusReply): void {
    this.say(statusLine(status));
  }

  say(words: string): void {
    this.#output.write(`${words}\n`);
  }

  end(): void {
    // Every line is complete already.
  }
}

/** An object each, for programs. */
export class JsonView implements View {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  event(type: string, param: unknown): void {
    this.#output.write(`${JSON.stringify(notificationMessage(type, param))}\n`);
  }

  look(status: StatusReply): void {
    this.event('status', status);
  }

  say(): void {
    // Programs press no keys.
  }

  end(): void {
    // Every line is complete already.
  }
}
