import { MediaException } from '../media';
import { type Clock, Emitter, type Logger, maskPasswords } from '../platform';
import type {
  Diverted,
  DtmfKey,
  IncomingMessage,
  IncomingSession,
  InfoParts,
  InviteSession,
  ReferralOffer,
  SessionEnd,
} from '../sip';
import type { Account } from './account';
import type { SecureMedia } from './browser-media';
import { CallKeys } from './call-keys';
import type { CallMedia, CallMediaListener } from './call-media';
import { type AudioQuality, audioQuality } from './call-quality';
import {
  type CallState,
  type CallStatus,
  endInWords,
  type Holder,
  type KeysBy,
  type Participant,
} from './call-state';
import { type TransferStatus, transfer } from './call-transfer';
import { type Caller, nameOf } from './caller';
import { AgentException } from './exception';
import type { HistoryEntry } from './history';
import { PeerCheck } from './peer-check';
import { isSilent } from './status';

export interface CallEvents {
  /** The state, or who holds, changed. */
  changed: [];
  /** The far end pressed a key. */
  key: [key: DtmfKey, by: KeysBy];
  /** Both ends have agreed: for an incoming call, its ACK came. */
  confirmed: [];
  /** How handing the far end over gets on. */
  transfer: [status: TransferStatus];
  /** An emergency service wants something, or has what it was sent: a document and its Content-ID. */
  control: [document: string, reference: string];
  /** The far end has sent a text. */
  message: [message: IncomingMessage];
  /** The far end wants us to call somebody else. */
  referred: [referral: ReferralOffer];
  /** The far end is a conference with that URI from now on, or none. */
  focus: [uri: string | undefined];
  /** Its media are others now: the network has changed. */
  moved: [];
  ended: [];
}

/** The media of a call, once it could be opened: late, when its local address is known. */
export interface MediaSlot {
  opened?: CallMedia;
  listener?: CallMediaListener;
  /** Of a call by ICE and DTLS. */
  readonly secure?: SecureMedia;
  /** Why there are none, in words. */
  failure?: string;
}

export interface CallOptions {
  readonly id: number;
  readonly media: MediaSlot;
  /** Silence after which the far end is asked whether it is still there, ms. */
  readonly rtpTimeoutMs: number;
  readonly account: Account;
  /** The account that it should have gone out by, and why not. */
  readonly insteadOf?: string;
  /** Of an incoming call. */
  readonly caller?: Caller;
  /** Name of the far end in the phone book. */
  readonly contact?: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What its status and its record have in common. */
type CallIdentity = Pick<
  CallStatus,
  | 'call'
  | 'direction'
  | 'account'
  | 'remote'
  | 'displayName'
  | 'contact'
  | 'diverted'
  | 'redirectedTo'
>;

/** One call: a SIP session and its media, kept in step. */
export class Call {
  readonly id: number;
  readonly events: Emitter<CallEvents>;
  readonly account: Account;
  readonly caller: Caller | undefined;
  readonly callId: string;
  readonly #contact: string | undefined;
  readonly #session: InviteSession;
  readonly #incoming: IncomingSession | undefined;
  readonly #slot: MediaSlot;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #startedAt: Date;
  readonly #since: number;
  readonly #rtpTimeoutMs: number;
  readonly #insteadOf: string | undefined;
  #focus: string | undefined;
  #participants: readonly Participant[] | undefined;
  readonly #keys: CallKeys;
  /** From the answer on. */
  #peer: PeerCheck | undefined;
  #state: CallState;
  #answeredAt: number | undefined;
  #endedAt = 0;
  #end: SessionEnd | undefined;
  /** How it ended, where more is known of it than SIP tells. */
  #endWords: string | undefined;
  /** How its sound was; once it has ended. */
  #quality: AudioQuality | undefined;
  #redirectedTo: string | undefined;
  #negotiating = false;
  /** The network changed before the call was up. */
  #isDisplaced = false;
  /** The far end is to be told something when it can be. */
  #offerWaits = false;
  /** A picture came while an offer without it was under way. */
  #pictureWaits = false;
  /** State and holder last told to listeners. */
  #announced = '';

  constructor(
    session: InviteSession,
    incoming: IncomingSession | undefined,
    { id, media, account, insteadOf, caller, contact, rtpTimeoutMs, clock, log }: CallOptions,
  ) {
    this.id = id;
    this.#session = session;
    this.callId = session.callId;
    this.#incoming = incoming;
    this.#slot = media;
    this.#rtpTimeoutMs = rtpTimeoutMs;
    this.account = account;
    this.#insteadOf = insteadOf;
    this.caller = caller;
    this.#contact = contact;
    this.#clock = clock;
    this.#log = log.area(`call ${id}`);
    this.#startedAt = clock.wallTime();
    this.#since = clock.now();
    this.#state = incoming ? 'incoming' : 'dialing';
    this.#keys = new CallKeys(id, session);
    this.events = new Emitter((error) => this.#log.error(`listener failed: ${String(error)}`));
    session.events.on('progress', (status) => this.#onProgress(status));
    session.events.on('redirected', (target) => this.#onRedirected(target));
    session.events.on('confirmed', () => this.#onConfirmed());
    session.events.on('renegotiated', () => this.#update());
    session.events.on('key', (key) => this.#onKey(key, 'info'));
    session.events.on('portClosed', () => this.#peer?.portClosed());
    session.events.on('ended', (end) => this.#onEnded(end));
    session.events.on('control', (...control) => this.events.emit('control', ...control));
    session.events.on('message', (message) => this.events.emit('message', message));
    session.events.on('referred', (referral) => this.events.emit('referred', referral));
    session.events.on('pictureRequested', () => this.#media?.requestKeyFrame());
    media.listener = {
      onKey: (key) => this.#onKey(key, 'rtp'),
      onSecurity: () => this.events.emit('changed'),
      onNowhere: (reason) => this.#onNowhere(reason),
      onOfferWanted: () => this.#offer(),
    };
    this.#log.info(incoming ? 'comes in' : 'dialing', {
      remote: this.#remote,
      account: account.name,
      insteadOf,
    });
  }

  get state(): CallState {
    return this.#state;
  }

  /** An incoming call that nobody has answered yet. */
  get isWaiting(): boolean {
    return this.#state === 'incoming' && this.#session.state === 'early';
  }

  /** Answered here, and the caller has not acknowledged it: perhaps he never will. */
  get isUnacknowledged(): boolean {
    return this.#state === 'incoming' && !this.isWaiting;
  }

  /** It talks, is held or is being dialled: an incoming call takes no line before its ACK. */
  get hasLine(): boolean {
    return this.#state !== 'incoming' && this.#state !== 'ended';
  }

  get isUp(): boolean {
    return this.#state === 'active' || this.#state === 'held';
  }

  /** Since it came or was dialled, ms. */
  get ageMs(): number {
    return this.#clock.now() - this.#since;
  }

  get direction(): 'incoming' | 'outgoing' {
    return this.#session.direction;
  }

  /** The far end sends sound before it has answered. */
  get hasEarlyMedia(): boolean {
    return this.#media?.hasEarlyMedia ?? false;
  }

  /** Lets the far end hear other calls, beside the cabin. */
  hear(others: readonly Call[]): void {
    if (this.#state === 'ended') return;
    this.#media?.hear(others.flatMap(({ mediaSession }) => mediaSession ?? []));
  }

  /** Its media in the media plane; undefined before there are any. */
  get mediaSession(): number | undefined {
    return this.#media?.sessionId;
  }

  get heldByUs(): boolean {
    return this.#media?.holding ?? false;
  }

  /** Until then it is found out where we can be reached; undefined: it can be answered at once. */
  get ready(): Promise<void> | undefined {
    return this.#media?.ready;
  }

  /** Does it now, or when an answer can be given. */
  whenReady(act: () => void): void {
    const { ready } = this;
    if (ready) {
      void ready.then(() => {
        if (this.#state !== 'ended') act();
      });
    } else act();
  }

  ring(): void {
    this.#incoming?.ring();
  }

  answer(): void {
    if (this.#state !== 'incoming' || this.#session.state !== 'early') {
      throw this.#wrongState('be answered');
    }
    if (!this.#incoming?.accept()) {
      throw new AgentException(
        'no-resource',
        `call ${this.id} cannot be answered: ${this.#slot.failure ?? 'its offer cannot be served'}`,
      );
    }
  }

  /** Refuses with `status`, 486 (busy) as a rule. */
  reject(status: number, reason?: string): void {
    if (this.#state !== 'incoming' || this.#session.state !== 'early') {
      throw this.#wrongState('be rejected');
    }
    this.#incoming?.reject(status, reason);
  }

  /** Nobody answers: the caller is to call somebody else. False when that is not possible. */
  forward(target: string): boolean {
    if (!this.isWaiting) return false;
    this.#endWords = `not answered, sent on to ${target}`;
    const isSentOn = this.#incoming?.redirect(target, 'no-answer') ?? false;
    if (!isSentOn) this.#endWords = undefined;
    return isSentOn;
  }

  /** Makes room for another call before both ends have agreed. */
  giveWay(): void {
    if (this.isWaiting) this.reject(486);
    else if (this.isUnacknowledged) this.hangup();
  }

  /** @param words how it ended, where that is more than that it was hung up here. */
  hangup(words?: string): void {
    if (this.#state !== 'ended') this.#endWords ??= words;
    this.#session.hangup();
  }

  get end(): SessionEnd | undefined {
    return this.#end;
  }

  /** Address of record of the far end, as `sip:home@example.org`. */
  get peerName(): string {
    return this.caller?.provedName ?? nameOf(this.#session.remote.uri);
  }

  isOf(session: InviteSession): boolean {
    return this.#session === session;
  }

  /**
   * Hands the far end over to a SIP URI, or to the far end of another call, and hangs up when they talk. Resolves
   * when it has taken that. @throws AgentException when it is not up, or the far end refuses.
   */
  async transfer(to: string | Call): Promise<void> {
    if (!this.isUp) throw this.#wrongState('be transferred');
    const other = typeof to === 'string' ? undefined : to;
    const words = typeof to === 'string' ? to : to.#remote;
    await transfer({
      call: this.id,
      session: this.#session,
      to: other ? other.#session : `${to}`,
      words,
      onChange: (status) => this.#onTransfer(status, other),
    });
  }

  /** Another call takes its place: it falls silent until its far end leaves. */
  standAside(): void {
    if (!this.isUp) return;
    this.#media?.setHolding(true);
    this.#update();
  }

  /** @throws AgentException when it is not up, held by us already, or the peer refuses. */
  async hold(): Promise<void> {
    if (!this.isUp || this.heldByUs) throw this.#wrongState('be held');
    await this.#setHolding(true);
  }

  /** @throws AgentException when we do not hold it, or the peer refuses. */
  async resume(): Promise<void> {
    if (!this.isUp || !this.heldByUs) throw this.#wrongState('be resumed');
    await this.#setHolding(false);
  }

  /**
   * Sends keys: by RFC 4733 when the far end has telephone-event, else one INFO after the other.
   * @throws AgentException when the call is not up, or the far end takes them in neither way.
   */
  async sendKeys(digits: string): Promise<KeysBy> {
    if (!this.isUp) throw this.#wrongState('be sent keys');
    return this.#keys.send(digits, this.#media);
  }

  /** Both users have compared what ZRTP shows, or take that back. @throws AgentException */
  verify(isVerified: boolean): void {
    if (this.#media?.zrtp?.verify(isVerified)) return;
    throw new AgentException('wrong-state', `call ${this.id} is not secured by ZRTP`);
  }

  /** Tells the far end something by INFO. Resolves false when it does not take it. */
  inform(info: InfoParts): Promise<boolean> {
    return this.#session.inform(info);
  }

  /** Offers the picture of a camera that came after the call's own offer: at once, or when the call is up. */
  async addVideo(): Promise<void> {
    this.#pictureWaits = !this.isUp || this.#negotiating;
    if (this.#pictureWaits || !this.#media?.canAddVideo) return;
    this.#log.info('the camera has a picture now: offering it');
    if (!(await this.#renegotiate())) this.#log.info('the far end wants no picture');
  }

  /** To be called every second: asks a far end that has fallen silent, and gives up one that is gone. */
  watchPeer(): void {
    if (this.isUp) this.#peer?.look(this.status());
  }

  /**
   * The network has changed: where the far end reaches us by another address now, its media move there
   * and it is told (RFC 3261 §14); otherwise it is asked whether it is still there. A call that is not up yet
   * follows when it is, or now where the far end takes UPDATE.
   */
  async followNetwork(): Promise<void> {
    this.#isDisplaced = !this.isUp;
    const canFollow = (): boolean => this.isUp || this.#session.canOffer;
    if (!canFollow()) return;
    const media = this.#media;
    const address = await this.#session.findLocalAddress();
    if (!canFollow() || !media) return;
    if (address === undefined || address === media.localAddress) {
      this.doubtPeer();
      return;
    }
    this.#log.info('the network has changed: media move', {
      from: media.localAddress,
      to: address,
    });
    try {
      media.moveTo(address);
    } catch (error) {
      if (!(error instanceof MediaException)) throw error;
      this.#log.warn('media cannot move', { reason: error.message });
      return;
    }
    this.events.emit('moved');
    await media.ready;
    if (!(await this.#renegotiate()) && this.isUp) {
      this.#log.warn('the far end did not take our new address', { address });
    }
  }

  /** Somebody else wants the line: a far end that is held or silent has to prove itself now. */
  doubtPeer(): void {
    if (this.isUp && (this.#state === 'held' || isSilent(this.status()))) this.#peer?.ask();
  }

  /** Who is in the conference that the far end is. */
  set participants(participants: readonly Participant[] | undefined) {
    this.#participants = participants;
    this.events.emit('changed');
  }

  status(): CallStatus {
    const media = this.#state === 'ended' ? undefined : this.#media;
    const heldBy = this.#heldBy;
    return {
      ...this.#identity,
      state: this.#state,
      ...(this.#insteadOf === undefined ? {} : { insteadOf: this.#insteadOf }),
      ...(this.#state === 'held' && heldBy ? { heldBy } : {}),
      durationS: this.#durationS,
      ...(this.#participants && this.isUp ? { participants: this.#participants } : {}),
      ...(this.#end ? { ended: this.#endInWords } : {}),
      ...(media ? { media: media.snapshot(), ...agreement(media) } : {}),
    };
  }

  /** @param recordings files that were made of it. */
  historyEntry(recordings: readonly string[]): HistoryEntry {
    const encryption = this.#media?.agreed?.encryption;
    return {
      ...this.#identity,
      startedAt: this.#startedAt.toISOString(),
      durationS: this.#durationS,
      ended: this.#endInWords,
      ...(this.#quality ? { quality: this.#quality } : {}),
      ...(recordings.length > 0 ? { recordings } : {}),
      ...(encryption ? { encryption: encryption.suite } : {}),
    };
  }

  /** Which call it is: by which account, with whom. */
  get #identity(): CallIdentity {
    const { name } = this.account;
    const { displayName } = this.#session.remote;
    return {
      call: this.id,
      direction: this.#session.direction,
      ...(name === undefined ? {} : { account: name }),
      remote: this.#remote,
      ...(displayName ? { displayName } : {}),
      ...(this.#contact === undefined ? {} : { contact: this.#contact }),
      ...(this.#diverted ? { diverted: this.#diverted } : {}),
      ...(this.#redirectedTo ? { redirectedTo: this.#redirectedTo } : {}),
    };
  }

  get #media(): CallMedia | undefined {
    return this.#slot.opened;
  }

  get #remote(): string {
    return this.caller?.provedName ?? maskPasswords(String(this.#session.remote.uri));
  }

  /** The word of the registrar; anybody else's is worth nothing. */
  get #diverted(): Diverted | undefined {
    return this.caller?.origin === 'registrar' ? this.#incoming?.diverted : undefined;
  }

  get #durationS(): number {
    if (this.#answeredAt === undefined) return 0;
    const until = this.#state === 'ended' ? this.#endedAt : this.#clock.now();
    return Math.floor((until - this.#answeredAt) / 1000);
  }

  get #endInWords(): string {
    if (this.#slot.failure !== undefined) return `failed (${this.#slot.failure})`;
    if (this.#endWords !== undefined) return this.#endWords;
    return this.#end ? endInWords(this.#end, this.#answeredAt !== undefined) : '';
  }

  get #heldBy(): Holder | undefined {
    const media = this.#media;
    if (media?.holding) return media.heldByPeer ? 'both' : 'us';
    return media?.heldByPeer ? 'peer' : undefined;
  }

  #onProgress(status: number): void {
    if (this.#state !== 'dialing' || status === 100) return;
    this.#state = 'ringing';
    this.#changed();
  }

  #onRedirected(target: string): void {
    this.#redirectedTo = target;
    this.#changed();
  }

  #onTransfer(status: TransferStatus, other: Call | undefined): void {
    this.#log.info('transfer', { to: status.to, state: status.state, detail: status.detail });
    this.events.emit('transfer', status);
    if (status.state !== 'done') return;
    // RFC 5589 §6.1: who has handed over leaves.
    const words = `transferred to ${status.to}`;
    this.hangup(words);
    other?.hangup(`transferred to ${this.#remote}`);
  }

  #onKey(key: DtmfKey, by: KeysBy): void {
    this.#log.info('key', { digit: key.digit, by });
    this.events.emit('key', key, by);
  }

  #onNowhere(reason: string): void {
    this.#slot.failure = reason;
    this.#session.hangup();
  }

  #onConfirmed(): void {
    this.#answeredAt ??= this.#clock.now();
    this.#peer ??= new PeerCheck(this.#session, {
      rtpTimeoutMs: this.#rtpTimeoutMs,
      clock: this.#clock,
      log: this.#log,
    });
    this.#media?.confirm();
    this.#state = this.#heldBy ? 'held' : 'active';
    this.events.emit('confirmed');
    this.#changed();
    this.#tellFocus();
    if (this.#isDisplaced) {
      this.followNetwork().catch((error: unknown) => this.#log.error(String(error)));
    }
    this.#addWaitingVideo();
  }

  /** Tells the far end anew where we are: now, or when that can be. */
  #offer(): void {
    this.#offerWaits = !this.isUp || this.#negotiating;
    if (!this.#offerWaits)
      this.#renegotiate().catch((error: unknown) => this.#log.error(String(error)));
  }

  #addWaitingVideo(): void {
    if (this.#offerWaits) {
      this.#offer();
      return;
    }
    if (!this.#pictureWaits) return;
    this.addVideo().catch((error: unknown) => this.#log.error(String(error)));
  }

  /** After a re-INVITE of either end: who holds may have changed. */
  #update(): void {
    if (!this.isUp) return;
    this.#state = this.#heldBy ? 'held' : 'active';
    this.#changed();
    this.#tellFocus();
  }

  #tellFocus(): void {
    const { focus } = this.#session;
    if (focus === this.#focus) return;
    this.#focus = focus;
    this.events.emit('focus', focus);
  }

  #onEnded(end: SessionEnd): void {
    if (this.#state === 'ended') return;
    this.#end = end;
    this.#endedAt = this.#clock.now();
    this.#state = 'ended';
    const audio = this.#answeredAt === undefined ? undefined : this.#media?.snapshot().audio;
    this.#quality = audio && audioQuality(audio);
    this.#media?.close();
    this.#changed();
    this.events.emit('ended');
  }

  async #setHolding(holding: boolean): Promise<void> {
    if (this.#negotiating) {
      throw new AgentException(
        'wrong-state',
        `call ${this.id}: another change is under way; try again when it is done`,
      );
    }
    // On hold we fall silent at once; the peer learns of it by the re-INVITE.
    const media = this.#media;
    media?.setHolding(holding);
    const agreed = await this.#renegotiate();
    if (this.#state === 'ended') throw this.#wrongState(holding ? 'be held' : 'be resumed');
    if (!agreed) {
      media?.setHolding(!holding);
      throw new AgentException(
        'refused-by-peer',
        `call ${this.id}: the far end refused to be ${holding ? 'held' : 'resumed'}`,
      );
    }
    this.#update();
  }

  async #renegotiate(): Promise<boolean> {
    this.#negotiating = true;
    try {
      return await this.#session.renegotiate();
    } finally {
      this.#negotiating = false;
      this.#addWaitingVideo();
    }
  }

  #changed(): void {
    const now = `${this.#state} ${this.#heldBy ?? ''} ${this.#redirectedTo ?? ''}`;
    if (now === this.#announced) return;
    this.#announced = now;
    const ended = this.#end ? this.#endInWords : undefined;
    this.#log.info(this.#state, { heldBy: this.#heldBy, ended });
    this.events.emit('changed');
  }

  #wrongState(what: string): AgentException {
    const held = this.#state === 'held' ? ` by ${this.#heldBy ?? 'nobody'}` : '';
    return new AgentException(
      'wrong-state',
      `call ${this.id} is ${this.#state}${held} and cannot ${what}`,
    );
  }
}

function agreement({ agreed, problems }: CallMedia): Pick<CallStatus, 'agreed' | 'problems'> {
  return { ...(agreed ? { agreed } : {}), ...(problems.length > 0 ? { problems } : {}) };
}
