import { createHash } from 'node:crypto';
import { BoundedMap, type Rate, TokenBucket } from '../../platform';
import type { Problem } from '../../schema';
import type { Outcome } from '../carry-out';
import type { CommandRequest } from '../command-request';
import type { Arrival, Message } from './broker';
import type { MqttSurfaceOptions } from './settings';
import type { Topics } from './topics';

/** Longer ones are not read. */
export const MAX_PAYLOAD = 8192;
/** What was sent longer ago is not carried out: nobody waits for it any more. */
export const MAX_AGE_MS = 60_000;
/** The same request is known again for so long. */
export const REMEMBERED_MS = 10 * 60_000;
const MAX_REMEMBERED = 64;
/** Beyond that commands are thrown away unread. */
const RATE: Rate = { perSecond: 20, burst: 50 };
/** A response that nobody takes in that time is of no use. */
const RESPONSE_EXPIRY_S = 60;

/** What a command came to, as it is told. */
type Response = { readonly ok: true; readonly reply?: unknown } | Failure;

export interface Failure {
  readonly ok: false;
  readonly error:
    | 'malformed'
    | 'too-old'
    | 'retained'
    | 'not-served'
    | Extract<Outcome, { kind: 'refused' }>['refusal'];
  readonly reason: string;
  /** Which member of the request is to blame, where it is one. */
  readonly field?: string;
  /** All that is wrong with a request that is malformed. */
  readonly problems?: readonly Problem[];
}

interface Remembered {
  readonly at: number;
  readonly response: Promise<Message>;
}

/** Carries out the commands that the broker passes on. */
export class Commands {
  /** How many came, and how many of them were refused unread. */
  readonly counters = { commands: 0, refused: 0 };
  readonly #options: MqttSurfaceOptions;
  readonly #topics: Topics;
  readonly #isServed: boolean;
  readonly #onDone: (command: string) => void;
  readonly #bucket: TokenBucket;
  readonly #remembered = new BoundedMap<Remembered>(MAX_REMEMBERED);

  /**
   * @param isServed whether the broker can know who sends.
   * @param onDone hears the name of a command that was carried out.
   */
  constructor(
    options: MqttSurfaceOptions,
    topics: Topics,
    isServed: boolean,
    onDone: (command: string) => void,
  ) {
    this.#options = options;
    this.#topics = topics;
    this.#isServed = isServed;
    this.#onDone = onDone;
    this.#bucket = new TokenBucket(RATE, options.control.clock.now());
  }

  /** The response to a command; undefined for one too many. Never rejects. */
  async handle(arrival: Arrival): Promise<Message | undefined> {
    this.counters.commands += 1;
    if (!this.#bucket.take(this.#options.control.clock.now())) {
      this.counters.refused += 1;
      return undefined;
    }
    if (arrival.payload.length > MAX_PAYLOAD) {
      const found = `${arrival.payload.length} bytes`;
      return this.#refuse(arrival, undefined, malformed([at('', found, `at most ${MAX_PAYLOAD}`)]));
    }
    const value = jsonIn(arrival.payload);
    if (value === undefined) {
      const problem = at('', 'a payload that is not JSON', 'an object with "command"');
      return this.#refuse(arrival, undefined, malformed([problem]));
    }
    const failure = this.#forbids(arrival);
    if (failure) return this.#refuse(arrival, value, failure);
    const { request, problems } = this.#options.readRequest(value);
    if (!request) return this.#message(arrival, value, malformed(problems));
    return this.#once(arrival, value, request);
  }

  /** What is not carried out whatever it says. */
  #forbids({ retained, responseTopic }: Arrival): Failure | undefined {
    if (!this.#isServed) {
      return {
        ok: false,
        error: 'not-served',
        reason:
          'the broker is on another machine and lets in whoever comes: set mqtt.username or mqtt.certFile',
      };
    }
    if (retained) {
      return {
        ok: false,
        error: 'retained',
        reason: 'a command that is kept at the broker is never carried out: send it without retain',
      };
    }
    if (responseTopic === undefined || this.#topics.mayBeAnsweredTo(responseTopic))
      return undefined;
    return malformed([
      at(
        'response topic',
        JSON.stringify(responseTopic),
        'one without wildcards, outside dashvoip/ and homeassistant/, or below this device’s response',
      ),
    ]);
  }

  /** A request that comes again is answered as before, and not carried out again. */
  #once(arrival: Arrival, value: unknown, request: CommandRequest): Promise<Message> {
    const { clock } = this.#options.control;
    const key = keyOf(arrival, request);
    const isMarked = request.id !== undefined || arrival.correlationData !== undefined;
    const former = isMarked || arrival.repeated ? this.#remembered.get(key) : undefined;
    if (former && clock.now() - former.at < REMEMBERED_MS) return former.response;
    const response = this.#carryOut(request).then((made) => this.#message(arrival, value, made));
    this.#remembered.set(key, { at: clock.now(), response });
    return response;
  }

  async #carryOut({ command, param, sent }: CommandRequest): Promise<Response> {
    const age = sent === undefined ? undefined : this.#tooOld(sent);
    if (age) return age;
    const { carryOut, control, log } = this.#options;
    const outcome = await carryOut(command, param, control, log);
    switch (outcome.kind) {
      case 'done':
        this.#onDone(command.name);
        return { ok: true, ...(outcome.reply === undefined ? {} : { reply: outcome.reply }) };
      case 'malformed':
        return malformed(outcome.problems);
      case 'refused': {
        const { refusal: error, reason, param: blamed } = outcome;
        const field = blamed === undefined ? {} : { field: `param.${blamed}` };
        return { ok: false, error, reason, ...field };
      }
    }
  }

  #tooOld(sent: string): Failure | undefined {
    const now = this.#options.control.clock.wallTime();
    if (Math.abs(now.getTime() - Date.parse(sent)) <= MAX_AGE_MS) return undefined;
    this.counters.refused += 1;
    const reason = `sent: found ${sent}, expected a time within ${MAX_AGE_MS / 1000} s of this camera’s clock, which says ${now.toISOString()}`;
    return { ok: false, error: 'too-old', reason, field: 'sent' };
  }

  #refuse(arrival: Arrival, value: unknown, failure: Failure): Message {
    this.counters.refused += 1;
    this.#options.log.warn('command refused', { reason: failure.reason });
    return this.#message(arrival, value, failure);
  }

  #message(
    { responseTopic, correlationData }: Arrival,
    value: unknown,
    response: Response,
  ): Message {
    const isAllowed = responseTopic !== undefined && this.#topics.mayBeAnsweredTo(responseTopic);
    return {
      topic: isAllowed ? responseTopic : this.#topics.response,
      payload: JSON.stringify({ ...marksOf(value), ...response }),
      expiryS: RESPONSE_EXPIRY_S,
      ...(correlationData ? { correlationData } : {}),
    };
  }
}

/** Which requests are one: of the same mark, the same way back, and the same wish; when it was sent may differ. */
function keyOf({ responseTopic, correlationData }: Arrival, request: CommandRequest): string {
  const { id, command, param } = request;
  const wish = [responseTopic, correlationData?.toString('base64'), id, command.name, param];
  return createHash('sha256').update(JSON.stringify(wish)).digest('base64');
}

/** What of a request the response repeats, however wrong the rest is. */
function marksOf(value: unknown): { readonly command?: string; readonly id?: string | number } {
  if (typeof value !== 'object' || value === null) return {};
  const command: unknown = Reflect.get(value, 'command');
  const id: unknown = Reflect.get(value, 'id');
  return {
    ...(typeof command === 'string' && command.length <= 64 ? { command } : {}),
    ...(typeof id === 'number' || (typeof id === 'string' && id.length <= 64) ? { id } : {}),
  };
}

function malformed(problems: readonly Problem[]): Failure {
  const reason = problems
    .map(
      ({ path, found, expected }) => `${path || 'payload'}: found ${found}, expected ${expected}`,
    )
    .join('; ');
  return { ok: false, error: 'malformed', reason, problems };
}

function at(path: string, found: string, expected: string): Problem {
  return { path, found, expected };
}

function jsonIn(payload: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
    return value;
  } catch {
    // Neither is what is no text.
    return undefined;
  }
}
