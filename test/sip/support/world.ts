import { silentLogger } from '../../../src/platform';
import type { SipAccount } from '../../../src/sip/account';
import { SOURCE_RATES, type SourceRates } from '../../../src/sip/admission';
import type {
  IncomingSession,
  InviteSession,
  OfferAnswer,
  OfferRefusal,
  SessionEnd,
  Warning,
} from '../../../src/sip/invite';
import { RFC3261_TIMERS } from '../../../src/sip/transaction';
import type { SocketAddress } from '../../../src/sip/transport';
import { type InviteOptions, UserAgent, type UserAgentParts } from '../../../src/sip/user-agent';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';
import { type Datagram, MemoryNetwork } from './memory-network';
import { MemoryStreams, type MemoryStreamTransport } from './memory-streams';
import { ScriptedPeer } from './scripted-peer';
import { TcpRegistrar } from './tcp-registrar';

const ENDLESS = { perSecond: Number.MAX_SAFE_INTEGER, burst: Number.MAX_SAFE_INTEGER };

/** For tests that send much in no time. */
export const UNLIMITED: SourceRates = {
  socket: ENDLESS,
  network: ENDLESS,
  strangers: ENDLESS,
  socketInvites: ENDLESS,
  invites: ENDLESS,
  proved: ENDLESS,
  allProved: ENDLESS,
  trusted: ENDLESS,
};

/** One-way delay of the network, ms. */
export const LATENCY = 10;

/** Descriptions as words, so that a test can read who offered what. */
export class FakeMedia implements OfferAnswer {
  readonly offersSeen: string[] = [];
  readonly answersSeen: string[] = [];
  readonly earlyAnswersSeen: string[] = [];
  refuseWith: number | undefined;
  warning: Warning | undefined;
  takesAnswers = true;
  /** Until then there is nothing to offer. */
  ready: Promise<void> | undefined;
  /** Our last offer was a hold: what has no answer changes nothing. */
  isHolding = false;
  /** The last offer and its answer. */
  agreed = '';
  readonly #name: string;
  #offers = 0;

  constructor(name: string) {
    this.#name = name;
  }

  createOffer(): string {
    return this.#offer(++this.#offers);
  }

  handleOffer(offer: string): { readonly answer: string } | OfferRefusal {
    this.offersSeen.push(offer);
    if (this.refuseWith !== undefined) {
      return { status: this.refuseWith, ...(this.warning ? { warning: this.warning } : {}) };
    }
    const answer = `answer of ${this.#name} to ${offer}`;
    this.agreed = `${offer}, ${answer}`;
    return { answer };
  }

  handleEarlyAnswer(answer: string): void {
    this.earlyAnswersSeen.push(answer);
  }

  endEarlyMedia(): void {
    this.earlyAnswersSeen.push('end');
  }

  handleAnswer(answer: string): boolean {
    if (answer === '') return this.isHolding;
    this.answersSeen.push(answer);
    if (this.takesAnswers) this.agreed = `${this.#offer(this.#offers)}, ${answer}`;
    return this.takesAnswers;
  }

  #offer(number: number): string {
    return `offer ${number} of ${this.#name}`;
  }
}

/** Writes down what a session tells, in order. */
export class Diary {
  readonly entries: string[] = [];
  end: SessionEnd | undefined;

  constructor(session: InviteSession) {
    session.events.on('progress', (status) => this.entries.push(`progress ${status}`));
    session.events.on('redirected', (target) => this.entries.push(`redirected ${target}`));
    session.events.on('confirmed', () => this.entries.push('confirmed'));
    session.events.on('renegotiated', () => this.entries.push('renegotiated'));
    session.events.on('pictureRequested', () => this.entries.push('picture'));
    session.events.on('key', ({ digit, durationMs }) =>
      this.entries.push(`key ${digit} ${durationMs}`),
    );
    session.events.on('ended', (end) => {
      this.end = end;
      this.entries.push(`ended ${end.by} ${end.status}`);
    });
  }
}

export interface OutgoingCall {
  readonly session: InviteSession;
  readonly media: FakeMedia;
  readonly diary: Diary;
}

export interface IncomingCall {
  readonly session: IncomingSession;
  readonly media: FakeMedia;
  readonly diary: Diary;
}

/** What a test's user agent does with a call as it comes. */
export type OnCall = (call: IncomingCall) => void;

export const ring: OnCall = ({ session }) => session.ring();
export const answer: OnCall = ({ session }) => {
  session.accept();
};

/** A user agent at an address of its own, with its calls. */
export class Phone {
  readonly userAgent: UserAgent;
  readonly address: SocketAddress;
  readonly incoming: IncomingCall[] = [];
  readonly name: string;
  onCall: OnCall | undefined = answer;

  constructor(name: string, address: SocketAddress, parts: UserAgentParts) {
    this.name = name;
    this.address = address;
    this.userAgent = new UserAgent(parts);
  }

  get uri(): string {
    return `sip:${this.name}@${this.address.address}:${this.address.port}`;
  }

  get account(): SipAccount {
    return { uri: `sip:${this.name}@example.org` };
  }

  /** Takes calls from now on. */
  listen(): this {
    this.userAgent.events.on('invite', (session) => {
      const call = { session, media: new FakeMedia(this.name), diary: new Diary(session) };
      session.answerWith(() => call.media);
      this.incoming.push(call);
      this.onCall?.(call);
    });
    return this;
  }

  call(
    target: string,
    account: Partial<SipAccount> = {},
    options: InviteOptions = {},
  ): OutgoingCall {
    const media = new FakeMedia(this.name);
    const as = { ...this.account, ...account };
    const session = this.userAgent.invite(target, as, () => media, options);
    return { session, media, diary: new Diary(session) };
  }

  get lastIncoming(): IncomingCall {
    const call = this.incoming.at(-1);
    if (!call) throw new Error(`${this.name} was not called`);
    return call;
  }
}

/** A virtual clock, a network of memory, and whoever is on it. */
export class World {
  readonly clock = new VirtualClock();
  readonly network = new MemoryNetwork(this.clock);
  readonly streams = new MemoryStreams(this.network, this.clock);
  #hosts = 0;

  phone(name: string, parts: Partial<UserAgentParts> = {}): Phone {
    return this.#phoneAt(this.#nextAddress(), name, parts);
  }

  /** One that speaks TCP beside UDP, or alone. */
  tcpPhone(
    name: string,
    protocols: 'both' | 'only' = 'both',
  ): Phone & { readonly tcp: MemoryStreamTransport } {
    const address = this.#nextAddress();
    const tcp = this.streams.transport(address);
    const udp = this.network.transport(address);
    const transports: UserAgentParts['transports'] = protocols === 'both' ? [udp, tcp] : [tcp];
    return Object.assign(this.#phoneAt(address, name, { transports }), { tcp });
  }

  #phoneAt(address: SocketAddress, name: string, parts: Partial<UserAgentParts>): Phone {
    return new Phone(name, address, {
      transports: [this.network.transport(address)],
      services: () => Promise.reject(new Error('no such record')),
      pointers: () => Promise.reject(new Error('no such record')),
      lookup: () => Promise.reject(new Error('unknown host')),
      families: [4],
      clock: this.clock,
      random: seededRandom(this.#hosts),
      log: silentLogger,
      timers: RFC3261_TIMERS,
      product: `${name}/1`,
      maxSessions: 8,
      maxStateBytes: 2_000_000,
      sourceRates: SOURCE_RATES,
      sessionExpires: 1800,
      reliableProvisional: true,
      ...parts,
    });
  }

  /** Two user agents; the second takes calls. */
  pair(): readonly [Phone, Phone] {
    return [this.phone('alice'), this.phone('bob').listen()];
  }

  /** A registrar that speaks TCP and grants whatever it is asked for. */
  tcpPeer(): TcpRegistrar {
    return new TcpRegistrar(this.streams.transport(this.#nextAddress()));
  }

  peer(of: Phone): ScriptedPeer {
    return new ScriptedPeer(this.network, this.#nextAddress(), of.address);
  }

  run(ms: number): void {
    this.clock.advance(ms);
  }

  /** As `run`, and promises that became due are settled, at every tenth of a second. */
  async settle(ms = 0): Promise<void> {
    for (let left = ms; left > 0; left -= 100) {
      this.clock.advance(Math.min(left, 100));
      await flushPromises();
    }
    await flushPromises();
  }

  /** Headlines of what was sent, in order. */
  trace(filter: (datagram: Datagram) => boolean = () => true): string[] {
    return this.network.sent.filter(filter).map(({ text }) => headline(text));
  }

  #nextAddress(): SocketAddress {
    return { address: `10.0.0.${++this.#hosts}`, port: 5060 };
  }
}

/** `INVITE` or `200 INVITE`. */
export function headline(text: string): string {
  const method = /^CSeq: \d+ (\w+)/m.exec(text)?.[1] ?? '?';
  const status = /^SIP\/2\.0 (\d+)/.exec(text)?.[1];
  return status === undefined ? method : `${status} ${method}`;
}

/** Loses what has that headline, the first `times` times. */
export function loseFirst(wanted: string, times: number): (datagram: Datagram) => boolean {
  let left = times;
  return ({ text }) => headline(text) === wanted && left-- > 0;
}

async function flushPromises(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
