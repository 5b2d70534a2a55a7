import { BoundedMap, type Clock, type Logger, type Random } from '../../platform';
import type { SipAccount } from '../account';
import {
  accountCalled,
  type ParsedAccount,
  parseAccount,
  routingFor,
  routingToRegistrar,
  serverUri,
} from '../account';
import { Admission, type SourceRates } from '../admission';
import { DigestClient } from '../auth';
import { CapabilitySet } from '../capabilities';
import { Dialog, DialogTable } from '../dialog';
import type { InviteSession, OfferAnswerFactory } from '../invite';
import {
  INVITE_USAGE,
  IncomingInvite,
  OutgoingInvite,
  RELIABLE_USAGE,
  type SessionEnvironment,
  tooSmallFields,
} from '../invite';
import {
  type DialogIdentity,
  type MessageIdentity,
  NameAddr,
  type ParseFailure,
  parseSipUri,
  type ResponseParts,
  type SipRequest,
  type SipResponse,
  validateRequest,
} from '../message';
import type { Registration } from '../registration';
import { RegistrationClient } from '../registration';
import { contactOn, RequestSender } from '../request';
import { type AddressFamily, type Lookup, Resolver, type ServiceLookup } from '../resolve';
import {
  reply,
  type ServerTransaction,
  StateBudget,
  type TimerSet,
  ToTags,
  TransactionLayer,
} from '../transaction';
import { localAddressOf, type Transport, Transports } from '../transport';
import { CountingEmitter } from './counting-emitter';
import { Guard } from './guard';
import { Receiver } from './receiver';
import { SessionList } from './session-list';
import type { SipUserAgent, UserAgentCounters, UserAgentEvents } from './sip-user-agent';

export interface UserAgentParts {
  /** The first one goes out unless a URI says otherwise. */
  readonly transports: readonly [Transport, ...Transport[]];
  readonly lookup: Lookup;
  readonly services: ServiceLookup;
  readonly family: AddressFamily;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timers: TimerSet;
  readonly product: string;
  readonly maxSessions: number;
  readonly maxStateBytes: number;
  readonly sourceRates: SourceRates;
  /** Session interval asked for (RFC 4028), seconds. */
  readonly sessionExpires: number;
  /** Whether callers may demand reliable provisional responses (RFC 3262) and send UPDATE (RFC 3311). */
  readonly reliableProvisional: boolean;
}

/** Calls refused lately, so that a repeated INVITE is refused alike although nothing is kept of it. */
const REFUSALS_REMEMBERED = 256;

/** Longest wait for goodbyes to be answered. */
const CLOSE_MS = 2000;

/** The core of the user agent, RFC 3261 §8: what comes goes to its dialog or makes a new one. */
export class UserAgent implements SipUserAgent {
  readonly events: CountingEmitter<UserAgentEvents>;
  readonly #parts: UserAgentParts;
  readonly #clock: Clock;
  readonly #guard: Guard;
  readonly #transports: Transports;
  readonly #layer: TransactionLayer;
  readonly #receiver: Receiver;
  readonly #sender: RequestSender;
  readonly #admission: Admission;
  readonly #tags: ToTags;
  readonly #dialogs: DialogTable;
  readonly #capabilities: CapabilitySet;
  readonly #budget: StateBudget;
  readonly #sessions: SessionList;
  /** Status by To tag. */
  readonly #refused = new BoundedMap<number>(REFUSALS_REMEMBERED);
  readonly #registrations = new Map<RegistrationClient, ParsedAccount>();
  readonly #accounts = new WeakMap<SipAccount, ParsedAccount>();
  readonly #sessionEnvironment: SessionEnvironment;
  #closing: Promise<void> | undefined;

  constructor(parts: UserAgentParts) {
    const { random, log, timers, product } = parts;
    this.#parts = parts;
    this.#capabilities = new CapabilitySet([
      INVITE_USAGE,
      ...(parts.reliableProvisional ? [RELIABLE_USAGE] : []),
    ]);
    const report = (error: unknown): void =>
      log.error('internal error', { error: error instanceof Error ? error.stack : String(error) });
    this.#guard = new Guard(report);
    this.events = new CountingEmitter(report);
    const clock = this.#guard.clock(parts.clock);
    const [first, ...others] = parts.transports;
    const transports = new Transports([
      this.#guard.transport(first),
      ...others.map((one) => this.#guard.transport(one)),
    ]);
    this.#transports = transports;
    this.#clock = clock;
    const admission = new Admission(clock, parts.sourceRates);
    const tags = new ToTags(random);
    const budget = new StateBudget(parts.maxStateBytes);
    this.#admission = admission;
    this.#tags = tags;
    this.#budget = budget;
    this.#dialogs = new DialogTable(admission.calls, this.#capabilities, product);
    this.#sessions = new SessionList(parts.maxSessions, budget);
    const user = {
      onRequest: (request: SipRequest, transaction: ServerTransaction) =>
        this.#onRequest(request, transaction),
      onAck: (ack: SipRequest) => this.#onAck(ack),
      onStrayResponse: (response: SipResponse) => this.#onStrayResponse(response),
    };
    this.#layer = new TransactionLayer({ clock, timers, budget, admission, tags, user });
    this.#receiver = new Receiver(transports, this.#layer, admission, tags, log, clock, (failure) =>
      this.#onUnreadable(failure),
    );
    const { lookup, services, family } = parts;
    const { protocols } = transports;
    const resolver = new Resolver({ lookup, services, family, protocols, clock, random });
    const layer = this.#layer;
    this.#sender = new RequestSender({ clock, random, log, timers, resolver, transports, layer });
    this.#sessionEnvironment = {
      clock,
      random,
      log,
      timers,
      sender: this.#sender,
      dialogs: this.#dialogs,
      sessionExpires: parts.sessionExpires,
      capabilities: this.#capabilities,
      product,
    };
    transports.listen((bytes, flow) => this.#receiver.receive(bytes, flow));
  }

  get port(): number {
    return this.#transports.port;
  }

  get counters(): UserAgentCounters {
    const { received, sent, refused } = this.#transports.counters;
    const { limited, oversized } = this.#admission.counters;
    return {
      received,
      sent,
      malformed: this.#receiver.malformed,
      tolerated: this.#receiver.tolerated,
      retransmissions: this.#layer.counters.retransmissions,
      activeTransactions: this.#layer.active,
      activeDialogs: this.#dialogs.size,
      stateBytes: this.#budget.used,
      limited: limited + refused,
      oversized,
      forgotten: this.#layer.counters.forgotten,
      withheld: this.#layer.counters.withheld,
      undelivered: this.#layer.counters.undelivered,
    };
  }

  /** Bugs that showed and were caught; for tests. */
  get internalErrors(): number {
    return this.#guard.caught;
  }

  invite(target: string, account: SipAccount, offers: OfferAnswerFactory): InviteSession {
    const uri = parseSipUri(target).withoutHeaders();
    const parsed = this.#parsed(account);
    const session = new OutgoingInvite({
      environment: this.#sessionEnvironment,
      digest: this.#digestFor(parsed),
      remote: new NameAddr(undefined, uri),
      user: parsed.aorUri.user,
      onEnded: () => this.#sessions.deleteOutgoing(session),
      target: uri,
      local: parsed.aor,
      route: (target) => routingFor(parsed, target),
      aor: parsed.aorUri,
      factory: offers,
    });
    if (this.#closing) session.refuse(503, 'the user agent is closed');
    else if (!this.#sessions.hasRoomForOutgoing) session.refuse(486, 'too many calls');
    else {
      this.#sessions.addOutgoing(session);
      session.start();
    }
    return session;
  }

  register(account: SipAccount): Registration {
    const parsed = this.#parsed(account);
    const { aor, aorUri, expires } = parsed;
    const registrar = parsed.registrar ?? serverUri(aorUri);
    const { random, log, product } = this.#parts;
    const registration = new RegistrationClient({
      clock: this.#clock,
      random,
      log,
      sender: this.#sender,
      digest: this.#digestFor(parsed),
      product,
      aor,
      registrar,
      ...routingToRegistrar(parsed, registrar),
      contactOn: (flow) => contactOn(flow, aorUri.user),
      expires,
      onUnregistered: () => this.#registrations.delete(registration),
    });
    this.#registrations.set(registration, parsed);
    if (!this.#closing) registration.start();
    return registration;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const session of [...this.#sessions]) session.hangup();
    const goodbyes = [...this.#registrations.keys()].map((one) => one.unregister());
    await new Promise<void>((resolve) => {
      const limit = this.#clock.setTimer(CLOSE_MS, resolve);
      void Promise.all([...goodbyes, this.#sender.whenIdle()]).then(() => {
        limit.cancel();
        resolve();
      });
    });
    this.#receiver.close();
    this.#layer.close();
    await this.#transports.close();
  }

  /** @throws UriException */
  #parsed(account: SipAccount): ParsedAccount {
    const known = this.#accounts.get(account) ?? parseAccount(account);
    this.#accounts.set(account, known);
    return known;
  }

  #digestFor(account: ParsedAccount | undefined): DigestClient {
    return new DigestClient(account?.credentials, this.#parts.random);
  }

  /** RFC 3261 §8.2. */
  #onRequest(request: SipRequest, transaction: ServerTransaction): void {
    const verdict = validateRequest(request, this.#capabilities.of(request.method));
    if (verdict.kind === 'drop') {
      this.#receiver.drop(verdict.problem);
      transaction.ignore();
    } else if (verdict.kind === 'reject') {
      this.#parts.log.debug('refused', { status: verdict.status, problem: verdict.problem });
      this.#reply(request, transaction, verdict.status, { headers: verdict.headers });
      // A method in small letters is owed 501 (§7.1) and has left no less.
      this.#heed(request.method.toUpperCase(), request, request);
    } else if (request.method === 'CANCEL') this.#onCancel(request, transaction);
    else if (request.to.tag !== undefined) this.#onDialogRequest(request, transaction);
    else this.#onInitialRequest(request, transaction);
  }

  /**
   * A refusal keeps no call alive: whoever sent BYE or CANCEL has left, whatever was wrong with it
   * (§15.1.1, §9.2).
   */
  #heed(
    method: string,
    dialog: DialogIdentity | undefined,
    identity: MessageIdentity | undefined,
  ): void {
    if (method === 'BYE' && dialog) this.#dialogs.leave(dialog);
    if (method === 'CANCEL' && identity) this.#layer.findRinging(identity)?.user?.onCancel();
  }

  /** So little could be read that there was no request; what it tells is heeded all the same. */
  #onUnreadable({ method, dialog, identity }: ParseFailure): void {
    if (method !== 'ACK') this.#heed(method ?? '', dialog, identity);
    else if (identity) this.#acknowledge(identity, '');
  }

  /** §9.2. */
  #onCancel(request: SipRequest, transaction: ServerTransaction): void {
    const invite = this.#layer.findInvite(request);
    this.#reply(request, transaction, invite ? 200 : 481);
    invite?.user?.onCancel();
  }

  /** §12.2.2. */
  #onDialogRequest(request: SipRequest, transaction: ServerTransaction): void {
    if (this.#dialogs.receive(request, transaction)) this.#admission.prove(transaction.source);
    else this.#reply(request, transaction, 481);
  }

  #onInitialRequest(request: SipRequest, transaction: ServerTransaction): void {
    switch (request.method) {
      case 'INVITE':
        this.#onInvite(request, transaction);
        break;
      case 'OPTIONS':
        // §11.2: the status is the one that an INVITE would get.
        this.#reply(request, transaction, this.#refusalOfInvite(transaction) ?? 200, {
          headers: this.#capabilities.optionsAnswer,
        });
        break;
      // BYE and INFO live within dialogs only.
      default:
        this.#reply(request, transaction, 481);
    }
  }

  /** What a new INVITE is refused with, if it is. */
  #refusalOfInvite({ source }: ServerTransaction): 480 | 486 | undefined {
    if (this.#closing || !this.events.hasListeners) return 480;
    const isProved = this.#admission.isProved(source);
    return this.#sessions.hasRoomForIncoming(isProved) ? undefined : 486;
  }

  /** §13.3.1. */
  #onInvite(request: SipRequest, transaction: ServerTransaction): void {
    const tag = this.#tags.of(request);
    let refusal = this.#refused.get(tag);
    const isProved = this.#admission.isProved(transaction.source);
    if (refusal === undefined) {
      if (!isProved && this.#sessions.comesTooSoon(transaction.source)) {
        transaction.ignore();
        return;
      }
      this.#sessions.makeRoom();
      refusal = this.#refusalOfInvite(transaction);
    }
    if (refusal !== undefined) {
      this.#reply(request, transaction, refusal);
      return;
    }
    const tooSmall = tooSmallFields(request);
    if (tooSmall) {
      this.#reply(request, transaction, 422, { headers: tooSmall });
      return;
    }
    const dialog = Dialog.ofUas(request, tag, {
      protocol: transaction.flow.protocol,
      remote: transaction.source,
    });
    const localAddress = localAddressOf(transaction.flow);
    if (!dialog) {
      this.#reply(request, transaction, 400, { reason: 'Contact Is No SIP Address' });
      return;
    }
    if (localAddress === undefined || !this.#sessions.hasMemoryFor(request)) {
      this.#reply(request, transaction, 503);
      return;
    }
    // Repeated so late that its transaction has been forgotten.
    if (this.#dialogs.has(dialog)) {
      transaction.ignore();
      return;
    }
    const session = new IncomingInvite({
      environment: this.#sessionEnvironment,
      digest: this.#digestFor(
        accountCalled(this.#registrations.values(), request, transaction.flow.remote),
      ),
      onEnded: () => this.#sessions.deleteIncoming(session),
      request,
      transaction,
      dialog,
      localAddress,
    });
    this.#sessions.addIncoming(session, request, isProved);
    this.events.emit('invite', session);
    if (transaction.isOver) this.#refused.set(tag, transaction.finalStatus ?? 480);
    // §8.2.6.1: a caller who hears 100 repeats his INVITE no more, so it is for those who wait.
    else if (transaction.isUnanswered) reply(this.#parts.product, request, transaction, 100);
  }

  #onAck(ack: SipRequest): void {
    const verdict = validateRequest(ack, this.#capabilities.of('ACK'));
    if (verdict.kind === 'drop') this.#receiver.drop(verdict.problem);
    // It cannot be refused, only lost, and so it confirms in any case (§13.3.1.4).
    const isInDialog = this.#acknowledge(ack, ack.description);
    // The ACK of a refusal without state ends here: it shows that the refusal arrived.
    const isOurs = isInDialog || ack.to.tag === this.#tags.of(ack);
    if (isOurs && ack.source) this.#admission.prove(ack.source);
  }

  /** False when there is no such dialog. */
  #acknowledge(identity: MessageIdentity, answer: string): boolean {
    const { sequence } = identity.cseq;
    return this.#dialogs.acknowledge(identity, { sequence, answer });
  }

  /** RFC 6026 §7.2: what matches no transaction is dropped, 2xx included. */
  #onStrayResponse(response: SipResponse): void {
    this.#parts.log.debug('stray response', {
      status: response.status,
      method: response.cseq.method,
    });
  }

  #reply(
    request: SipRequest,
    transaction: ServerTransaction,
    status: number,
    parts: ResponseParts = {},
  ): void {
    const toTag = this.#tags.of(request);
    reply(this.#parts.product, request, transaction, status, { toTag, ...parts });
  }
}
