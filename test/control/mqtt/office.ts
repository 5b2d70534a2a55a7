import { COMMANDS, type Control, carryOut, commandRequestReader } from '../../../src/control';
import type {
  Arrival,
  Connect,
  Connection,
  ConnectionListener,
  ConnectionSecurity,
  Message,
} from '../../../src/control/mqtt/broker';
import { BrokerClient } from '../../../src/control/mqtt/client';
import { Outbox } from '../../../src/control/mqtt/outbox';
import type { MqttSettings } from '../../../src/control/mqtt/settings';
import { type LineFile, silentLogger } from '../../../src/platform';
import { type Bench, startedBench } from '../../agent/fakes';
import { controlOf } from '../fakes';

export const BASE = 'dashvoip/car-17';
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const SETTINGS: MqttSettings = {
  url: 'mqtt://127.0.0.1',
  broker: { secure: false, host: '127.0.0.1', port: 1883 },
  device: 'car-17',
  version: '5',
  homeAssistant: false,
  servesCommands: true,
};

/** A broker in memory: takes what it is told at once, unless it is told to wait. */
export class FakeBroker {
  /** Why it lets nobody in; undefined when it does. */
  away: string | undefined;
  /** Whether what it is told waits for `takeAll`. */
  isSlow = false;
  /** What its connections are encrypted by. */
  security: ConnectionSecurity | undefined;
  /** Topics that it refuses, and its words. */
  readonly refuses = new Map<string, string>();
  readonly told: Message[] = [];
  readonly subscriptions: string[] = [];
  tries = 0;
  closed = false;
  #listener: ConnectionListener | undefined;
  #waiting: (() => void)[] = [];

  readonly connect: Connect = async (listener) => {
    this.tries += 1;
    if (this.away !== undefined) throw new Error(this.away);
    this.#listener = listener;
    return this.#connection();
  };

  /** Acknowledgements of the connection before, which are still under way. */
  #late: (() => void)[] = [];

  takeLate(): void {
    for (const take of this.#late.splice(0)) take();
  }

  /** The last that was told to a topic, as JSON; undefined when it was taken away. */
  standing(topic: string): Record<string, unknown> | undefined {
    const payload = this.texts(topic).at(-1);
    return payload ? JSON.parse(payload) : undefined;
  }

  texts(topic: string): string[] {
    return this.told
      .filter((message) => message.topic === topic)
      .map(({ payload }) => String(payload));
  }

  events(): Record<string, unknown>[] {
    return this.texts(`${BASE}/event`).map((text) => JSON.parse(text));
  }

  deliver(topic: string, value: unknown, more: Partial<Arrival> = {}): void {
    const payload = Buffer.isBuffer(value)
      ? value
      : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
    this.#listener?.onMessage({ topic, payload, retained: false, repeated: false, ...more });
  }

  takeAll(): void {
    for (const take of this.#waiting.splice(0)) take();
  }

  drop(reason = 'gone'): void {
    const listener = this.#listener;
    this.#listener = undefined;
    this.#late = this.#waiting.splice(0);
    listener?.onDown(reason);
  }

  #connection(): Connection {
    return {
      ...(this.security ? { security: this.security } : {}),
      publish: (message) => {
        this.told.push(message);
        return new Promise((resolve) => {
          const take = (): void => resolve(this.refuses.get(message.topic));
          if (this.isSlow) this.#waiting.push(take);
          else take();
        });
      },
      subscribe: async (topics) => {
        this.subscriptions.push(...topics);
        return this.refuses.get(topics[0] ?? '');
      },
      unsubscribe: (topics) => {
        for (const topic of topics) this.subscriptions.splice(this.subscriptions.indexOf(topic), 1);
      },
      close: async () => {
        this.closed = true;
      },
    };
  }
}

export interface Office extends Bench {
  readonly control: Control;
  readonly broker: FakeBroker;
  readonly client: BrokerClient;
  /** Sends a command as JSON, or as the text that it is, and gives the response. */
  ask(request: unknown, more?: Partial<Arrival>): Promise<Record<string, unknown> | undefined>;
}

/** An agent between fakes, and a broker that it is to connect to. */
export async function office(
  settings: Partial<MqttSettings> = {},
  file?: LineFile,
  broker = new FakeBroker(),
  keepers?: Parameters<typeof startedBench>[1],
): Promise<Office> {
  const bench = await startedBench({}, keepers);
  const control = controlOf(bench);
  const client = new BrokerClient({
    surface: {
      control,
      commands: COMMANDS,
      carryOut,
      readRequest: commandRequestReader(COMMANDS),
      log: silentLogger,
    },
    settings: { ...SETTINGS, ...settings },
    outbox: await Outbox.open(file),
    connect: broker.connect,
  });
  client.start();
  await settle();
  const ask: Office['ask'] = async (request, more = {}) => {
    const before = broker.told.length;
    broker.deliver(`${BASE}/command`, request, more);
    await settle();
    const topic = more.responseTopic ?? `${BASE}/response`;
    const response = broker.told.slice(before).find((message) => message.topic === topic);
    return response && JSON.parse(String(response.payload));
  };
  return { ...bench, control, broker, client, ask };
}
