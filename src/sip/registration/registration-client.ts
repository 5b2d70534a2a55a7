import {
  type Clock,
  Emitter,
  type Logger,
  type Random,
  randomFraction,
  randomToken,
  type Timer,
} from '../../platform';
import type { Grant } from '../account';
import type { DigestClient } from '../auth';
import {
  createRequest,
  type NameAddr,
  type SipRequest,
  type SipResponse,
  type SipUri,
  type Via,
} from '../message';
import type { OutgoingRequest, RequestFailure, RequestSender } from '../request';
import type { Flow, TransportException } from '../transport';
import { renewAfterMs } from './back-off';
import { readBinding } from './binding';
import { KeepAlive } from './keep-alive';
import { readGrant } from './read-grant';
import type { RegistrationEvents, RegistrationFlow, RegistrationState } from './registration';
import {
  type RegistrationEffect,
  type RegistrationInput,
  RegistrationMachine,
} from './registration-machine';

export interface RegistrationParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly sender: RequestSender;
  readonly digest: DigestClient;
  readonly product: string;
  /** Address of record, without tag. */
  readonly aor: NameAddr;
  readonly registrar: SipUri;
  readonly routes: readonly NameAddr[];
  readonly nextHop: SipUri;
  /** The proxy that it goes by, if the account names one. */
  readonly edge: SipUri | undefined;
  /** Who this agent is, as a URN, whatever its address (RFC 5626 §4.1); without it there are no flows and no GRUU. */
  readonly instance: string | undefined;
  /** Of the flow. */
  readonly regId: number;
  /** Whether the account is registered over another flow. */
  readonly othersLive: () => boolean;
  /** Our Contact over a flow. @throws TransportException */
  contactOn(flow: Flow): NameAddr;
  /** Seconds to ask for. */
  readonly expires: number;
  /** It has left for good. */
  onUnregistered(): void;
}

/** Statuses that the same request will hardly ever get past. */
const HOPELESS = [401, 403, 404, 407];

/** Of several registrars of one name each has its share of it to answer in, ms: as long as one has that is alone. */
const PATIENCE_MS = 32_000;

/** Longest wait for the answer to our leaving. */
const LEAVE_MS = 2000;

/** RFC 5626 §4.5: a connection that has stood for so long is no failure, ms. */
const STABLE_MS = 120_000;

/** RFC 5626 §11.6: First Hop Lacks Outbound Support. */
const NO_OUTBOUND = 439;

/** The machine with its requests, timer and listeners: one flow. */
export class RegistrationClient implements RegistrationFlow {
  readonly events: Emitter<RegistrationEvents>;
  readonly #parts: RegistrationParts;
  readonly #machine: RegistrationMachine;
  readonly #keepAlive: KeepAlive;
  readonly #callId: string;
  readonly #from: NameAddr;
  #state: RegistrationState = 'unregistered';
  #detail = 'not started';
  #sequence = 0;
  #request: OutgoingRequest | undefined;
  #timer: Timer | undefined;
  #boundUntil = 0;
  #grant: Grant | undefined;
  #asksForOutbound: boolean;
  #contact: NameAddr | undefined;
  #stopListening: () => void = () => undefined;
  #recovery: Timer | undefined;
  #onLeft: (() => void)[] = [];

  constructor(parts: RegistrationParts) {
    const { clock, random, log, aor, expires, othersLive } = parts;
    this.#parts = parts;
    this.events = new Emitter((error) => log.error('listener failed', { error: String(error) }));
    this.#machine = new RegistrationMachine(expires, () => randomFraction(random), othersLive);
    this.#asksForOutbound = parts.instance !== undefined;
    this.#keepAlive = new KeepAlive(clock, random);
    this.#callId = randomToken(random, 128);
    this.#from = aor.withTag(randomToken(random, 64));
  }

  get state(): RegistrationState {
    return this.#state;
  }

  get detail(): string {
    return this.#detail;
  }

  get expiresIn(): number {
    return Math.max(0, Math.floor((this.#boundUntil - this.#parts.clock.now()) / 1000));
  }

  get edge(): SipUri | undefined {
    return this.#parts.edge;
  }

  get isUp(): boolean {
    return this.#state === 'registered';
  }

  get grant(): Grant | undefined {
    return this.expiresIn > 0 ? this.#grant : undefined;
  }

  start(): void {
    this.#step({ kind: 'start' });
  }

  refresh(): void {
    this.#step({ kind: 'refresh' });
  }

  unregister(): Promise<void> {
    return new Promise((resolve) => {
      const limit = this.#parts.clock.setTimer(LEAVE_MS, () => this.#giveUpLeaving());
      this.#onLeft.push(() => {
        limit.cancel();
        resolve();
      });
      this.#step({ kind: 'unregister' });
    });
  }

  #step(input: RegistrationInput): void {
    for (const effect of this.#machine.step(input)) this.#perform(effect);
  }

  #perform(effect: RegistrationEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#send(effect);
        break;
      case 'set-timer':
        this.#timer?.cancel();
        this.#timer = this.#parts.clock.setTimer(effect.delayMs, () =>
          this.#step({ kind: 'timer' }),
        );
        break;
      case 'clear-timer':
        this.#timer?.cancel();
        break;
      case 'report':
        this.#report(effect.state, effect.detail);
        break;
      case 'left':
        this.#parts.onUnregistered();
        for (const resolve of this.#onLeft.splice(0)) resolve();
        break;
    }
  }

  #report(state: RegistrationState, detail: string): void {
    if (state === this.#state && detail === this.#detail) return;
    this.#state = state;
    this.#detail = detail;
    this.#parts.log.info('registration', { aor: String(this.#parts.aor.uri), state, detail });
    this.events.emit('state', state, detail);
  }

  #send({ expires, repeatsForMs }: RegistrationEffect & { kind: 'send' }): void {
    this.#request?.abandon();
    this.#recovery?.cancel();
    if (expires === 0) this.#forgetBinding();
    this.#request = this.#parts.sender.send({
      nextHop: this.#parts.nextHop,
      digest: this.#parts.digest,
      toAccountHop: true,
      patienceMs: PATIENCE_MS,
      ...(repeatsForMs === undefined ? {} : { repeatsForMs }),
      build: (via, flow) => this.#build(via, flow, expires),
      user: {
        onSuccess: (response, _request, flow) => this.#onSuccess(response, flow, expires),
        onFailure: (failure) => this.#onFailure(failure),
      },
    });
  }

  /** RFC 3261 §10.2; one Call-ID and a rising CSeq for all registrations of this client. */
  #build(via: Via, flow: Flow, expires: number): SipRequest {
    const { aor, registrar, routes, product } = this.#parts;
    // What is to be removed is the binding that was made, wherever we are by now.
    const isLeaving = expires === 0 && this.#contact !== undefined;
    if (!isLeaving) this.#contact = this.#contactOn(flow);
    this.#sequence++;
    return createRequest('REGISTER', registrar, {
      via,
      routes,
      from: this.#from,
      to: aor,
      callId: this.#callId,
      cseq: this.#sequence,
      ...(this.#contact ? { contact: this.#contact } : {}),
      headers: [
        ['Expires', expires],
        ['Supported', this.#supported],
        ['User-Agent', product],
      ],
    });
  }

  #contactOn(flow: Flow): NameAddr {
    const { instance, regId } = this.#parts;
    const contact = this.#parts.contactOn(flow);
    if (instance === undefined) return contact;
    const known = contact.withParam('+sip.instance', `"<${instance}>"`);
    return this.#asksForOutbound ? known.withParam('reg-id', String(regId)) : known;
  }

  /** RFC 3327 §5.1, RFC 5626 §4.2.1, RFC 5627 §4.2. */
  get #supported(): string {
    if (this.#parts.instance === undefined) return 'path';
    return this.#asksForOutbound ? 'path, outbound, gruu' : 'path, gruu';
  }

  #onSuccess(response: SipResponse, flow: Flow, asked: number): void {
    this.#request = undefined;
    const { seconds, isSure, contact } = readBinding(response, this.#contact, asked);
    if (asked > 0 && seconds > 0) {
      this.#boundUntil = this.#parts.clock.now() + seconds * 1000;
      this.#grant = readGrant(response, flow.remote, contact);
      this.#keepAlive.start(flow, this.#boundUntil, response.flowTimer);
      this.#listenTo(flow);
    }
    const doubt = isSure ? '' : ', but our address is not in its list';
    const detail = `${response.status} ${response.reason}${doubt}`;
    this.#step({ kind: 'granted', seconds, isSure, detail });
  }

  #onFailure({ status, reason, cause, response }: RequestFailure): void {
    this.#request = undefined;
    const detail = cause === 'response' ? `${status} ${reason}`.trim() : reason;
    if (status === NO_OUTBOUND && this.#asksForOutbound) {
      // RFC 5626 §4.2.1: once more, and without.
      this.#asksForOutbound = false;
      this.refresh();
      return;
    }
    const leastSeconds = response?.minExpires;
    if (status === 423 && leastSeconds !== undefined) {
      this.#step({ kind: 'too-brief', leastSeconds, detail });
      return;
    }
    this.#step({
      kind: 'refused',
      detail,
      hopeless: cause === 'response' && HOPELESS.includes(status),
      isUnsent: cause === 'unsent',
      retryAfterS: response?.retryAfter,
    });
  }

  #giveUpLeaving(): void {
    this.#request?.abandon();
    const detail = 'no answer';
    this.#step({
      kind: 'refused',
      detail,
      hopeless: false,
      isUnsent: false,
      retryAfterS: undefined,
    });
  }

  /** The registrar calls us over the connection that we registered by. */
  #listenTo(flow: Flow): void {
    const since = this.#parts.clock.now();
    this.#stopListening();
    this.#stopListening = flow.onClosed((error) => this.#onClosed(error, since));
  }

  /** What the far end closes it closes for all; what dies by itself is ours alone, and soon replaced. */
  #onClosed({ failure, message }: TransportException, since: number): void {
    const { clock, random } = this.#parts;
    const wasStable = clock.now() - since >= STABLE_MS;
    this.#recovery?.cancel();
    if (failure === 'lost' && wasStable && !this.#parts.othersLive()) {
      const delayMs = renewAfterMs(randomFraction(random));
      this.#recovery = clock.setTimer(delayMs, () => this.#step({ kind: 'timer' }));
    } else this.#step({ kind: 'closed', wasStable, detail: message });
  }

  #forgetBinding(): void {
    this.#stopListening();
    this.#recovery?.cancel();
    this.#boundUntil = 0;
    this.#keepAlive.stop();
  }
}
