import type { SipAccount } from '../account';
import {
  accountCalled,
  calleeOf,
  knownAs,
  type ParsedAccount,
  parseAccount,
  routingFor,
  routingToRegistrar,
  serverUri,
} from '../account';
import { DigestClient } from '../auth';
import { type Delivery, type IncomingMessage, sendMessage } from '../instant-message';
import type { InviteSession, OfferAnswerFactory } from '../invite';
import { OutgoingInvite } from '../invite';
import { NameAddr, parseSipUri, type SipRequest, type SipUri } from '../message';
import { type Availability, type Published, Publisher } from '../publication';
import type { Registration } from '../registration';
import { FlowSet, RegistrationClient, type RegistrationParts } from '../registration';
import { contactOn, sendSingle } from '../request';
import { Subscriber, type SubscriberListener } from '../subscription';
import type { TracePage, TraceQuery } from '../trace';
import { reply, type ServerTransaction } from '../transaction';
import {
  type Destination,
  localAddressOf,
  type SecurityStatus,
  type SocketAddress,
  type TlsPolicies,
} from '../transport';
import { CountingEmitter } from './counting-emitter';
import { Guard } from './guard';
import { IncomingCalls, type Reply } from './incoming-calls';
import { callerOf, fieldsOf, type InviteOptions } from './invite-options';
import { SessionList } from './session-list';
import type {
  OnPublicationState,
  SipUserAgent,
  Subscription,
  UserAgentCounters,
  UserAgentEvents,
  Wanted,
} from './sip-user-agent';
import { buildStack, type Stack, type StackParts } from './stack';
import { UasCore } from './uas-core';

export interface UserAgentParts extends StackParts {
  readonly maxSessions: number;
  /** Of the TLS transport, if there is one: what accounts say of their servers goes there. */
  readonly tlsPolicies?: TlsPolicies;
}

/** Longest wait for goodbyes to be answered. */
const CLOSE_MS = 2000;

/** The user agent, RFC 3261 §8: what its owner asks of it, and the core that answers the peers. */
export class UserAgent implements SipUserAgent {
  readonly events: CountingEmitter<UserAgentEvents>;
  readonly #guard: Guard;
  readonly #stack: Stack;
  readonly #sessions: SessionList;
  readonly #registrations = new Map<FlowSet, ParsedAccount>();
  readonly #instance: string | undefined;
  readonly #policies: TlsPolicies | undefined;
  readonly #accounts = new WeakMap<SipAccount, ParsedAccount>();
  readonly #subscribers = new Set<Subscriber>();
  readonly #publishers = new Set<Publisher>();
  #closing: Promise<void> | undefined;

  constructor(parts: UserAgentParts) {
    const { log } = parts;
    this.#policies = parts.tlsPolicies;
    this.#instance = parts.instance;
    const report = (error: unknown): void =>
      log.error('internal error', { error: error instanceof Error ? error.stack : String(error) });
    this.events = new CountingEmitter(report);
    this.#guard = new Guard(report);
    this.#stack = buildStack(parts, this.#guard, () => core);
    this.#sessions = new SessionList(parts.maxSessions, this.#stack.budget, (bytes) =>
      this.#stack.layer.makeRoomFor(bytes),
    );
    const core = this.#core();
    this.#stack.listen();
  }

  get port(): number {
    return this.#stack.transports.port;
  }

  get counters(): UserAgentCounters {
    const { received, sent, refused } = this.#stack.transports.counters;
    const { limited, oversized } = this.#stack.admission.counters;
    return {
      received,
      sent,
      malformed: this.#stack.receiver.malformed,
      tolerated: this.#stack.receiver.tolerated,
      retransmissions: this.#stack.layer.counters.retransmissions,
      activeTransactions: this.#stack.layer.active,
      activeDialogs: this.#stack.dialogs.size,
      stateBytes: this.#stack.budget.used,
      limited: limited + refused,
      oversized,
      forgotten: this.#stack.layer.counters.forgotten,
      withheld: this.#stack.layer.counters.withheld,
      undelivered: this.#stack.layer.counters.undelivered,
    };
  }

  /** Bugs that showed and were caught; for tests. */
  get internalErrors(): number {
    return this.#guard.caught;
  }

  invite(
    target: string,
    account: SipAccount,
    offers: OfferAnswerFactory,
    options: InviteOptions = {},
  ): InviteSession {
    const parsed = this.#parsed(account);
    const callee = calleeOf(target, parsed, options.route);
    const session = new OutgoingInvite({
      environment: this.#stack.environment,
      digest: this.#digestFor(parsed),
      remote: new NameAddr(undefined, callee.uri),
      ...callerOf(parsed, options, callee.route(callee.target).toAccountHop),
      scheme: callee.target.scheme,
      onEnded: () => this.#sessions.deleteOutgoing(session),
      callee: callee.uri,
      target: callee.target,
      route: callee.route,
      aor: parsed.aorUri,
      factory: offers,
      headers: fieldsOf(options, parsed),
      enclosing: options.enclosing,
    });
    if (this.#closing) session.refuse(503, 'the user agent is closed');
    else if (!this.#sessions.hasRoomForOutgoing) session.refuse(486, 'too many calls');
    else {
      this.#sessions.addOutgoing(session);
      session.start();
    }
    return session;
  }

  message(target: string, account: SipAccount, text: string): Promise<Delivery> {
    const uri = parseSipUri(target).withoutHeaders();
    const parsed = this.#parsed(account);
    const { sender, random, product } = this.#stack.environment;
    return sendMessage({
      ...{ sender, random, product, text },
      digest: this.#digestFor(parsed),
      local: parsed.aor,
      target: uri,
      routing: routingFor(parsed, uri),
    });
  }

  subscribe(
    target: string,
    account: SipAccount,
    wanted: Wanted,
    listener: SubscriberListener,
  ): Subscription {
    const uri = parseSipUri(target).withoutHeaders();
    const parsed = this.#parsed(account);
    const subscriber = new Subscriber({
      ...wanted,
      environment: this.#stack.environment,
      digest: this.#digestFor(parsed),
      target: uri,
      // As the account is registered when it is asked, which may be much later.
      get routing() {
        return routingFor(parsed, uri);
      },
      get user() {
        const { user } = parsed.aorUri;
        return this.routing.toAccountHop ? knownAs(parsed, user) : user;
      },
      local: parsed.aor,
      listener,
      onOver: () => this.#subscribers.delete(subscriber),
    });
    this.#subscribers.add(subscriber);
    if (!this.#closing) subscriber.start();
    return subscriber;
  }

  publish(account: SipAccount, availability: Availability, onState: OnPublicationState): Published {
    const parsed = this.#parsed(account);
    const { aor: local, aorUri: target } = parsed;
    const { clock, random, sender, product } = this.#stack.environment;
    const to = { local, target, digest: this.#digestFor(parsed) };
    const publisher = new Publisher(
      availability,
      {
        ...{ clock, random, product, onState, entity: String(target) },
        // By which way, shows each time anew.
        send: (request) =>
          sendSingle(sender, random, { ...to, ...request, routing: routingFor(parsed, target) }),
      },
      () => this.#publishers.delete(publisher),
    );
    this.#publishers.add(publisher);
    return publisher;
  }

  register(account: SipAccount): Registration {
    const parsed = this.#parsed(account);
    const [first, ...others] = parsed.edges;
    const flowBy = (edge: SipUri | undefined, place: number): RegistrationClient => {
      const flow: RegistrationClient = this.#flowOf(parsed, edge, place + 1, {
        othersLive: () => parsed.flows.some((one) => one !== flow && one.isUp),
        onUnregistered: () => {
          parsed.flows = parsed.flows.filter((one) => one !== flow);
          if (parsed.flows.length === 0) this.#registrations.delete(registration);
        },
      });
      return flow;
    };
    const flows = others.map((edge, place) => flowBy(edge, place + 1));
    const registration: FlowSet = new FlowSet(
      [flowBy(first, 0), ...flows],
      this.#stack.environment.log,
    );
    parsed.flows = registration.flows;
    this.#registrations.set(registration, parsed);
    if (!this.#closing) registration.start();
    return registration;
  }

  #flowOf(
    parsed: ParsedAccount,
    edge: SipUri | undefined,
    regId: number,
    of: Pick<RegistrationParts, 'othersLive' | 'onUnregistered'>,
  ): RegistrationClient {
    const { aor, aorUri, expires } = parsed;
    const registrar = parsed.registrar ?? serverUri(aorUri);
    const { clock, random, log, sender, product } = this.#stack.environment;
    return new RegistrationClient({
      ...{ clock, random, log, sender, product, aor, registrar, edge, regId, expires, ...of },
      instance: this.#instance,
      digest: this.#digestFor(parsed),
      ...routingToRegistrar(registrar, edge),
      contactOn: (flow) => contactOn(flow, aorUri.user, registrar.scheme),
    });
  }

  forget(account: SipAccount): void {
    this.#accounts.delete(account);
    this.#policies?.forget(account);
  }

  /** What stood in the way of registrations may be gone. */
  registerAnew(): void {
    for (const registration of this.#registrations.keys()) registration.refresh();
  }

  get security(): SecurityStatus | undefined {
    return this.#stack.transports.security;
  }

  trace(query: TraceQuery): TracePage {
    return this.#stack.trace.read(query, (destination) => this.#localTowards(destination));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const session of [...this.#sessions]) session.hangup();
    for (const subscriber of [...this.#subscribers]) subscriber.stop();
    for (const publisher of [...this.#publishers]) publisher.stop();
    const goodbyes = [...this.#registrations.keys()].map((one) => one.unregister());
    await new Promise<void>((resolve) => {
      const limit = this.#stack.environment.clock.setTimer(CLOSE_MS, resolve);
      void Promise.all([...goodbyes, this.#stack.sender.whenIdle()]).then(() => {
        limit.cancel();
        resolve();
      });
    });
    for (const subscriber of [...this.#subscribers]) subscriber.abandon();
    this.#stack.receiver.close();
    this.#stack.layer.close();
    await this.#stack.transports.close();
  }

  #localTowards(destination: Destination): SocketAddress | undefined {
    const flow = this.#stack.transports.flowTo(destination);
    return localAddressOf(flow) === undefined ? undefined : flow.local;
  }

  /** @throws UriException */
  #parsed(account: SipAccount): ParsedAccount {
    const known = this.#accounts.get(account);
    if (known) return known;
    const parsed = parseAccount(account);
    this.#accounts.set(account, parsed);
    const { aorUri, registrar, edges } = parsed;
    if (account.tls) {
      const servers = [aorUri, registrar, ...edges].flatMap((uri) => uri?.host ?? []);
      this.#policies?.set(account, servers, account.tls);
    }
    return parsed;
  }

  #digestFor(account: ParsedAccount | undefined): DigestClient {
    return new DigestClient(account?.credentials, this.#stack.environment.random);
  }

  #core(): UasCore {
    const { environment, admission, tags, layer, dialogs, receiver } = this.#stack;
    const { log, product, capabilities } = environment;
    const answer: Reply = (request, transaction, status, parts) =>
      reply(product, request, transaction, status, { toTag: tags.of(request), ...parts });
    const called = (request: SipRequest, { flow }: ServerTransaction): ParsedAccount | undefined =>
      accountCalled(this.#registrations.values(), request, flow.remote);
    const calls = new IncomingCalls({
      environment,
      admission,
      tags,
      sessions: this.#sessions,
      reply: answer,
      isOpen: () => !this.#closing && this.events.hasListeners,
      digestFor: (request, transaction) => this.#digestFor(called(request, transaction)),
      knownAs: (request, transaction) => {
        const account = called(request, transaction);
        const { address } = transaction.flow.remote;
        const isByServer = account?.flows.some(({ grant }) => grant?.remote.address === address);
        return isByServer && account ? knownAs(account, request.uri.user) : request.uri.user;
      },
      onCall: (session) => this.events.emit('invite', session),
    });
    const drop = (problem: string): void => receiver.drop(problem);
    const onMessage = (message: IncomingMessage): void => this.events.emit('message', message);
    const parts = { log, capabilities, admission, tags, layer, dialogs, calls, drop, onMessage };
    return new UasCore({ ...parts, reply: answer });
  }
}
