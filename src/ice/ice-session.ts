import type { Clock, Random, Timer } from '../platform';
import {
  type Candidate,
  type Component,
  isSameComponent,
  type LocalCandidate,
  priorityOf,
  type Way,
} from './candidate';
import { CheckList } from './check-list';
import { Consent } from './consent';
import type { Credentials } from './credentials';
import { bestOf, mayImprove, patienceFor } from './nomination';
import { byPriority, CandidatePair } from './pair';
import {
  ATTRIBUTE,
  addressValue,
  encodeStun,
  errorValue,
  METHOD,
  numberValue,
  type SocketAddress,
  type StunAttribute,
  type StunMessage,
  TransactionTable,
  textValue,
} from './stun';

/** Time between two checks, RFC 8445 §14.2, ms. */
export const TA_MS = 50;
/** §14.3, ms. */
const MIN_RTO_MS = 500;
/** 15.5 s, and 16 s for the last one: longer than anybody waits for sound. */
const SENDS = 5;
/** Without a pair of each component by then ICE has failed, ms. */
const LIMIT_MS = 20_000;
/** A peer's checks may show a way when all of ours have failed, until then, ms. */
const GRACE_MS = 5000;
/** Checks that came before its description did. */
const MAX_EARLY = 32;
/** Of one component, those included that its own checks have shown. */
const MAX_REMOTE = 32;
/** Of media by another way than the chosen one: half a second of sound. */
const STRAY_PACKETS = 25;
/** An answer to a question of consent that is later than that says nothing any more, ms. */
const CONSENT_ANSWER_MS = 10_000;

/** What the peer's description says of one stream. */
export interface RemoteStream extends Credentials {
  readonly stream: string;
  readonly candidates: readonly Candidate[];
}

/** What the peer's description says. */
export interface RemoteIce {
  /** It only answers checks (RFC 8445 §2.5). */
  readonly isLite: boolean;
  readonly streams: readonly RemoteStream[];
}

export interface IceSessionListener {
  /** Media of that component go there; told again where the peer chooses anew. */
  onSelected(pair: CandidatePair): void;
  /** Every component has its pair. */
  onCompleted(): void;
  onFailed(reason: string): void;
  /** The far end does not want media any more (RFC 7675), or is not there. */
  onConsentLost(component: Component): void;
}

export interface IceSessionParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly local: Credentials;
  readonly isControlling: boolean;
  readonly candidates: readonly LocalCandidate[];
  /** Which stream a candidate is of. */
  readonly streamOf: (candidate: LocalCandidate) => string;
  /** Between two checks, ms. */
  readonly paceMs: number;
  readonly maxPairs: number;
  readonly listener: IceSessionListener;
}

interface EarlyCheck {
  readonly component: Component;
  readonly way: Way;
  readonly from: SocketAddress;
  readonly message: StunMessage;
}

/** From where an answer came. */
interface Place extends SocketAddress {
  readonly way: Way;
}

/**
 * ICE with one set of credentials (RFC 8445 §6 to §9): checks, nomination, consent. A restart is another one. Sans-I/O:
 * packets come by `receive` and leave by the ways of candidates.
 */
export class IceSession {
  readonly local: Credentials;
  readonly #parts: IceSessionParts;
  readonly #list: CheckList;
  readonly #table: TransactionTable<Place>;
  readonly #tieBreaker: Uint8Array;
  readonly #remote = new Map<string, { readonly credentials: Credentials; list: Candidate[] }>();
  readonly #selected = new Map<string, CandidatePair>();
  readonly #consents = new Map<string, Consent>();
  #components: readonly Component[] = [];
  #early: EarlyCheck[] = [];
  #isControlling: boolean;
  #begunAt: number | undefined;
  #isOver = false;
  #pace: Timer | undefined;
  #limit: Timer | undefined;
  #patience: Timer | undefined;
  #isImpatient = false;
  #learned = 0;
  /** By which valid pair the peer sends although another one was chosen, of each component. */
  readonly #strays = new Map<string, { readonly pair: CandidatePair; packets: number }>();

  constructor(parts: IceSessionParts) {
    const { clock, random } = parts;
    this.#parts = parts;
    this.local = parts.local;
    this.#isControlling = parts.isControlling;
    this.#tieBreaker = random.bytes(8);
    this.#list = new CheckList(parts.maxPairs);
    this.#table = new TransactionTable(clock, random);
  }

  get isControlling(): boolean {
    return this.#isControlling;
  }

  get isCompleted(): boolean {
    return this.#begunAt !== undefined && this.#selected.size === this.#components.length;
  }

  get pairs(): readonly CandidatePair[] {
    return this.#list.pairs;
  }

  selected(component: Component): CandidatePair | undefined {
    return this.#selected.get(nameOf(component));
  }

  /** The peer's description is there. @param components those that both ends use */
  begin(remote: RemoteIce, components: readonly Component[]): void {
    if (this.#begunAt !== undefined || this.#isOver) return;
    const { clock, candidates, streamOf } = this.#parts;
    this.#begunAt = clock.now();
    this.#components = components;
    // §6.1.1: somebody has to choose.
    if (remote.isLite) this.#isControlling = true;
    for (const stream of remote.streams) {
      const { fragment, password, candidates: list } = stream;
      this.#remote.set(stream.stream, { credentials: { fragment, password }, list: [...list] });
    }
    for (const component of components) {
      const local = candidates.filter(
        (one) => streamOf(one) === component.stream && one.component === component.id,
      );
      const theirs = this.#remoteOf(component).slice(0, MAX_REMOTE);
      this.#list.form(component, local, theirs, this.#isControlling);
      for (const { way } of local) for (const one of theirs) way.expect(one);
    }
    this.#list.unfreezeFirst();
    this.#limit = clock.setTimer(LIMIT_MS, () => this.#giveUp());
    for (const { component, way, from, message } of this.#early.splice(0))
      this.#learn(component, way, from, message);
    this.#tick();
  }

  /** What came to a component. False for what is not of this session. */
  receive(component: Component, way: Way, from: SocketAddress, message: StunMessage): boolean {
    if (message.method !== METHOD.binding || this.#isOver) return false;
    if (message.kind === 'request') return this.#onRequest(component, way, from, message);
    if (message.kind === 'indication') return false;
    return this.#table.answer(message, { ...from, way });
  }

  /**
   * Media have come by a relay. They may come by any candidate (§12.2); a peer that stays with another valid pair than
   * the one that was nominated, as some do that know no peer-reflexive candidates, is followed there.
   */
  noteMedia(component: Component, way: Way, { address, port }: SocketAddress): void {
    const name = nameOf(component);
    const chosen = this.#selected.get(name);
    const pair = this.#list
      .of(component)
      .find(
        ({ local, remote, isValid }) =>
          isValid && local.way === way && remote.address === address && remote.port === port,
      );
    if (!chosen || !pair || pair === chosen) return;
    const known = this.#strays.get(name);
    const stray = known?.pair === pair ? known : { pair, packets: 0 };
    stray.packets += 1;
    this.#strays.set(name, stray);
    if (stray.packets === STRAY_PACKETS) this.#use(name, pair);
  }

  close(): void {
    this.#isOver = true;
    this.#list.stop();
    this.#table.stop();
    for (const timer of [this.#pace, this.#limit, this.#patience]) timer?.cancel();
    for (const consent of this.#consents.values()) consent.stop();
    this.#early.length = 0;
  }

  #remoteOf({ stream, id }: Component): readonly Candidate[] {
    return (this.#remote.get(stream)?.list ?? []).filter(({ component }) => component === id);
  }

  /** One check every Ta, while there is any to make (RFC 8445 §6.1.4). */
  #tick(): void {
    if (this.#pace || this.#isOver) return;
    const pair = this.#list.next(this.#isControlling);
    if (!pair) return;
    this.#check(pair);
    this.#pace = this.#parts.clock.setTimer(this.#parts.paceMs, () => {
      this.#pace = undefined;
      this.#tick();
    });
  }

  /** §7.2.4. */
  #check(pair: CandidatePair): void {
    const wasControlling = this.#isControlling;
    const isNominating = pair.isNominating && wasControlling;
    pair.state = 'inProgress';
    pair.request?.stopRepeating();
    const request = this.#ask(pair, isNominating, {
      rtoMs: Math.max(MIN_RTO_MS, this.#parts.paceMs * this.#list.busy),
      sends: SENDS,
      done: (answer, from) => {
        if (answer === 'timeout' || !from) {
          // Of two under way the later one decides.
          if (pair.request === request) this.#onFailure(pair);
        } else if (answer.errorCode === 487) this.#onRoleConflict(pair, wasControlling);
        else if (answer.kind === 'error' || !isSymmetric(pair, from)) this.#onFailure(pair);
        else this.#onSuccess(pair, answer.mappedAddress, isNominating);
      },
    });
    pair.request = request;
  }

  #ask(
    pair: CandidatePair,
    isNominating: boolean,
    plan: {
      readonly rtoMs: number;
      readonly sends: number;
      readonly done: (answer: StunMessage | 'timeout', from?: Place) => void;
    },
  ) {
    const { local, remote, component } = pair;
    const theirs = this.#remote.get(component.stream)?.credentials;
    return this.#table.request({
      ...plan,
      method: METHOD.binding,
      attributes: () => this.#attributes(pair, isNominating),
      key: textValue(theirs?.password ?? ''),
      hasFingerprint: true,
      send: (bytes) => local.way.send(remote, bytes),
    });
  }

  #attributes(
    { local, component }: CandidatePair,
    isNominating: boolean,
  ): readonly StunAttribute[] {
    const theirs = this.#remote.get(component.stream)?.credentials.fragment ?? '';
    const priority = priorityOf('prflx', local.localPreference, component.id);
    const role = this.#isControlling ? ATTRIBUTE.iceControlling : ATTRIBUTE.iceControlled;
    return [
      { type: ATTRIBUTE.username, value: textValue(`${theirs}:${this.local.fragment}`) },
      { type: ATTRIBUTE.priority, value: numberValue(priority) },
      { type: role, value: this.#tieBreaker },
      ...(isNominating ? [{ type: ATTRIBUTE.useCandidate, value: new Uint8Array(0) }] : []),
    ];
  }

  /** §7.2.5.1. */
  #onRoleConflict(pair: CandidatePair, wasControlling: boolean): void {
    if (this.#isControlling === wasControlling) this.#isControlling = !wasControlling;
    pair.isNominating = false;
    this.#list.trigger(pair);
    this.#tick();
  }

  #onFailure(pair: CandidatePair): void {
    pair.state = 'failed';
    pair.isValid = false;
    pair.isNominating = false;
    this.#consider();
    this.#tick();
  }

  /** §7.2.5.3. */
  #onSuccess(pair: CandidatePair, mapped: SocketAddress | undefined, isNominating: boolean): void {
    pair.state = 'succeeded';
    pair.isValid = true;
    pair.mapped = mapped;
    // What the peer's check has triggered meanwhile would trigger one of its, and so on.
    if (!pair.isNominating) this.#list.untrigger(pair);
    this.#list.unfreezeLike(pair);
    if (isNominating || pair.isNominatedByPeer) this.#select(pair);
    this.#consider();
    this.#tick();
  }

  /** §8.1.1: by regular nomination, when nothing better is to be had in time. */
  #consider(): void {
    if (this.#isOver || this.#begunAt === undefined) return;
    if (this.#isControlling) {
      for (const stream of new Set(this.#components.map((one) => one.stream)))
        this.#considerStream(stream);
    }
    const isHopeless = this.#components.some(
      (one) =>
        !this.selected(one) &&
        this.#list.of(one).every((pair) => !pair.isUnfinished && !pair.isValid),
    );
    const leftMs = this.#begunAt + GRACE_MS - this.#parts.clock.now();
    if (!isHopeless) return;
    if (leftMs <= 0) this.#giveUp();
    else {
      this.#limit?.cancel();
      this.#limit = this.#parts.clock.setTimer(leftMs, () => this.#giveUpOrGoOn());
    }
  }

  #considerStream(stream: string): void {
    const components = this.#components.filter((one) => one.stream === stream);
    const isUnderWay = this.#list.pairs.some(
      (pair) => pair.component.stream === stream && pair.isNominating,
    );
    if (isUnderWay || components.every((one) => this.selected(one))) return;
    const best = bestOf(this.#list, components);
    if (!best) return;
    if (mayImprove(this.#list, best) && !this.#isImpatient) {
      this.#patience ??= this.#parts.clock.setTimer(patienceFor(best), () => {
        this.#isImpatient = true;
        this.#consider();
      });
      return;
    }
    for (const pair of best) {
      pair.isNominating = true;
      this.#list.trigger(pair);
    }
    this.#tick();
  }

  #select(pair: CandidatePair): void {
    const name = nameOf(pair.component);
    const former = this.#selected.get(name);
    pair.isNominating = false;
    // Who nominates as it goes along means the best of them (RFC 5245 §8.1.1.2).
    if (former === pair || (former && byPriority(former, pair, this.#isControlling) <= 0)) return;
    const wasCompleted = this.isCompleted;
    this.#use(name, pair);
    if (!this.isCompleted || wasCompleted) return;
    this.#limit?.cancel();
    this.#parts.listener.onCompleted();
  }

  #use(name: string, pair: CandidatePair): void {
    this.#selected.set(name, pair);
    this.#list.conclude(pair);
    this.#watchConsent(name, pair);
    this.#parts.listener.onSelected(pair);
  }

  #watchConsent(name: string, pair: CandidatePair): void {
    const { clock, random, listener } = this.#parts;
    this.#consents.get(name)?.stop();
    const consent = new Consent(clock, random, {
      ask: () => {
        this.#ask(pair, false, {
          ...{ rtoMs: CONSENT_ANSWER_MS, sends: 1 },
          done: (answer, from) => {
            const isYes = answer !== 'timeout' && answer.kind === 'success';
            if (isYes && from && isSymmetric(pair, from)) consent.granted();
          },
        });
      },
      onExpired: () => listener.onConsentLost(pair.component),
    });
    this.#consents.set(name, consent);
  }

  /** Something may have come to light since that was found hopeless. */
  #giveUpOrGoOn(): void {
    const hasHope = this.#list.pairs.some((pair) => pair.isUnfinished || pair.isValid);
    if (!hasHope) this.#giveUp();
    else {
      this.#limit = this.#parts.clock.setTimer(LIMIT_MS - GRACE_MS, () => this.#giveUp());
    }
  }

  /** Where the peer never chose, what works is better than nothing. */
  #giveUp(): void {
    if (this.#isOver || this.isCompleted) return;
    const open = this.#components.filter((one) => !this.selected(one));
    const best = bestOf(this.#list, open);
    if (best) {
      for (const pair of best) this.#select(pair);
      return;
    }
    this.close();
    const failed = this.#list.pairs.filter(({ state }) => state === 'failed').length;
    const names = open.map(nameOf).join(' ');
    this.#parts.listener.onFailed(
      `ICE has found no way for ${names}: of ${this.#list.pairs.length} pairs ${failed} were not answered`,
    );
  }

  /** §7.3. */
  #onRequest(component: Component, way: Way, from: SocketAddress, message: StunMessage): boolean {
    const [ours] = (message.text(ATTRIBUTE.username) ?? '').split(':');
    if (ours !== this.local.fragment) return false;
    // Nobody who does not know the password is answered: a port of media is none to be found by asking.
    if (!message.isProvedBy(textValue(this.local.password))) return true;
    if (message.unknownRequired.length > 0) {
      this.#refuse(way, from, message, 420, 'Unknown Attribute');
      return true;
    }
    if (this.#isInConflict(message)) {
      this.#refuse(way, from, message, 487, 'Role Conflict');
      return true;
    }
    this.#reply(way, from, message, 'success', [
      { type: ATTRIBUTE.xorMappedAddress, value: addressValue(from, message.transaction) },
    ]);
    if (this.#begunAt !== undefined) this.#learn(component, way, from, message);
    else if (this.#early.length < MAX_EARLY) this.#early.push({ component, way, from, message });
    return true;
  }

  /** §7.3.1.1: whoever has the larger number keeps the role; the other one changes. */
  #isInConflict(message: StunMessage): boolean {
    const type = this.#isControlling ? ATTRIBUTE.iceControlling : ATTRIBUTE.iceControlled;
    const theirs = message.token(type);
    if (!theirs) return false;
    const isOursLarger = Buffer.compare(this.#tieBreaker, theirs) >= 0;
    if (isOursLarger === this.#isControlling) return true;
    this.#isControlling = !this.#isControlling;
    for (const pair of this.#list.pairs) pair.isNominating = false;
    return false;
  }

  #refuse(way: Way, to: SocketAddress, request: StunMessage, code: number, reason: string): void {
    const types = Uint8Array.from(
      request.unknownRequired.flatMap((type) => [type >> 8, type & 255]),
    );
    this.#reply(way, to, request, 'error', [
      { type: ATTRIBUTE.errorCode, value: errorValue(code, reason) },
      ...(code === 420 ? [{ type: ATTRIBUTE.unknownAttributes, value: types }] : []),
    ]);
  }

  #reply(
    way: Way,
    to: SocketAddress,
    { transaction }: StunMessage,
    kind: 'success' | 'error',
    attributes: readonly StunAttribute[],
  ): void {
    const key = textValue(this.local.password);
    const parts = { method: METHOD.binding, kind, transaction, attributes, key };
    way.send(to, encodeStun({ ...parts, hasFingerprint: true }));
  }

  /** §7.3.1.3 to §7.3.1.5: where the peer is, and a check of ours the same way. */
  #learn(component: Component, way: Way, from: SocketAddress, message: StunMessage): void {
    if (!this.#components.some((one) => isSameComponent(one, component))) return;
    const pair = this.#pairOf(component, way, from, message);
    if (!pair) return;
    const isNominated = message.value(ATTRIBUTE.useCandidate) !== undefined;
    if (isNominated && !this.#isControlling) pair.isNominatedByPeer = true;
    if (pair.isValid) {
      if (pair.isNominatedByPeer) this.#select(pair);
      return;
    }
    this.#list.trigger(pair);
    this.#tick();
  }

  #pairOf(
    component: Component,
    way: Way,
    from: SocketAddress,
    message: StunMessage,
  ): CandidatePair | undefined {
    const { candidates, streamOf } = this.#parts;
    const local = candidates.find(
      (one) =>
        one.way === way &&
        one.component === component.id &&
        streamOf(one) === component.stream &&
        (one.kind === 'host' || one.kind === 'relay'),
    );
    if (!local) return undefined;
    const known = this.#list.find(component, local, from);
    if (known) return known;
    const remote = this.#remoteCandidate(component, from, message);
    return remote && this.#list.add(new CandidatePair(component, local, remote));
  }

  /** §7.3.1.3. */
  #remoteCandidate(
    component: Component,
    { address, port }: SocketAddress,
    message: StunMessage,
  ): Candidate | undefined {
    const known = this.#remoteOf(component);
    const same = known.find((one) => one.address === address && one.port === port);
    if (same || known.length >= MAX_REMOTE) return same;
    this.#learned += 1;
    const learned: Candidate = {
      foundation: `learned${this.#learned}`,
      component: component.id,
      priority: message.number(ATTRIBUTE.priority) ?? 1,
      kind: 'prflx',
      ...{ address, port },
    };
    this.#remote.get(component.stream)?.list.push(learned);
    return learned;
  }
}

/** §7.2.5.2.1: an answer comes from where the question went, by the same way. */
function isSymmetric({ local, remote }: CandidatePair, from: Place): boolean {
  return from.way === local.way && from.address === remote.address && from.port === remote.port;
}

function nameOf({ stream, id }: Component): string {
  return `${stream} ${id}`;
}
