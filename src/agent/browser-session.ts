import { Emitter, type Logger } from '../platform';
import {
  type Claim,
  type IncomingSession,
  type InviteSessionEvents,
  NameAddr,
  type OfferAnswerFactory,
  type OfferRefusal,
  parseSipUri,
  type SessionEnd,
  type SessionState,
  type SocketAddress,
  type TransportProtocol,
  type Warning,
} from '../sip';
import type { DtlsIdentity } from './browser-media';
import { AgentException } from './exception';

/** A browser that the page has let in, and what it asks. */
export interface BrowserCaller {
  readonly offer: string;
  /** Address that the page was reached at. */
  readonly localAddress: string;
  readonly source: SocketAddress;
  readonly identity: DtlsIdentity;
}

/** Whoever was heard within this time is there: RTCP, and checks of consent (RFC 7675), come every few seconds, ms. */
const SIGN_MS = 15_000;

/**
 * A call that a browser makes by one request over HTTP: it brings the offer, and its reply the answer.
 * There is no dialog, so nothing is negotiated anew: a hold is kept at this end alone.
 */
export class BrowserSession implements IncomingSession {
  readonly direction = 'incoming';
  readonly id: string;
  readonly callId: string;
  readonly events: Emitter<InviteSessionEvents>;
  readonly remote: NameAddr;
  readonly localAddress: string;
  readonly hasTimer = false;
  readonly canOffer = false;
  readonly calledUser = undefined;
  readonly calledDomain = undefined;
  readonly isHelpCallingBack = false;
  readonly source: SocketAddress;
  readonly isConnected = true;
  /** The page is one, and the description names its own fingerprint. */
  readonly protocol: TransportProtocol = 'TLS';
  /** The page has let it in. */
  readonly claim: Claim;
  readonly offer: string;
  readonly asksToBeAnswered = false;
  readonly assertedIdentity = undefined;
  readonly replaced = undefined;
  readonly joined = undefined;
  readonly focus = undefined;
  readonly diverted = undefined;
  #state: SessionState = 'early';
  #factory: OfferAnswerFactory | undefined;
  #answer: string | undefined;
  #refusal: OfferRefusal | undefined;
  readonly #silentMs: () => number | undefined;

  /** @param silentMs since something came by its media. */
  constructor(
    id: string,
    { offer, localAddress, source }: BrowserCaller,
    silentMs: () => number | undefined,
    log: Logger,
  ) {
    this.id = id;
    this.callId = id;
    this.offer = offer;
    this.localAddress = localAddress;
    this.source = source;
    this.#silentMs = silentMs;
    const host = source.address.includes(':') ? `[${source.address}]` : source.address;
    this.remote = new NameAddr('Browser', parseSipUri(`sip:browser@${host}`));
    this.claim = { method: 'INVITE', uri: this.remote.uri, authorization: [] };
    this.events = new Emitter((error) => log.error(`listener failed: ${String(error)}`));
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Once it was accepted. */
  get answer(): string | undefined {
    return this.#answer;
  }

  /** Why it was not, or else `error`. */
  refused(error: unknown): unknown {
    const reason = this.#refusal?.warning?.text;
    if (reason === undefined) return error;
    return new AgentException('no-resource', `the offer cannot be served: ${reason}`);
  }

  answerWith(offers: OfferAnswerFactory): void {
    this.#factory = offers;
  }

  /** The page has its reply when the call is answered. */
  ring(): void {}

  accept(): boolean {
    if (this.#state !== 'early') return false;
    if (!this.#factory) throw new Error('answerWith() has to be called before accept()');
    const outcome = this.#answerBy(this.#factory);
    if (!('answer' in outcome)) {
      this.#refusal = outcome;
      this.reject(outcome.status, outcome.reason);
      return false;
    }
    this.#answer = outcome.answer;
    this.#state = 'accepted';
    return true;
  }

  /** Why no media could be opened is kept in the call's slot for them, for the words of its end. */
  #answerBy(factory: OfferAnswerFactory): { readonly answer: string } | OfferRefusal {
    try {
      return factory(this.localAddress, this.protocol).handleOffer(this.offer);
    } catch {
      return { status: 480 };
    }
  }

  /** ICE and DTLS are done: that the answer has come needs no other proof. */
  confirm(): void {
    if (this.#state !== 'accepted') return;
    this.#state = 'confirmed';
    this.events.emit('confirmed');
  }

  reject(status: number, reason = 'refused', _warning?: Warning): void {
    this.#end({ by: 'local', status, reason });
  }

  refuseWith(status: number): void {
    this.reject(status);
  }

  redirect(): boolean {
    return false;
  }

  hangup(): void {
    const status = this.#state === 'early' ? 480 : 200;
    this.#end({ by: 'local', status, reason: 'hung up here' });
  }

  drop(status: number, reason: string): void {
    this.#end({ by: 'network', status, reason });
  }

  /** There is nobody to ask: who is there is heard. */
  async ask(): Promise<boolean> {
    if ((this.#silentMs() ?? SIGN_MS) < SIGN_MS) return true;
    this.drop(408, 'nothing comes from the browser any more');
    return false;
  }

  async findLocalAddress(): Promise<string | undefined> {
    return this.localAddress;
  }

  async renegotiate(): Promise<boolean> {
    return this.#state === 'confirmed';
  }

  async sendKey(): Promise<boolean> {
    return false;
  }

  async inform(): Promise<boolean> {
    return false;
  }

  refer(): boolean {
    return false;
  }

  #end(end: SessionEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.events.emit('ended', end);
  }
}
