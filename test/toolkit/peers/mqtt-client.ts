import { connectAsync, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { waitUntil } from '../process/wait';

/** What came, as it came. */
export interface SeenMessage {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
  readonly correlation: string | undefined;
  readonly bytes: Buffer;
}

/** Another client of the broker: remembers what comes, and sends commands. */
export class MqttPeer {
  readonly seen: SeenMessage[] = [];
  readonly #client: MqttClient;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload, packet: IPublishPacket) => {
      const correlation = packet.properties?.correlationData?.toString();
      const { retain: retained } = packet;
      this.seen.push({ topic, text: payload.toString(), retained, correlation, bytes: payload });
    });
  }

  /** Connects, and subscribes to everything. It comes again when the broker does. */
  static async open(url: string, options: IClientOptions = {}): Promise<MqttPeer> {
    const client = await connectAsync(url, { reconnectPeriod: 200, ...options });
    const peer = new MqttPeer(client);
    await client.subscribeAsync('#', {
      qos: 1,
      ...(options.protocolVersion === 5 ? { rap: true } : {}),
    });
    return peer;
  }

  async publish(topic: string, payload: object | string, options = {}): Promise<void> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    await this.#client.publishAsync(topic, text, { qos: 1, ...options });
  }

  /** The last that came to a topic; undefined when it was taken away or never came. */
  last(topic: string): string | undefined {
    return this.seen.filter((message) => message.topic === topic).at(-1)?.text || undefined;
  }

  /** All that came to a topic, as JSON. */
  values(topic: string): Record<string, unknown>[] {
    return this.seen
      .filter((message) => message.topic === topic && message.text !== '')
      .map(({ text }) => JSON.parse(text));
  }

  /** Waits until the last that came to a topic is right. */
  until(
    topic: string,
    isRight: (text: string | undefined) => boolean,
    timeoutMs?: number,
  ): Promise<boolean> {
    return waitUntil(`${topic} to be right`, () => isRight(this.last(topic)), timeoutMs).catch(
      (error: Error) => {
        throw new Error(`${error.message}; last seen: ${this.last(topic)}`);
      },
    );
  }

  /** Waits for one that came to a topic. */
  async value(
    topic: string,
    isRight: (value: Record<string, unknown>) => boolean = () => true,
  ): Promise<Record<string, unknown>> {
    return waitUntil(`a message at ${topic}`, () => this.values(topic).find(isRight));
  }

  async stop(): Promise<void> {
    await this.#client.endAsync(true);
  }
}
