import type { MediaComponent, SessionSettings } from '../../src/media';
import { type LogFields, type Logger, silentLogger, systemRandom } from '../../src/platform';
import { type Negotiated, ZrtpCall } from '../../src/zrtp/call';
import { ZrtpMemory } from '../../src/zrtp/memory';
import { FakeEngine, type FakeMediaSession } from '../agent/fake-media';
import { VirtualClock } from '../support/virtual-clock';

const REMOTE = { rtpPort: 40000, rtcpPort: 40001 };

/** One of two telephones, between fakes of the media plane. */
export class Phone {
  readonly engine = new FakeEngine();
  session: FakeMediaSession;
  readonly call: ZrtpCall;
  readonly ends: string[] = [];
  /** Whatever it logged, fields and all. */
  readonly logged: string[] = [];
  negotiated: Negotiated = {};
  isUp = true;
  /** As the media plane was told last. */
  streams: SessionSettings = {};
  /** Every state of the sound: `plain`, or `secret`, and its direction. */
  readonly states: string[] = [];

  constructor(
    readonly address: string,
    readonly memory: ZrtpMemory,
    clock: VirtualClock,
    isRequired: boolean,
  ) {
    this.session = this.engine.openSession(address, true);
    this.call = new ZrtpCall({
      host: {
        events: this.engine.events,
        session: () => this.session,
        changed: () => this.configure(),
        failed: (reason) => this.ends.push(reason),
      },
      ...{ memory, isRequired, clock, random: systemRandom, log: this.#logger() },
    });
  }

  configure(): void {
    this.streams = this.call.apply(this.negotiated, this.isUp);
    const { audio } = this.streams;
    const state = audio ? `${audio.srtp ? 'secret' : 'plain'} ${audio.direction}` : 'none';
    if (this.states.at(-1) !== state) this.states.push(state);
  }

  #logger(): Logger {
    const write = (message: string, fields?: LogFields): void => {
      this.logged.push(`${message} ${JSON.stringify(fields ?? {})}`);
    };
    return { ...silentLogger, error: write, warn: write, info: write, debug: write };
  }
}

export interface PhonesOptions {
  readonly isRequired?: boolean;
  readonly memories?: readonly [ZrtpMemory, ZrtpMemory];
  readonly withPicture?: boolean;
  /** Whether the second one speaks ZRTP. */
  readonly bothSpeak?: boolean;
  /** Nothing beside media passes where the picture does. */
  readonly isPictureDeaf?: boolean;
  /** Address that packets of the second one come from, where a NAT is in between. */
  readonly seenAs?: { readonly address: string; readonly port: number };
}

/** Two telephones in a call, and the network between them. */
export class Phones {
  readonly clock: VirtualClock;
  readonly one: Phone;
  other: Phone;
  readonly #seenAs: PhonesOptions['seenAs'];
  #bothSpeak: boolean;
  readonly #isPictureDeaf: boolean;
  /** Every packet of ZRTP that passed. */
  readonly passed: Uint8Array[] = [];
  /** Where each packet of the first one went. */
  readonly targets = new Set<string>();

  private constructor(
    memories: readonly [ZrtpMemory, ZrtpMemory],
    clock: VirtualClock,
    {
      isRequired = false,
      withPicture = false,
      bothSpeak = true,
      isPictureDeaf = false,
      seenAs,
    }: PhonesOptions,
  ) {
    this.clock = clock;
    this.#seenAs = seenAs;
    this.#bothSpeak = bothSpeak;
    this.#isPictureDeaf = isPictureDeaf;
    this.one = new Phone('192.0.2.1', memories[0], clock, isRequired);
    this.other = new Phone('192.0.2.2', memories[1], clock, isRequired);
    this.one.negotiated = negotiated(this.other, withPicture);
    this.other.negotiated = negotiated(this.one, withPicture);
  }

  static async open(options: PhonesOptions = {}): Promise<Phones> {
    const clock = new VirtualClock();
    const memories = options.memories ?? [await memoryOn(clock), await memoryOn(clock)];
    return new Phones(memories, clock, options);
  }

  /** An exchange connects the first one with somebody else, by another description. */
  async replaceOther(bothSpeak = true): Promise<void> {
    this.other = new Phone('192.0.2.3', await memoryOn(this.clock), this.clock, false);
    this.one.negotiated = negotiated(this.other, false);
    this.other.negotiated = negotiated(this.one, false);
    this.#bothSpeak = bothSpeak;
  }

  async run(ms = 600): Promise<void> {
    this.one.configure();
    if (this.#bothSpeak) this.other.configure();
    for (let passed = 0; passed < ms; passed += 5) {
      this.clock.advance(5);
      for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
      this.#pass(this.one, this.other);
      this.#pass(this.other, this.one);
    }
  }

  #pass(from: Phone, to: Phone): void {
    for (const { component, to: target, bytes } of from.session.datagrams.splice(0)) {
      this.passed.push(bytes);
      if (from === this.one) this.targets.add(`${target.address}:${target.port}`);
      const seen = from === this.other ? this.#seenAs : undefined;
      const sender = seen ?? { address: from.address, port: portOf(component) };
      if (this.#isPictureDeaf && component === 'videoRtp') continue;
      if (!this.#bothSpeak && to === this.other) continue;
      to.engine.events.emit('datagram', to.session.id, component, bytes, sender);
    }
  }
}

export function memoryOn(clock: VirtualClock): Promise<ZrtpMemory> {
  return ZrtpMemory.open(undefined, { clock, random: systemRandom, log: silentLogger });
}

function portOf(component: MediaComponent): number {
  return component.startsWith('audio') ? REMOTE.rtpPort : REMOTE.rtpPort + 2;
}

/** What both descriptions came to, as the phone at the other end has written its own. */
function negotiated({ address, call }: Phone, withPicture: boolean): Negotiated {
  return {
    audio: {
      codec: 'PCMA',
      payloadType: 8,
      receive: [{ codec: 'PCMA', payloadType: 8 }],
      remote: { address, ...REMOTE },
      direction: 'sendrecv',
      ptimeMs: 20,
      ...call.read([lineOf(call, 'audio')]),
    },
    ...(withPicture
      ? {
          video: {
            codec: 'H264',
            payloadType: 96,
            remote: { address, rtpPort: 40002, rtcpPort: 40003 },
            direction: 'sendrecv',
            packetizationMode: 1,
            ...call.read([lineOf(call, 'video')]),
          },
        }
      : {}),
  };
}

function lineOf(call: ZrtpCall, media: string): string {
  return `a=${call.describe(media).invalid[0]?.value}`;
}
