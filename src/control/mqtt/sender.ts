import { maskPasswords } from '../../platform';
import type { Connection, Message } from './broker';
import type { Outbox } from './outbox';
import type { Retained } from './retained';

/** Messages that the broker has not taken yet. */
const WINDOW = 16;
/** Responses that wait; who sends commands faster than the broker takes responses gets none for the newest. */
const MAX_RESPONSES = 64;

/** Tells the broker what there is to tell: responses first, then what stands, then what happened, in its order. */
export class Sender {
  readonly #retained: Retained;
  readonly #outbox: Outbox;
  readonly #eventTopic: string;
  readonly #onRefused: (topic: string, words: string) => void;
  #responses: Message[] = [];
  #connection: Connection | undefined;
  #underWay = 0;
  #whenEmpty: (() => void) | undefined;

  constructor(
    retained: Retained,
    outbox: Outbox,
    eventTopic: string,
    onRefused: (topic: string, words: string) => void,
  ) {
    this.#retained = retained;
    this.#outbox = outbox;
    this.#eventTopic = eventTopic;
    this.#onRefused = onRefused;
  }

  attach(connection: Connection): void {
    this.#connection = connection;
    this.#outbox.online();
    this.#retained.renew();
    this.wake();
  }

  /** Whoever asked over a connection that is gone is not waiting any more. */
  detach(): void {
    this.#connection = undefined;
    this.#underWay = 0;
    this.#responses = [];
    this.#outbox.offline();
  }

  respond(message: Message): void {
    if (this.#connection && this.#responses.length < MAX_RESPONSES) this.#responses.push(message);
    this.wake();
  }

  /** There may be something to tell. */
  wake(): void {
    const connection = this.#connection;
    while (connection && this.#connection === connection && this.#underWay < WINDOW) {
      if (!this.#tellNext(connection)) break;
    }
    if (this.#underWay === 0) this.#whenEmpty?.();
  }

  /** Resolves when the broker has taken all there is; at once without one. */
  emptied(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenEmpty = resolve;
      this.wake();
    });
  }

  #tellNext(connection: Connection): boolean {
    const message = this.#responses.shift() ?? this.#retained.next();
    if (message) {
      this.#tell(connection, message, () => undefined);
      return true;
    }
    const next = this.#outbox.next();
    if (!next) return false;
    const { event, payload } = next;
    this.#tell(connection, { topic: this.#eventTopic, payload }, () =>
      this.#outbox.delivered(event),
    );
    return true;
  }

  #tell(connection: Connection, message: Message, onTaken: () => void): void {
    this.#underWay += 1;
    const { payload } = message;
    const masked = typeof payload === 'string' ? maskPasswords(payload) : payload;
    void connection.publish({ ...message, payload: masked }).then((refusal) => {
      if (this.#connection !== connection) return;
      this.#underWay -= 1;
      // What is refused now is refused again: it does not keep the others waiting.
      if (refusal !== undefined) this.#onRefused(message.topic, refusal);
      onTaken();
      this.wake();
    });
  }
}
