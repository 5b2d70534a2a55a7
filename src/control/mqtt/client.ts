import { expiryOf, type Logger, type Timer } from '../../platform';
import type { JournalEntry, KeptEntry } from '../journal';
import type { MqttStatus } from '../mqtt-status';
import type { Surface } from '../surface';
import { BackOff } from './back-off';
import type { Arrival, Connect, Connection } from './broker';
import { Commands } from './commands';
import type { Outbox } from './outbox';
import { OwnCertificate } from './own-certificate';
import { Retained } from './retained';
import { Sender } from './sender';
import type { MqttSettings, MqttSurfaceOptions } from './settings';
import { Standing } from './standing';
import { HOME_ASSISTANT_STATUS, type Topics, topicsOf } from './topics';

/** Up for so long the next loss is a new one, ms. */
export const STABLE_MS = 60_000;
/** What happens at once is one new state, ms. */
export const STATE_MS = 100;
/** What lies at the broker from an earlier run has come by then, ms. */
export const TIDY_MS = 5000;
/** The command that takes a picture shows it here, too. */
const STILL = 'still';
/** The last words to the broker take no longer, ms. */
const LAST_WORDS_MS = 500;

export interface MqttClientOptions {
  readonly surface: MqttSurfaceOptions;
  readonly settings: MqttSettings;
  readonly outbox: Outbox;
  readonly connect: Connect;
}

/** The agent at an MQTT broker: tells what is and what happens, and carries out what it is sent. */
export class BrokerClient implements Surface {
  readonly #options: MqttClientOptions;
  readonly #topics: Topics;
  readonly #log: Logger;
  readonly #retained = new Retained();
  readonly #standing: Standing;
  readonly #sender: Sender;
  readonly #commands: Commands;
  readonly #backOff: BackOff;
  readonly #certificate: OwnCertificate | undefined;
  readonly #unlisten: readonly (() => unknown)[];
  #connection: Connection | undefined;
  #isConnecting = false;
  #isClosed = false;
  /** The next try, or while connected the end of probation. */
  #timer: Timer | undefined;
  #tidying: Timer | undefined;
  #stateDue: Timer | undefined;
  #since: Date;
  #detail = 'connecting';

  constructor(options: MqttClientOptions) {
    const { surface, settings, outbox } = options;
    const { control, log } = surface;
    this.#options = options;
    this.#topics = topicsOf(settings.device);
    this.#log = log;
    this.#since = control.clock.wallTime();
    this.#backOff = new BackOff(control.random);
    const { certFile } = settings;
    this.#certificate =
      certFile === undefined ? undefined : new OwnCertificate(certFile, control.clock);
    this.#commands = new Commands(surface, this.#topics, settings.servesCommands, (command) => {
      if (command === STILL) this.#takePicture();
    });
    this.#sender = new Sender(this.#retained, outbox, this.#topics.event, (topic, words) =>
      this.#onRefused(topic, words),
    );
    const { journal, agent } = control;
    this.#standing = new Standing(control, settings, this.#topics, this.#retained);
    const known = outbox.lastOf(journal.run);
    for (const entry of journal.after(known, Number.POSITIVE_INFINITY).events) this.#enqueue(entry);
    this.#renewState();
    this.#unlisten = [
      journal.listen((entry) => this.#onEntry(entry)),
      agent.events.on('network', () => this.#retryNow()),
    ];
  }

  get status(): MqttStatus {
    const { settings, outbox } = this.#options;
    const { problem } = outbox;
    return {
      broker: settings.url,
      connected: this.#connection !== undefined,
      since: this.#since.toISOString(),
      detail: this.#detail,
      ...this.#security,
      waiting: outbox.waiting,
      dropped: outbox.dropped,
      ...(problem === undefined ? {} : { notKept: problem }),
      ...this.#commands.counters,
    };
  }

  get #security(): Pick<MqttStatus, 'tls' | 'certificateExpires' | 'expiry'> {
    const own = this.#certificate?.expires;
    const { security } = this.#connection ?? {};
    const now = this.#options.surface.control.clock.wallTime();
    const expiry = [
      ...(own ? expiryOf('mqtt: our certificate', own, now) : []),
      ...(security ? expiryOf('mqtt: the certificate of the broker', security.expires, now) : []),
    ];
    return {
      ...(security ? { tls: { ...security, expires: security.expires.toISOString() } } : {}),
      ...(own ? { certificateExpires: own.toISOString() } : {}),
      ...(expiry.length > 0 ? { expiry } : {}),
    };
  }

  /** Tries, and tries again, until it is closed. */
  start(): void {
    this.#isConnecting = true;
    this.#options
      .connect({
        onMessage: (arrival) => this.#onMessage(arrival),
        onDown: (reason) => this.#onDown(reason),
      })
      .then(
        (connection) => this.#onUp(connection),
        (error: unknown) => {
          this.#isConnecting = false;
          this.#waitAfter(error instanceof Error ? error.message : String(error));
        },
      );
  }

  async close(): Promise<void> {
    const { clock } = this.#options.surface.control;
    this.#isClosed = true;
    for (const unlisten of this.#unlisten) unlisten();
    for (const timer of [this.#timer, this.#tidying, this.#stateDue]) timer?.cancel();
    const connection = this.#connection;
    if (connection) {
      this.#retained.set(this.#topics.availability, 'offline');
      let late: Timer | undefined;
      const inTime = new Promise<void>((resolve) => {
        late = clock.setTimer(LAST_WORDS_MS, resolve);
      });
      await Promise.race([this.#sender.emptied(), inTime]);
      late?.cancel();
      this.#connection = undefined;
      this.#sender.detach();
      await connection.close();
    }
    await this.#options.outbox.settled();
  }

  #onUp(connection: Connection): void {
    this.#isConnecting = false;
    if (this.#isClosed) {
      void connection.close();
      return;
    }
    const { clock } = this.#options.surface.control;
    this.#connection = connection;
    this.#since = clock.wallTime();
    this.#detail = '';
    this.#log.info('connected', { broker: this.#options.settings.url });
    this.#timer = clock.setTimer(STABLE_MS, () => this.#backOff.reset());
    this.#tidy(connection);
    if (this.#options.settings.homeAssistant) void connection.subscribe([HOME_ASSISTANT_STATUS]);
    // Before we are told to be online; the broker takes one after the other.
    void connection.subscribe([this.#topics.command]).then((refusal) => {
      if (refusal !== undefined) this.#onRefused(this.#topics.command, refusal);
    });
    this.#sender.attach(connection);
  }

  /** What an earlier run left there is taken away as it comes. */
  #tidy(connection: Connection): void {
    const { call, quality, registration } = this.#topics;
    const topics = [call('+'), quality('+'), registration('').replace(/[^/]*$/, '+')];
    void connection.subscribe(topics);
    this.#tidying?.cancel();
    this.#tidying = this.#options.surface.control.clock.setTimer(TIDY_MS, () => {
      if (this.#connection === connection) connection.unsubscribe(topics);
    });
  }

  #onDown(reason: string): void {
    if (this.#isClosed) return;
    this.#connection = undefined;
    this.#since = this.#options.surface.control.clock.wallTime();
    this.#timer?.cancel();
    this.#tidying?.cancel();
    this.#sender.detach();
    this.#waitAfter(reason);
  }

  #waitAfter(reason: string): void {
    if (this.#isClosed) return;
    const delayMs = this.#backOff.next();
    this.#detail = reason;
    this.#log.warn('not connected', { reason, nextTryMs: delayMs });
    this.#timer = this.#options.surface.control.clock.setTimer(delayMs, () => this.start());
  }

  #retryNow(): void {
    if (this.#isClosed || this.#connection || this.#isConnecting) return;
    this.#timer?.cancel();
    this.#backOff.reset();
    this.start();
  }

  #onRefused(topic: string, words: string): void {
    const what = topic === this.#topics.command ? 'no command comes from' : 'nothing is taken at';
    this.#detail = `${what} ${topic}: ${words}`;
    this.#log.warn('refused', { topic, reason: words });
  }

  #onMessage(arrival: Arrival): void {
    const { topic, payload, retained } = arrival;
    if (topic === this.#topics.command) {
      void this.#commands.handle(arrival).then((response) => {
        if (response) this.#sender.respond(response);
      });
    } else if (topic === HOME_ASSISTANT_STATUS) {
      if (payload.toString('latin1') === 'online') this.#retained.renew(this.#topics.discovery);
      this.#sender.wake();
    } else if (retained && payload.length > 0 && !this.#retained.has(topic)) {
      this.#retained.takeAway(topic);
      this.#sender.wake();
    }
  }

  #onEntry(entry: JournalEntry): void {
    this.#enqueue(entry);
    this.#standing.follow(entry);
    this.#sender.wake();
    if (entry.type === 'quality') return;
    if (this.#options.settings.homeAssistant && isActive(entry)) this.#takePicture();
    this.#stateDue ??= this.#options.surface.control.clock.setTimer(STATE_MS, () => {
      this.#stateDue = undefined;
      this.#renewState();
    });
  }

  /** What is kept for those who come later is told as an event; the rest has a topic where it stands. */
  #enqueue(entry: JournalEntry): void {
    if (!isKept(entry)) return;
    const { number, at, type, param } = entry;
    const { outbox, surface } = this.#options;
    outbox.add({
      run: surface.control.journal.run,
      number,
      at,
      type,
      ...(param === undefined ? {} : { param }),
    });
  }

  #renewState(): void {
    this.#standing.renew(this.#options.outbox.dropped);
    this.#sender.wake();
  }

  #takePicture(): void {
    this.#standing.takePicture().then(
      () => this.#sender.wake(),
      (error: unknown) => this.#log.info('no picture', { reason: String(error) }),
    );
  }
}

function isKept(entry: JournalEntry): entry is KeptEntry {
  return entry.number !== undefined;
}

function isActive({ type, param }: JournalEntry): boolean {
  return type === 'call' && param !== undefined && 'state' in param && param.state === 'active';
}
