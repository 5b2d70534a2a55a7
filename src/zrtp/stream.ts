import type { Clock, Random, Timer } from '../platform';
import {
  type Agreement,
  type Algorithms,
  agreementFor,
  agreementNamed,
  askedBy,
  chosenFor,
  MULTISTREAM,
} from './algorithms';
import { FOR_EVER, readConfirm, writeConfirm } from './confirm';
import { ERROR, errorInWords } from './error-code';
import {
  helloIsOf,
  hvi,
  isMultistream,
  type OwnPart,
  ownCommit,
  ownPart,
  type Secured,
  type Shared,
  securedBy,
  sharedByAgreement,
  sharedByMultistream,
  sidesOf,
} from './exchange';
import { isSame, isSealedBy, sha256 } from './hash-chain';
import type { KeyPair } from './key-pair';
import {
  type Commit,
  type Confirm,
  type DhPart,
  type Hello,
  type Message,
  type Sign,
  VERSION,
  writeMessage,
} from './message';
import { helloHash, type OwnHello } from './own-hello';
import { commonSecret, type RetainedSecrets } from './retained-secrets';
import { Retransmission, T1, T2 } from './retransmission';

/** What is remembered of a far end. */
export interface KnownPeer {
  readonly secrets: RetainedSecrets;
  /** Its user and ours have compared the string. */
  readonly isVerified: boolean;
}

/** Where the keys of a stream come from. */
export type Mode =
  /** A key agreement of its own (RFC 6189 §4.4.1). */
  | { readonly kind: 'agreement'; readonly known: (zid: Buffer) => KnownPeer }
  /** The one that this call has had already (§4.4.3). */
  | { readonly kind: 'multistream'; readonly session: Buffer };

export interface StreamParts {
  readonly own: OwnHello;
  readonly zid: Buffer;
  readonly mode: Mode;
  readonly clock: Clock;
  readonly random: Random;
  readonly makeKeyPair: (agreement: Agreement) => Promise<KeyPair>;
  /** What the far end's description says of its Hello (§8). */
  readonly announced: () => string | undefined;
  readonly send: (message: Buffer) => void;
  readonly listener: StreamListener;
}

export interface StreamListener {
  /** The far end is heard, and nothing is agreed on yet. */
  onHello(): void;
  /** What comes is encrypted from now on; what goes, too, with `mayTalk`: before that nothing may go. */
  onKeys(secured: Secured, mayTalk: boolean): void;
  /** It did not come about, in words; it still can when the far end begins. */
  onFailure(reason: string): void;
}

type State =
  | { readonly name: 'discovering'; readonly theirs?: Hello; readonly isHeard: boolean }
  /** Commit is sent. */
  | Committed
  /** Theirs has come. */
  | { readonly name: 'preparing'; readonly theirs: Hello; readonly commit: Commit }
  /** DHPart1 is sent. */
  | Answering
  /** DHPart2 is sent. */
  | { readonly name: 'proving'; readonly shared: Shared }
  /** Confirm1 is sent. */
  | { readonly name: 'awaiting'; readonly shared: Shared; readonly answer: Answer }
  /** Confirm2 is sent. */
  | { readonly name: 'proved'; readonly secured: Secured }
  | { readonly name: 'secure' }
  | { readonly name: 'failed' };

interface Committed {
  readonly name: 'committed';
  readonly theirs: Hello;
  readonly algorithms: Algorithms;
  readonly commit: Buffer;
  readonly value: Buffer;
  /** Absent in multistream mode. */
  readonly part?: OwnPart;
}

interface Answering {
  readonly name: 'answering';
  readonly theirs: Hello;
  readonly commit: Commit;
  readonly algorithms: Algorithms;
  readonly part: OwnPart;
}

/** Sent once more when `to` comes once more. */
interface Answer {
  readonly to: 'Commit' | 'DHPart2';
  readonly message: Buffer;
}

/** Somebody who has begun and falls silent, ms: longer than T2 lasts. */
const PATIENCE_MS = 12_000;
/** One may have been made up by somebody else; so many were not. */
const BAD_CONFIRMS = 3;

/** The handshake of one stream of media: messages in, messages and keys out. */
export class ZrtpStream {
  readonly #parts: StreamParts;
  readonly #retransmission: Retransmission;
  #deadline: Timer | undefined;
  #state: State = { name: 'discovering', isHeard: false };
  readonly #pairs = new Map<Agreement, Promise<KeyPair>>();
  /** What was wrong last with what came, should nothing else come. */
  #complaint = '';
  #badConfirms = 0;

  constructor(parts: StreamParts) {
    this.#parts = parts;
    this.#retransmission = new Retransmission(parts.clock, parts.send);
  }

  /** Says Hello until somebody answers. */
  start(): void {
    this.#retransmission.start(this.#parts.own.message, T1, () => this.#onNobody());
  }

  close(): void {
    this.#enter({ name: 'failed' });
  }

  receive(message: Message, ssrc: number): void {
    switch (message.kind) {
      case 'Ping':
        this.#answerPing(message.endpoint, ssrc);
        break;
      case 'GoClear':
        // §4.7.2: our Confirm allows it not (A).
        this.#sendError(ERROR.goClear);
        break;
      case 'Error':
        this.#parts.send(writeMessage('ErrorACK'));
        if (this.#isUnderWay) this.#fail(`the far end says: ${errorInWords(message.code)}`);
        break;
      case 'ErrorACK':
        break;
      case 'Hello':
        this.#onHello(message);
        break;
      default:
        this.#advance(message);
    }
  }

  #advance(message: Commit | DhPart | Confirm | Sign): void {
    const state = this.#state;
    switch (state.name) {
      case 'discovering':
        if (message.kind === 'HelloACK') this.#onHeard(state.theirs);
        else if (message.kind === 'Commit') this.#onCommit(message, state.theirs);
        break;
      case 'committed':
        if (message.kind === 'Commit') this.#onContention(message, state);
        else if (message.kind === 'DHPart1') this.#onDhPart1(message, state);
        else if (message.kind === 'Confirm1') this.#onEarlyConfirm1(message, state);
        break;
      case 'preparing':
        break;
      case 'answering':
        if (message.kind === 'Commit') this.#parts.send(state.part.message);
        else if (message.kind === 'DHPart2') this.#onDhPart2(message, state);
        break;
      case 'proving':
        if (message.kind === 'Confirm1') this.#onConfirm1(message, state.shared);
        break;
      case 'awaiting':
        if (message.kind === state.answer.to) this.#parts.send(state.answer.message);
        else if (message.kind === 'Confirm2') this.#onConfirm2(message, state.shared);
        break;
      case 'proved':
        if (message.kind === 'Conf2ACK') this.#onConf2Ack(state.secured);
        break;
      case 'secure':
        // Our acknowledgement was lost.
        if (message.kind === 'Confirm2') this.#parts.send(writeMessage('Conf2ACK'));
        break;
      case 'failed':
        break;
      default:
        state satisfies never;
    }
  }

  /** §4.1: whoever says Hello is told that it was heard; the first one counts until a Commit is sent or has come. */
  #onHello(hello: Hello): void {
    const state = this.#state;
    if (state.name === 'failed' || !this.#isAcceptable(hello)) return;
    if (state.name === 'discovering') this.#parts.listener.onHello();
    this.#parts.send(writeMessage('HelloACK'));
    if (state.name !== 'discovering') return;
    if (state.theirs?.raw.equals(hello.raw) !== true) {
      this.#state = { name: 'discovering', theirs: hello, isHeard: state.isHeard };
      if (state.isHeard) this.#begin(hello);
    }
    // It came when we had given up.
    if (!state.isHeard && !this.#retransmission.isUnderWay) this.start();
  }

  #isAcceptable({ version, zid, raw }: Hello): boolean {
    const announced = this.#parts.announced();
    if (version.slice(0, 3) !== VERSION.slice(0, 3)) {
      this.#complaint = `expected ZRTP ${VERSION}, found ${JSON.stringify(version)}`;
    } else if (isSame(zid, this.#parts.zid)) {
      this.#complaint = 'the far end has our own ZID: its memory is a copy of ours';
    } else if (announced !== undefined && helloHash(raw) !== announced) {
      this.#complaint = 'its Hello is not the one that its description names';
    } else return true;
    return false;
  }

  #onHeard(theirs: Hello | undefined): void {
    this.#retransmission.stop();
    this.#wait();
    this.#state = { name: 'discovering', ...(theirs ? { theirs } : {}), isHeard: true };
    if (theirs) this.#begin(theirs);
  }

  /** Both have heard each other: either of them may begin (§4.2). */
  #begin(theirs: Hello): void {
    const { mode } = this.#parts;
    if (mode.kind === 'multistream') this.#commitToMultistream(theirs);
    else {
      const before = this.#state;
      this.#withPair(agreementFor(theirs), (pair) => {
        // Meanwhile they may have begun, or another Hello has come.
        if (this.#state === before) this.#commitToAgreement(theirs, pair, mode.known(theirs.zid));
      });
    }
  }

  #commitToMultistream(theirs: Hello): void {
    if (!theirs.algorithms.agreements.includes(MULTISTREAM)) {
      this.#fail('the far end does not encrypt a second stream (it has no multistream mode)');
      return;
    }
    const value = Buffer.from(this.#parts.random.bytes(16));
    this.#commit({ theirs, value, algorithms: chosenFor(theirs) }, MULTISTREAM);
  }

  #commitToAgreement(theirs: Hello, pair: KeyPair, { secrets }: KnownPeer): void {
    const { own, random } = this.#parts;
    const part = ownPart('DHPart2', pair, secrets, own, random);
    const value = hvi(part.message, theirs.raw);
    this.#commit({ theirs, value, algorithms: chosenFor(theirs), part }, pair.agreement);
  }

  #commit(plan: Omit<Committed, 'name' | 'commit'>, agreement: string): void {
    const { zid, own } = this.#parts;
    const commit = ownCommit(zid, own, plan.algorithms, agreement, plan.value);
    this.#enter({ name: 'committed', commit, ...plan });
    this.#retransmit(commit);
  }

  /** §4.2: of two that began the larger value wins, and a key agreement over what would need one. */
  #onContention(commit: Commit, { value, theirs }: Committed): void {
    const isAlike = commit.value.length === value.length;
    const isTheirs = isAlike ? commit.value.compare(value) > 0 : !isMultistream(commit);
    if (isTheirs) this.#onCommit(commit, theirs);
  }

  #onCommit(commit: Commit, theirs: Hello | undefined): void {
    if (!theirs || !isSame(commit.zid, theirs.zid) || !helloIsOf(theirs, commit.h2)) {
      this.#complaint = 'a Commit came of somebody else than its Hello';
      return;
    }
    const { mode } = this.#parts;
    const algorithms = askedBy(commit);
    const agreement = agreementNamed(commit.agreement);
    if (!algorithms || isMultistream(commit) !== (mode.kind === 'multistream')) {
      this.#refuse(ERROR.unsupported, 'the far end asks for what is not done here');
    } else if (mode.kind === 'multistream') {
      this.#answerMultistream(commit, theirs, algorithms, mode.session);
    } else if (!agreement) {
      this.#refuse(ERROR.unsupported, `the far end asks for ${commit.agreement}`);
    } else {
      this.#enter({ name: 'preparing', theirs, commit });
      const before = this.#state;
      this.#wait();
      this.#withPair(agreement, (pair) => {
        if (this.#state !== before) return;
        const { secrets } = mode.known(theirs.zid);
        const part = ownPart('DHPart1', pair, secrets, this.#parts.own, this.#parts.random);
        this.#enter({ name: 'answering', theirs, commit, algorithms, part });
        this.#parts.send(part.message);
        this.#wait();
      });
    }
  }

  #answerMultistream(commit: Commit, theirs: Hello, algorithms: Algorithms, session: Buffer): void {
    const { zid: ownZid, own } = this.#parts;
    const agreed = {
      role: 'responder',
      algorithms,
      ownZid,
      own,
      theirs,
      commit: commit.raw,
    } as const;
    this.#await(sharedByMultistream(agreed, session, commit), 'Commit');
  }

  #onDhPart1(theirPart: DhPart, state: Committed): void {
    const { part, theirs, algorithms, commit } = state;
    if (!part || this.#parts.mode.kind !== 'agreement') return;
    if (!helloIsOf(theirs, sha256(theirPart.h1))) {
      this.#complaint = 'a DHPart1 came of somebody else than its Hello';
      return;
    }
    const result = part.pair.agree(theirPart.publicValue);
    if (!result) {
      this.#refuse(ERROR.badPublicValue, 'the far end sent a public value that nobody can have');
      return;
    }
    const { secrets } = this.#parts.mode.known(theirs.zid);
    const common = commonSecret(secrets, 'initiator', theirPart.ids);
    const { zid: ownZid, own } = this.#parts;
    const agreed = { role: 'initiator', algorithms, ownZid, own, theirs, commit } as const;
    const shared = sharedByAgreement(agreed, result, common, part.message, theirPart);
    this.#enter({ name: 'proving', shared });
    this.#retransmit(part.message);
  }

  #onDhPart2(theirPart: DhPart, state: Answering): void {
    const { part, theirs, algorithms, commit } = state;
    if (this.#parts.mode.kind !== 'agreement') return;
    if (!isSame(sha256(theirPart.h1), commit.h2) || !isSealedBy(commit, theirPart.h1)) {
      this.#complaint = 'a DHPart2 came of somebody else than its Commit';
      return;
    }
    const { zid: ownZid, own } = this.#parts;
    if (!isSame(hvi(theirPart.raw, own.message), commit.value)) {
      this.#refuse(ERROR.badHash, 'the far end has changed its mind: somebody may sit in between');
      return;
    }
    const result = part.pair.agree(theirPart.publicValue);
    if (!result) {
      this.#refuse(ERROR.badPublicValue, 'the far end sent a public value that nobody can have');
      return;
    }
    const { secrets } = this.#parts.mode.known(theirs.zid);
    const common = commonSecret(secrets, 'responder', theirPart.ids);
    const agreed = {
      role: 'responder',
      algorithms,
      ownZid,
      own,
      theirs,
      commit: commit.raw,
    } as const;
    const shared = sharedByAgreement(agreed, result, common, part.message, theirPart);
    this.#await(shared, 'DHPart2');
  }

  /** In multistream mode the answer to our Commit. */
  #onEarlyConfirm1(confirm: Confirm, state: Committed): void {
    const { mode, zid: ownZid, own } = this.#parts;
    if (mode.kind !== 'multistream') return;
    const { algorithms, theirs, commit } = state;
    const agreed = { role: 'initiator', algorithms, ownZid, own, theirs, commit } as const;
    this.#onConfirm1(confirm, sharedByMultistream(agreed, mode.session, undefined));
  }

  /** Confirm1 goes out, and again whenever what it answers comes again. */
  #await(shared: Shared, to: Answer['to']): void {
    const message = this.#confirm('Confirm1', shared);
    this.#enter({ name: 'awaiting', shared, answer: { to, message } });
    this.#parts.send(message);
    this.#wait();
  }

  /** §4.6: from now on the far end may talk in secret; we may when it has our Confirm2. */
  #onConfirm1(confirm: Confirm, shared: Shared): void {
    const secured = this.#secured(confirm, shared);
    if (!secured) return;
    const message = this.#confirm('Confirm2', shared);
    this.#enter({ name: 'proved', secured });
    this.#parts.listener.onKeys(secured, false);
    // It has proved that it has the keys: whoever keeps its answers from us does not bring us to talk in the clear.
    this.#retransmission.start(message, T2, () => this.#onConf2Ack(secured));
  }

  #onConfirm2(confirm: Confirm, shared: Shared): void {
    const secured = this.#secured(confirm, shared);
    if (!secured) return;
    this.#enter({ name: 'secure' });
    // Our ears first: it talks in secret as soon as it is told.
    this.#parts.listener.onKeys(secured, true);
    this.#parts.send(writeMessage('Conf2ACK'));
  }

  #onConf2Ack(secured: Secured): void {
    this.#enter({ name: 'secure' });
    this.#parts.listener.onKeys(secured, true);
  }

  #secured(confirm: Confirm, shared: Shared): Secured | undefined {
    const { receive } = sidesOf(shared.keys, shared.role);
    const confirmed = readConfirm(confirm, shared.algorithms.cipher, receive);
    if (confirmed && shared.isFrom(confirmed.h0)) return securedBy(shared, confirmed);
    this.#badConfirms += 1;
    const words = 'the far end has other keys than we: somebody may sit in between';
    this.#complaint = words;
    if (this.#badConfirms >= BAD_CONFIRMS) this.#refuse(ERROR.badConfirm, words);
    return undefined;
  }

  #confirm(kind: Confirm['kind'], { role, keys, algorithms, common, zid }: Shared): Buffer {
    const { own, mode, random } = this.#parts;
    const { send } = sidesOf(keys, role);
    const isVerified =
      common.s1 !== undefined && mode.kind === 'agreement' && mode.known(zid).isVerified;
    const confirmed = { h0: own.chain.h0, isVerified, expiresInS: FOR_EVER };
    return writeConfirm(kind, confirmed, algorithms.cipher, send, random);
  }

  #withPair(agreement: Agreement, use: (pair: KeyPair) => void): void {
    const pair = this.#pairs.get(agreement) ?? this.#parts.makeKeyPair(agreement);
    this.#pairs.set(agreement, pair);
    pair.then(use).catch((error: unknown) => this.#fail(`a fault of our own: ${String(error)}`));
  }

  /** §5.15, §5.16. */
  #answerPing(endpoint: Buffer, ssrc: number): void {
    const source = Buffer.alloc(4);
    source.writeUInt32BE(ssrc);
    const version = Buffer.from(VERSION, 'latin1');
    const ours = this.#parts.own.chain.h3.subarray(0, 8);
    this.#parts.send(writeMessage('PingACK', version, ours, endpoint, source));
  }

  #enter(state: State): void {
    this.#state = state;
    this.#retransmission.stop();
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }

  /** §6: who has begun sends until it is answered. */
  #retransmit(message: Buffer): void {
    this.#retransmission.start(message, T2, () => this.#onTimeout());
  }

  #wait(): void {
    this.#deadline?.cancel();
    this.#deadline = this.#parts.clock.setTimer(PATIENCE_MS, () => this.#onTimeout());
  }

  get #isUnderWay(): boolean {
    const { name } = this.#state;
    return name !== 'proved' && name !== 'secure' && name !== 'failed';
  }

  #onNobody(): void {
    const state = this.#state;
    const isThere = state.name === 'discovering' && state.theirs !== undefined;
    const words = isThere ? 'the far end has stopped answering' : 'the far end does not speak ZRTP';
    this.#parts.listener.onFailure(this.#complaint || words);
  }

  #onTimeout(): void {
    this.#refuse(ERROR.timeout, this.#complaint || 'the far end has stopped answering');
  }

  /** Tells the far end, too. */
  #refuse(code: number, reason: string): void {
    this.#sendError(code);
    this.#fail(reason);
  }

  #sendError(code: number): void {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(code);
    this.#parts.send(writeMessage('Error', number));
  }

  #fail(reason: string): void {
    this.#enter({ name: 'failed' });
    this.#parts.listener.onFailure(reason);
  }
}
