import { Emitter } from '../../src/platform';
import {
  type Availability,
  type Claim,
  type Delivery,
  type DiversionReason,
  type Diverted,
  type DtmfKey,
  type HeaderList,
  type IncomingSession,
  type InfoParts,
  type InviteOptions,
  type InviteSession,
  type InviteSessionEvents,
  isHelpService,
  type NameAddr,
  type OfferAnswer,
  type OfferAnswerFactory,
  type OnPublicationState,
  type Published,
  parseSipUri,
  type ReferenceListener,
  type Registration,
  type RegistrationEvents,
  type RegistrationState,
  type SessionEnd,
  type SessionState,
  type SipAccount,
  type SipUserAgent,
  type SubscriberListener,
  type Subscription,
  type TracePage,
  type TraceQuery,
  type TransportProtocol,
  type UserAgentEvents,
  type Wanted,
  type Warning,
} from '../../src/sip';
import { parseUri } from '../../src/sip/message';
import { fail } from '../support/fail';

/** The session of ours that a new INVITE is about. */
export interface Named {
  readonly replaced?: FakeSession;
  readonly joined?: FakeSession;
}

/** A SIP session whose far end is played by the test. */
export class FakeSession implements IncomingSession {
  readonly direction: 'incoming';
  readonly id = 'fake';
  readonly callId = 'fake@call';
  calledUser: string | undefined;
  calledDomain: string | undefined;
  source = { address: '192.0.2.9', port: 5060 };
  isConnected = false;
  readonly events = new Emitter<InviteSessionEvents>(fail);
  readonly remote;
  readonly localAddress = '192.0.2.1';
  /** Where the far end would reach us now. */
  reachedAt: string | undefined = this.localAddress;
  /** Whether the far end takes keys by INFO. */
  takesKeys = true;
  /** What this end did, in order. */
  readonly did: string[] = [];
  state: SessionState = 'early';
  /** The far end's description: its offer when it calls, its answer when it is called. */
  theirs = phone();
  /** Whether the far end agrees to re-INVITEs, and with which description. */
  agreesWith: string | undefined = phone('recvonly');
  offers: OfferAnswer | undefined;
  protocol: TransportProtocol = 'UDP';
  /** What the last re-INVITE of this end offered. */
  lastOffer: string | undefined;
  #factory: OfferAnswerFactory | undefined;

  constructor(direction: 'incoming' | 'outgoing', target = 'sip:phone@192.0.2.9') {
    // The fake plays both roles; the type tells the agent that only incoming ones can be answered.
    this.direction = direction as 'incoming';
    this.remote = { displayName: 'Phone', uri: parseUri(target), params: undefined } as never;
  }

  get offer(): string {
    return this.theirs;
  }

  replaced: InviteSession | undefined;
  joined: InviteSession | undefined;
  focus: string | undefined;
  asksToBeAnswered = false;
  isHelpCallingBack = false;
  assertedIdentity: NameAddr | undefined;
  diverted: Diverted | undefined;
  /** Whether it has been sent on too often. */
  goesInCircles = false;
  claim: Claim = { method: 'INVITE', uri: parseUri('sip:car@192.0.2.1'), authorization: [] };
  /** Of the last refusal that says what to do about it. */
  refusedWith: HeaderList = [];

  refuseWith(status: number, fields: HeaderList): void {
    this.refusedWith = fields;
    this.reject(status);
  }

  redirect(target: string, reason: DiversionReason): boolean {
    if (this.goesInCircles) return false;
    this.did.push(`redirect ${target} ${reason}`);
    this.end({ by: 'local', status: 302, reason: '' });
    return true;
  }

  /** Whom the far end was last handed over to, and how that is told. */
  reference: { to: string | InviteSession; listener: ReferenceListener } | undefined;

  refer(to: string | InviteSession, listener: ReferenceListener): boolean {
    if (typeof to === 'string') parseSipUri(to);
    if (this.state !== 'confirmed') return false;
    this.did.push('refer');
    this.reference = { to, listener };
    return true;
  }

  readonly informed: InfoParts[] = [];

  async inform(info: InfoParts): Promise<boolean> {
    this.informed.push(info);
    return this.state === 'confirmed';
  }

  async sendKey({ digit, durationMs }: DtmfKey): Promise<boolean> {
    this.did.push(`key ${digit} ${durationMs}`);
    return this.takesKeys;
  }

  answerWith(factory: OfferAnswerFactory): void {
    this.#factory = factory;
  }

  ring(): void {
    this.did.push('ring');
  }

  /** Our description, once it was accepted. */
  answer: string | undefined;

  accept(): boolean {
    this.did.push('accept');
    try {
      this.offers = this.#factory?.(this.localAddress, this.protocol);
    } catch {
      this.end({ by: 'local', status: 500, reason: '' });
      return false;
    }
    const outcome = this.offers?.handleOffer(this.theirs) ?? { status: 480 };
    if ('answer' in outcome) {
      this.answer = outcome.answer;
      this.state = 'accepted';
      return true;
    }
    this.end({ by: 'local', status: outcome.status, reason: outcome.reason ?? '' });
    return false;
  }

  /** The far end's ACK. */
  acknowledge(): void {
    this.state = 'confirmed';
    this.events.emit('confirmed');
  }

  /** The far end's 200, and our ACK. */
  pickUp(answer = this.theirs): boolean {
    if (!this.offers?.handleAnswer(answer)) return false;
    this.acknowledge();
    return true;
  }

  reject(status: number, _reason?: string, warning?: Warning): void {
    this.did.push(['reject', status, warning?.code, warning?.text].filter(Boolean).join(' '));
    this.end({ by: 'local', status, reason: '' });
  }

  hangup(): void {
    this.did.push('hangup');
    this.end({ by: 'local', status: this.state === 'early' ? 487 : 200, reason: '' });
  }

  async findLocalAddress(): Promise<string | undefined> {
    return this.reachedAt;
  }

  /** The far end's answer to the question that is open. */
  answerQuestion: (isThere: boolean) => void = fail;
  hasTimer = false;
  canOffer = false;

  ask(): Promise<boolean> {
    this.did.push('ask');
    return new Promise((resolve) => {
      this.answerQuestion = resolve;
    });
  }

  drop(status: number, reason: string): void {
    this.did.push('drop');
    this.end({ by: 'network', status, reason });
  }

  async renegotiate(): Promise<boolean> {
    this.did.push('renegotiate');
    this.lastOffer = this.offers?.createOffer();
    await Promise.resolve();
    if (this.agreesWith === undefined) return false;
    const agreed = this.offers?.handleAnswer(this.agreesWith) ?? false;
    if (agreed) this.events.emit('renegotiated');
    return agreed;
  }

  /** A re-INVITE from the far end. */
  reinvite(offer: string): ReturnType<OfferAnswer['handleOffer']> {
    const outcome = this.offers?.handleOffer(offer) ?? { status: 481 };
    if ('answer' in outcome) this.events.emit('renegotiated');
    return outcome;
  }

  end(end: SessionEnd): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.events.emit('ended', end);
  }
}

/** Who calls, and whom. */
export interface Comer {
  /** URI in From. */
  readonly name: string;
  readonly source: { address: string; port: number };
  readonly isConnected: boolean;
  readonly calledUser: string;
  readonly calledDomain: string;
  readonly asksToBeAnswered: boolean;
  readonly isHelpCallingBack: boolean;
  readonly assertedIdentity: NameAddr;
  readonly diverted: Diverted;
  readonly goesInCircles: boolean;
  readonly claim: Claim;
}

export class FakeRegistration implements Registration {
  readonly events = new Emitter<RegistrationEvents>(fail);
  state: RegistrationState = 'trying';
  detail = '';
  expiresIn = 0;
  boundTo: readonly { address: string; port: number }[] = [];
  flows: Registration['flows'] = [];

  refreshed = 0;

  refresh(): void {
    this.refreshed += 1;
  }

  left = false;

  async unregister(): Promise<void> {
    this.left = true;
  }

  become(state: RegistrationState, detail: string, expiresIn = 0): void {
    Object.assign(this, { state, detail, expiresIn });
    this.events.emit('state', state, detail);
  }
}

const TRACE_PAGE: TracePage = {
  dialogs: [
    {
      callId: 'fake@call',
      kind: 'call',
      messages: [
        {
          number: 7,
          at: '2026-11-23T05:36:28.055Z',
          direction: 'in',
          from: '192.0.2.9:5060',
          to: '192.0.2.1:5060',
          transport: 'UDP',
          summary: 'INVITE sip:car@192.0.2.1',
          octets: 812,
        },
      ],
    },
  ],
  dropped: { call: 0, registration: 0, other: 3 },
};

export class FakeUserAgent implements SipUserAgent {
  readonly events = new Emitter<UserAgentEvents>(fail);
  readonly port = 5060;
  readonly security = undefined;
  readonly counters = {
    received: 1,
    sent: 2,
    malformed: 3,
    tolerated: 7,
    retransmissions: 4,
    activeTransactions: 5,
    activeDialogs: 6,
    stateBytes: 7,
    limited: 8,
    oversized: 9,
    forgotten: 10,
    withheld: 11,
    undelivered: 12,
  };
  readonly sessions: FakeSession[] = [];
  readonly registrations: FakeRegistration[] = [];
  readonly invited: { target: string; account: SipAccount; options?: InviteOptions }[] = [];
  refusal: unknown;
  closed = false;

  invite(
    target: string,
    account: SipAccount,
    offers: OfferAnswerFactory,
    options: InviteOptions = {},
  ): InviteSession {
    if (this.refusal) throw this.refusal;
    if (!isHelpService(target)) parseSipUri(target);
    const session = new FakeSession('outgoing', target);
    const isPlain = Object.keys(options).length === 0;
    this.invited.push({ target, account, ...(isPlain ? {} : { options }) });
    this.sessions.push(session);
    try {
      session.offers = offers(session.localAddress, session.protocol);
      session.offers.createOffer();
    } catch {
      // As the real one: the session ends, and its owner learns of it after this call.
      queueMicrotask(() => session.end({ by: 'network', status: 500, reason: 'no description' }));
    }
    return session;
  }

  readonly subscriptions: {
    readonly target: string;
    readonly event: string;
    readonly listener: SubscriberListener;
    isStopped: boolean;
    refreshed: number;
  }[] = [];

  subscribe(
    target: string,
    _account: SipAccount,
    { event }: Wanted,
    listener: SubscriberListener,
  ): Subscription {
    parseSipUri(target);
    const subscription = { target, event, listener, isStopped: false, refreshed: 0 };
    this.subscriptions.push(subscription);
    const stop = (): void => {
      subscription.isStopped = true;
    };
    const refresh = (): void => {
      subscription.refreshed += 1;
    };
    return { refresh, stop };
  }

  readonly publications: {
    readonly account: SipAccount;
    /** What was said, in order. */
    readonly said: Availability[];
    readonly onState: OnPublicationState;
    isStopped: boolean;
  }[] = [];

  publish(account: SipAccount, availability: Availability, onState: OnPublicationState): Published {
    const publication = { account, said: [availability], onState, isStopped: false };
    this.publications.push(publication);
    return {
      set availability(changed: Availability) {
        publication.said.push(changed);
      },
      stop: () => {
        publication.isStopped = true;
      },
    };
  }

  readonly messages: { target: string; text: string }[] = [];
  delivery: Delivery = { isDelivered: true, status: 200, reason: 'OK' };

  async message(target: string, _account: SipAccount, text: string): Promise<Delivery> {
    parseSipUri(target);
    this.messages.push({ target, text });
    return this.delivery;
  }

  /** What was asked of the trace. */
  readonly traced: TraceQuery[] = [];

  trace(query: TraceQuery): TracePage {
    this.traced.push(query);
    return TRACE_PAGE;
  }

  readonly forgotten: SipAccount[] = [];

  forget(account: SipAccount): void {
    this.forgotten.push(account);
  }

  register(): Registration {
    const registration = new FakeRegistration();
    this.registrations.push(registration);
    return registration;
  }

  /** A phone calls. */
  ringUp(theirs = phone(), from: Partial<Comer> = {}, named: Named = {}): FakeSession {
    const session = new FakeSession('incoming', from.name);
    session.replaced = named.replaced;
    session.joined = named.joined;
    session.theirs = theirs;
    session.source = from.source ?? session.source;
    session.isConnected = from.isConnected ?? false;
    session.calledUser = from.calledUser;
    session.calledDomain = from.calledDomain;
    session.asksToBeAnswered = from.asksToBeAnswered ?? false;
    session.isHelpCallingBack = from.isHelpCallingBack ?? false;
    session.assertedIdentity = from.assertedIdentity;
    session.diverted = from.diverted;
    session.goesInCircles = from.goesInCircles ?? false;
    session.claim = from.claim ?? session.claim;
    this.sessions.push(session);
    this.events.emit('invite', session);
    return session;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

/** A phone's description: sound, and a picture it would like to see. */
export function phone(direction = 'sendrecv', video = true): string {
  return [
    'v=0',
    'o=- 7 1 IN IP4 192.0.2.9',
    's=-',
    'c=IN IP4 192.0.2.9',
    't=0 0',
    'm=audio 5004 RTP/AVP 8',
    `a=${direction}`,
    ...(video
      ? [
          'm=video 5006 RTP/AVP 96',
          'a=rtpmap:96 H264/90000',
          'a=fmtp:96 packetization-mode=1',
          'a=recvonly',
        ]
      : []),
    '',
  ].join('\r\n');
}
