import { isLoopback, type Logger } from '../../platform';
import type { Control } from '../control';
import { Challenge } from './challenge';
import { Gate } from './gate';
import { HolderQuery } from './holder-query';
import { type CommandMessage, messagesFrom, SESSION_MESSAGES } from './messages';
import { Pages } from './pages';
import { Repetitions, type RequestKind } from './repetitions';
import { failure, type Request, readRequest } from './request';
import { runMessage } from './run-message';
import { RVAL } from './rval';
import { type Session, Sessions } from './sessions';
import { type Reply, type Sender, senderKey } from './wire';

/** Clients that want it are asked after so much silence whether they are there, ms. */
export const HEARTBEAT_MS = 30_000;

/** Messages that need a session and are about nothing else. */
const ASK_THE_SESSION: readonly number[] = [
  SESSION_MESSAGES.stop.id,
  SESSION_MESSAGES.keepAlive.id,
];

export interface DispatcherOptions {
  /** Id of the first command. */
  readonly firstId: number;
  /** The camera's own server passes our messages on and has the sessions itself. */
  readonly isBehindRelay: boolean;
  /** One client at a time has a session, as with the camera's own server. */
  readonly hasOneHolder: boolean;
  /** Shared with the clients, who must prove that they know it. */
  readonly key?: string;
  /** Address listened on; what comes from there is of this machine, for the kernel takes no such packet from a wire. */
  readonly ownAddress: string;
  readonly log: Logger;
  /** Asks a client whether it is still there. */
  readonly ask: (client: Sender) => void;
}

/** Datagrams in, replies out: everything of the command server but its socket. */
export class Dispatcher {
  readonly counters: Control['counters'];
  readonly sessions: Sessions;
  readonly #control: Control;
  readonly #options: DispatcherOptions;
  readonly #messages: ReadonlyMap<number, CommandMessage>;
  readonly #challenge: Challenge | undefined;
  readonly #holders: HolderQuery;
  readonly #repetitions: Repetitions;
  readonly #pages: Pages;
  readonly #gate: Gate;
  readonly #log: Logger;
  /** Behind a relay: where notifications go. */
  #relay: Sender | undefined;
  #heartbeat: { cancel(): void } | undefined;

  constructor(control: Control, options: DispatcherOptions) {
    const { clock, random } = control;
    const { firstId, key, ask } = options;
    this.#control = control;
    this.counters = control.counters;
    this.#options = options;
    this.#log = options.log;
    this.#messages = new Map(messagesFrom(firstId).map((message) => [message.id, message]));
    this.sessions = new Sessions(clock, random, key === undefined ? 31 : 53);
    this.#challenge = key === undefined ? undefined : new Challenge(key, clock, random);
    this.#holders = new HolderQuery(clock, ({ client }) => ask(client));
    this.#repetitions = new Repetitions(clock, () => control.journal.last);
    this.#pages = new Pages(clock);
    this.#gate = new Gate(clock);
  }

  /** Who is told what happens. */
  get listeners(): readonly Sender[] {
    if (!this.#options.isBehindRelay) return this.sessions.all.map(({ client }) => client);
    return this.#relay ? [this.#relay] : [];
  }

  /** The reply to one datagram; undefined when it gets none. Never rejects. */
  async handle(datagram: Uint8Array, sender: Sender): Promise<Reply | undefined> {
    this.counters.received += 1;
    if (!this.#admits(sender)) {
      this.counters.limited += 1;
      return undefined;
    }
    const former = this.#repetitions.find(sender, datagram);
    if (former) {
      this.counters.repeated += 1;
      return this.#answered(await former);
    }
    const received = readRequest(datagram);
    switch (received.kind) {
      case 'nothing':
        this.counters.ignored += 1;
        return undefined;
      case 'alive':
        if (!this.#find(received.token, sender)) this.counters.ignored += 1;
        return undefined;
      case 'complaint':
        return this.#answered(this.#complaint(received.reply));
      case 'request': {
        const { request } = received;
        const reply = await this.#serve(request, datagram, sender);
        return this.#answered(reply && marked(reply, request));
      }
    }
  }

  /** No timer is left behind. */
  close(): void {
    this.#heartbeat?.cancel();
  }

  #answered(reply: Reply | undefined): Reply | undefined {
    if (reply) this.counters.answered += 1;
    return reply;
  }

  #admits(sender: Sender): boolean {
    const key = senderKey(sender);
    return this.#gate.admits(
      sender,
      this.listeners.some((client) => senderKey(client) === key),
    );
  }

  async #serve(request: Request, datagram: Uint8Array, sender: Sender): Promise<Reply | undefined> {
    const { msgId, token } = request;
    const message = this.#messages.get(msgId);
    if (!this.#challenge && !this.#isThisMachine(sender)) {
      const reason = 'only this machine is served, for there is no key (control.keyFile)';
      return this.#complaint(failure('authentication', reason, msgId));
    }
    if (this.#options.isBehindRelay) {
      if (!message) return this.#unsupported(msgId);
      this.#relay = sender;
      return this.#answer(message, request, datagram, sender);
    }
    if (msgId === SESSION_MESSAGES.start.id) {
      return this.#startSession(request, datagram, sender);
    }
    if (!message && !ASK_THE_SESSION.includes(msgId)) return this.#unsupported(msgId);
    const session = this.#find(token, sender);
    if (!session) {
      const reason = `no session has this token; start one with message ${SESSION_MESSAGES.start.id}`;
      return this.#complaint(failure('invalidToken', reason, msgId));
    }
    if (message) return this.#answer(message, request, datagram, sender);
    if (msgId === SESSION_MESSAGES.stop.id) this.sessions.stop(session.token);
    return { rval: RVAL.ok, msg_id: msgId };
  }

  #isThisMachine({ address }: Sender): boolean {
    return isLoopback(address) || address === this.#options.ownAddress;
  }

  #unsupported(id: number): Reply | undefined {
    return this.#complaint(failure('unsupported', `there is no message ${id}`, id));
  }

  #find(token: unknown, sender: Sender): Session | undefined {
    const session = this.sessions.find(token, sender);
    if (session) this.#holders.heard(session.token);
    return session;
  }

  async #startSession(
    request: Request,
    datagram: Uint8Array,
    sender: Sender,
  ): Promise<Reply | undefined> {
    const { param, heartbeat } = request;
    const { id } = SESSION_MESSAGES.start;
    if (this.#challenge && !this.#challenge.isMet(param, sender)) {
      const reason =
        'param: expected nonce and response, its HMAC-SHA-256 with the shared key in hexadecimal';
      const nonce = this.#challenge.nonceFor(sender);
      return this.#complaint({ ...failure('authentication', reason, id), param: { nonce } });
    }
    const holder = this.sessions.all.find(({ client }) => senderKey(client) !== senderKey(sender));
    if (holder && this.#options.hasOneHolder) {
      if (await this.#holders.isThere(holder)) {
        const reason = `the client at ${holder.client.address} has the session`;
        return this.#complaint(failure('sessionStartFailed', reason, id));
      }
      this.sessions.stop(holder.token);
    }
    const session = this.sessions.start(sender, heartbeat);
    if (heartbeat) this.#watchHearts();
    this.#log.debug('session started', { address: sender.address, port: sender.port });
    const reply = { rval: RVAL.ok, msg_id: id, param: session.token };
    // Without a mark it may be a client that begins anew.
    if (request.id !== undefined) {
      const kind = { hasId: true, dependsOnState: false };
      this.#repetitions.remember(sender, datagram, kind, Promise.resolve(marked(reply, request)));
    }
    return reply;
  }

  /** Asks those who want it, for as long as there are any. */
  #watchHearts(): void {
    this.#heartbeat?.cancel();
    this.#heartbeat = this.#control.clock.setTimer(HEARTBEAT_MS / 2, () => {
      for (const session of this.sessions.silentFor(HEARTBEAT_MS)) {
        void this.#holders.isThere(session).then((isThere) => {
          if (!isThere) this.sessions.stop(session.token);
        });
      }
      if (this.sessions.silentFor(0).length > 0) this.#watchHearts();
    });
  }

  /** Runs a command once, however often its datagram comes, and cuts its reply if that is wished. */
  #answer(
    message: CommandMessage,
    request: Request,
    datagram: Uint8Array,
    sender: Sender,
  ): Promise<Reply> {
    const reply = this.#page(message, request, sender);
    if (!message.command.repeats) {
      const marking = reply.then((made) => marked(made, request));
      this.#repetitions.remember(sender, datagram, kindOf(message, request), marking);
    }
    return reply;
  }

  async #page(message: CommandMessage, request: Request, sender: Sender): Promise<Reply> {
    const { page, param } = request;
    if (page === undefined) return this.#run(message, param);
    const key = `${senderKey(sender)} ${message.id} ${JSON.stringify(param)}`;
    const empty = marked({ rval: RVAL.ok, msg_id: message.id }, request);
    if (page === 1) {
      const reply = await this.#run(message, param);
      return reply.rval === RVAL.ok
        ? this.#pages.first(key, { ...empty, param: reply.param })
        : reply;
    }
    const later = this.#pages.later(key, page, empty);
    if (later) return later;
    const reason = `page: found ${page}, expected 1 first, and then one of those that it tells of`;
    return { ...failure('invalidParameter', reason, message.id), param: 'page' };
  }

  #run(message: CommandMessage, param: unknown): Promise<Reply> {
    return runMessage(message, param, this.#control, this.#log);
  }

  #complaint(reply: Reply): Reply | undefined {
    this.counters.complaints += 1;
    const told = this.#gate.complaint(reply);
    if (!told) this.counters.suppressed += 1;
    return told;
  }
}

/** A reply with the request's own mark. */
function marked(reply: Reply, { id }: Request): Reply {
  return id === undefined ? reply : { ...reply, id };
}

function kindOf({ command }: CommandMessage, { id, param }: Request): RequestKind {
  const namesCall = typeof param === 'object' && param !== null && 'call' in param;
  return {
    hasId: id !== undefined,
    dependsOnState: command.picksCall === true && !namesCall,
  };
}
