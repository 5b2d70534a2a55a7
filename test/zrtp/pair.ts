import { systemRandom } from '../../src/platform';
import type { Agreement } from '../../src/zrtp/algorithms';
import type { Secured } from '../../src/zrtp/exchange';
import { type KeyPair, makeKeyPair } from '../../src/zrtp/key-pair';
import { readMessage } from '../../src/zrtp/message';
import { OwnHello } from '../../src/zrtp/own-hello';
import { type KnownPeer, type Mode, ZrtpStream } from '../../src/zrtp/stream';
import { VirtualClock } from '../support/virtual-clock';

/** How a message fares: which ones arrive, in which order. */
export type Way = (message: Buffer, from: 'one' | 'other') => readonly Buffer[];

/** One end of a handshake, and what came of it. */
export class End {
  readonly own: OwnHello;
  readonly sent: Buffer[] = [];
  readonly failures: string[] = [];
  secured: Secured | undefined;
  mayTalk = false;
  announced: string | undefined;
  known: KnownPeer = { secrets: {}, isVerified: false };
  readonly stream: ZrtpStream;

  constructor(
    readonly zid: Buffer,
    clock: VirtualClock,
    send: (message: Buffer) => void,
    session: Buffer | undefined,
    pairs: (agreement: Agreement) => Promise<KeyPair>,
  ) {
    this.own = new OwnHello(zid, systemRandom);
    const mode: Mode = session
      ? { kind: 'multistream', session }
      : { kind: 'agreement', known: () => this.known };
    this.stream = new ZrtpStream({
      ...{ own: this.own, zid, mode, clock, random: systemRandom, makeKeyPair: pairs },
      announced: () => this.announced,
      send: (message) => {
        this.sent.push(message);
        send(message);
      },
      listener: {
        onHello: () => undefined,
        onKeys: (secured, mayTalk) => {
          this.secured = secured;
          this.mayTalk = mayTalk;
        },
        onFailure: (reason) => this.failures.push(reason),
      },
    });
  }

  get isSecure(): boolean {
    return this.mayTalk;
  }

  /** The kinds of messages that it sent, each once for each time. */
  kinds(): string[] {
    return this.sent.map((message) => message.toString('latin1', 4, 12).trimEnd());
  }
}

export interface PairOptions {
  readonly way?: Way;
  readonly delayMs?: number;
  /** Both take their keys of that. */
  readonly session?: Buffer;
  /** The other one makes a key agreement all the same. */
  readonly isMixed?: boolean;
  readonly pairs?: (agreement: Agreement) => Promise<KeyPair>;
}

/** Two streams on a virtual clock, and the way between them. */
export class Pair {
  readonly clock = new VirtualClock();
  readonly one: End;
  readonly other: End;

  constructor({
    way = (message) => [message],
    delayMs = 5,
    session,
    isMixed = false,
    pairs,
  }: PairOptions = {}) {
    const others = isMixed ? undefined : session;
    const make = pairs ?? makeKeyPair;
    const pass = (from: 'one' | 'other') => (message: Buffer) => {
      for (const each of way(message, from)) {
        this.clock.setTimer(delayMs, () => {
          const read = readMessage(each);
          if (read) (from === 'one' ? this.other : this.one).stream.receive(read, 7);
        });
      }
    };
    this.one = new End(Buffer.alloc(12, 1), this.clock, pass('one'), session, make);
    this.other = new End(Buffer.alloc(12, 2), this.clock, pass('other'), others, make);
  }

  start(): void {
    this.one.stream.start();
    this.other.stream.start();
  }

  /** Lets time pass; promises of keys settle meanwhile. */
  async run(ms: number, until = (): boolean => false): Promise<void> {
    for (let passed = 0; passed < ms && !until(); ) {
      const step = passed < 300 ? 5 : 50;
      this.clock.advance(step);
      passed += step;
      for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
    }
  }

  async settle(ms = 20_000): Promise<void> {
    this.start();
    await this.run(ms, () => this.one.isSecure && this.other.isSecure);
  }
}
