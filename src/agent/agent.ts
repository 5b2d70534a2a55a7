import { Camera } from '../camera';
import type { AudioCodec } from '../codecs';
import type { CameraState, DeviceKind, FloorHolder, MediaEngine, Still } from '../media';
import { type Clock, Emitter, type Logger, type Random } from '../platform';
import type { AudioWishes } from '../sdp';
import {
  type DtmfKey,
  type IncomingSession,
  type InviteOptions,
  type Lookup,
  type SipUserAgent,
  TransportException,
  UriException,
} from '../sip';
import { Account, type AgentAccount, type RegistrationStatus } from './account';
import { Call, type CallOptions, type MediaSlot } from './call';
import { CallList, isHoldable } from './call-list';
import { CallMedia } from './call-media';
import type { CallStatus, KeysBy } from './call-state';
import { CallTrace, type CallTracePage, type CallTraceQuery } from './call-trace';
import type { TransferStatus } from './call-transfer';
import type { Caller } from './caller';
import { AgentException } from './exception';
import { History, type HistoryEntry, type HistoryKeeper, type HistoryQuery } from './history';
import { HostNames } from './host-names';
import { Mailbox, type MailboxStatus } from './mailbox';
import { Monitor } from './monitor';
import { checkOffer } from './offer-check';
import { DoorKeeper, type Policy, refusalToDial } from './policy';
import { Reception } from './reception';
import {
  type RecordingNotice,
  type RecordingPolicy,
  Recordings,
  type StartedRecording,
} from './recordings';
import { Referrals } from './referrals';
import { type OpenedUserAgent, SipPort } from './sip-port';
import { missingCodecs, type SoundPlan, usablePlan } from './sound-plan';
import { type AgentStatus, findProblems, type Switches } from './status';
import type { KeptStill, StillKeeper } from './still-folder';
import { Stills } from './stills';
import {
  type TextMessage,
  type TextMessageKeeper,
  type TextMessageQuery,
  TextMessages,
} from './text-messages';

export interface AgentEvents {
  /** The SIP port is open and the media plane is up: calls can be made. */
  ready: [startToReadyMs: number];
  /** A call came, changed its state or ended. */
  call: [call: CallStatus];
  /** The far end of a call pressed a key. */
  key: [call: CallStatus, key: DtmfKey, by: KeysBy];
  registration: [status: RegistrationStatus];
  switches: [switches: Switches];
  camera: [state: CameraState];
  device: [which: 'microphone' | 'speaker', open: boolean, error: string];
  /** How handing the far end of a call over gets on. */
  transfer: [status: TransferStatus];
  /** What waits in the mailbox has changed. */
  mailbox: [status: MailboxStatus];
  /** A text came, or one of ours was delivered or refused. */
  message: [message: TextMessage];
  /** With push-to-talk: the floor has another holder. */
  floor: [holder: FloorHolder];
  /** Every five seconds for a call that is up. */
  quality: [call: CallStatus];
  /** Nothing comes from the far end, or it is heard again. */
  silence: [call: CallStatus, silent: boolean];
  /** A recording began, ended, failed or goes on. */
  recording: [notice: RecordingNotice];
  /** The network has come or has another address. */
  network: [];
  stopping: [];
}

export interface AgentOptions {
  readonly version: string;
  readonly pid: number;
  readonly account?: AgentAccount;
  /** Address that the SIP port is opened on; 0.0.0.0 or :: for all of this machine. */
  readonly listensOn: string;
  /** What of the configuration is better known, in words. */
  readonly warnings: readonly string[];
  readonly policy: Policy;
  readonly record: RecordingPolicy;
  readonly media: {
    readonly microphone: DeviceKind;
    readonly speaker: DeviceKind;
    readonly picture: boolean;
    /** The near end has the floor only while it is asked for. */
    readonly pushToTalk?: boolean;
    /** In order of preference. */
    readonly codecs: readonly AudioCodec[];
    /** As a good telephone has them, if absent. */
    readonly audioWishes?: AudioWishes;
    /** Seconds without RTP and RTCP after which the far end is asked whether it is still there. */
    readonly rtpTimeout: number;
  };
}

export interface AgentDependencies {
  /** Its origin is the start of the process, so that start-to-ready can be told. */
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Loads the media plane; throws when this build or installation has none. */
  readonly openEngine: () => MediaEngine;
  /** Opens the SIP port; rejects when trying again later is no use. */
  readonly openUserAgent: () => Promise<OpenedUserAgent>;
  /** Addresses of a host name. */
  readonly lookup: Lookup;
  /** An address of this machine, for a From without an account. */
  readonly localHost: () => string;
  /** Without one ended calls are remembered until the process ends. */
  readonly historyKeeper?: HistoryKeeper;
  /** The same for texts. */
  readonly messageKeeper?: TextMessageKeeper;
  /** Without one no still is kept in a file. */
  readonly stillKeeper?: StillKeeper;
}

/** What may change while the agent runs; what is absent stays. */
export interface Reconfigurable {
  /** Of its value undefined: no account any more. */
  readonly account?: { readonly value: AgentAccount | undefined };
  readonly policy?: Policy;
  readonly rtpTimeout?: number;
  readonly warnings?: readonly string[];
  readonly record?: RecordingPolicy;
}

/** How many ended calls a status tells. */
const RECENT_CALLS = 5;

/** The telephone: the one façade that every control surface uses. */
export class Agent {
  readonly events: Emitter<AgentEvents>;
  readonly #options: AgentOptions;
  readonly #dependencies: AgentDependencies;
  readonly #log: Logger;
  readonly #account: Account;
  readonly #port: SipPort;
  readonly #doorKeeper: DoorKeeper;
  readonly #reception: Reception;
  readonly #referrals: Referrals;
  readonly #messages: TextMessages;
  readonly #mailbox = new Mailbox((status) => this.events.emit('mailbox', status));
  readonly #names: HostNames;
  readonly #history: History;
  readonly #monitor: Monitor;
  readonly #calls = new CallList();
  readonly #trace = new CallTrace();
  #engine: MediaEngine | undefined;
  #camera: Camera | undefined;
  #stills: Stills | undefined;
  #recordings: Recordings | undefined;
  #recordingPolicy: RecordingPolicy;
  #lastCallId: number;
  /** Of calls that begin now, s. */
  #rtpTimeout: number;
  #warnings: readonly string[];
  #startToReadyMs: number | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: AgentOptions, dependencies: AgentDependencies) {
    this.#options = options;
    this.#rtpTimeout = options.media.rtpTimeout;
    this.#warnings = options.warnings;
    this.#recordingPolicy = options.record;
    this.#history = new History(dependencies.historyKeeper);
    // Numbers go on, so that one of them means one call in the history.
    this.#lastCallId = this.#history.lastCall;
    this.#dependencies = dependencies;
    this.#log = dependencies.log.area('agent');
    const { clock, log, localHost, openUserAgent } = dependencies;
    this.events = new Emitter((error) => this.#log.error(`listener failed: ${String(error)}`));
    this.#account = new Account(options.account, localHost, log);
    this.#port = new SipPort(openUserAgent, clock, log);
    this.#names = new HostNames(dependencies.lookup, clock, log);
    this.#doorKeeper = new DoorKeeper(options.policy, this.#account);
    this.#reception = new Reception({
      doorKeeper: this.#doorKeeper,
      account: this.#account,
      calls: this.#calls,
      clock,
      log: this.#log,
      check: ({ offer, localAddress }, done) =>
        checkOffer(offer, localAddress, this.#sound, this.#names, done),
      adopt: (session, caller) => this.#adoptIncoming(session, caller),
    });
    this.#messages = new TextMessages({
      account: this.#account,
      doorKeeper: this.#doorKeeper,
      clock,
      log: this.#log,
      keeper: dependencies.messageKeeper,
      onMessage: (message) => this.events.emit('message', message),
    });
    this.#referrals = new Referrals({
      calls: this.#calls,
      doorKeeper: this.#doorKeeper,
      clock,
      log: this.#log,
      dial: (target, options) => this.#dial(target, options),
    });
    this.#monitor = new Monitor(() => this.#calls.statuses(), clock, {
      onTick: () => {
        for (const call of this.#calls.all) call.watchPeer();
      },
      onQuality: (call) => this.events.emit('quality', call),
      onSilence: (call, silent) => this.events.emit('silence', call, silent),
    });
  }

  /** Rejects when the agent cannot work at all: port taken, no media plane. */
  async start(): Promise<void> {
    await this.#port.start((userAgent) => this.#onPortOpen(userAgent));
    const { openEngine, clock, log } = this.#dependencies;
    this.#engine = openEngine();
    const missing = missingCodecs(this.#options.media.codecs, this.#engine.features);
    if (missing.length > 0) {
      this.#log.warn('not offered: their modules are not installed', { codecs: missing.join(' ') });
    }
    this.#engine.events.on('device', (which, open, error) => {
      this.#log.info(open ? 'device open' : 'device closed', { which, error: error || undefined });
      this.events.emit('device', which, open, error);
    });
    this.#engine.events.on('floor', (holder) => this.events.emit('floor', holder));
    // RFC 3550 §6.6: a source left, as at a transfer; only SIP ends a call.
    this.#engine.events.on('remoteBye', (session, media) => {
      this.#log.info('the far end says BYE by RTCP; the call goes on', { session, media });
    });
    this.#recordings = new Recordings({
      engine: this.#engine,
      policy: this.#recordingPolicy,
      picture: this.#options.media.picture,
      clock,
      log,
      onNotice: (notice) => this.events.emit('recording', notice),
    });
    this.#stills = new Stills(this.#engine, this.#options.media.picture, clock);
    this.#camera = new Camera(this.#engine, this.#options.media.picture, clock, log);
    this.#camera.events.on('state', (state) => this.events.emit('camera', state));
    this.#camera.events.on('picture', (available) => this.#onPicture(available));
    this.#becomeReady();
  }

  status(): AgentStatus {
    const { clock } = this.#dependencies;
    const { version, pid } = this.#options;
    const userAgent = this.#port.userAgent;
    const registration = this.#account.status();
    const { recordings = [], ...engine } =
      (this.#stopping ? undefined : this.#engine?.snapshot()) ?? {};
    const status: Omit<AgentStatus, 'problems'> = {
      version,
      pid,
      uptimeS: Math.floor(clock.now() / 1000),
      ...(this.#startToReadyMs === undefined ? {} : { startToReadyMs: this.#startToReadyMs }),
      sip: {
        address: this.#options.listensOn,
        port: userAgent?.port ?? 0,
        detail: this.#port.detail,
        ...userAgent?.counters,
        ...(userAgent?.security ? { tls: userAgent.security } : {}),
        refusedCalls: { ...this.#reception.refused },
      },
      switches: this.switches,
      ...(registration ? { registration } : {}),
      ...(this.#mailbox.status ? { mailbox: this.#mailbox.status } : {}),
      ...('camera' in engine ? { engine } : {}),
      recordings: this.#recordings?.statuses(recordings) ?? [],
      calls: this.#calls.statuses(),
      recent: this.#history.find({ limit: RECENT_CALLS }),
      warnings: this.#warnings,
    };
    const problems = findProblems(status, this.#options.media);
    return {
      ...status,
      problems: [
        ...problems,
        ...this.#policyProblems,
        ...this.#history.problems,
        ...this.#messages.problems,
        ...this.#mailbox.problems,
      ],
    };
  }

  /** Calls `target` and returns the call's number. @throws AgentException */
  call(target: string): number {
    this.#readyUserAgent();
    const refusal = refusalToDial(this.#calls.all);
    if (refusal) throw new AgentException('busy', refusal);
    this.#giveUpUnacknowledged();
    return this.#dial(this.#account.complete(target)).id;
  }

  /** @throws AgentException */
  #dial(target: string, options: InviteOptions = {}): Call {
    const userAgent = this.#readyUserAgent();
    const media: MediaSlot = {};
    try {
      const session = userAgent.invite(
        target,
        this.#account.identity,
        (localAddress) => this.#openMedia(media, localAddress),
        options,
      );
      return this.#adopt(new Call(session, undefined, this.#callOptions(media)));
    } catch (error) {
      media.opened?.close();
      throw asRefusal(error);
    }
  }

  /** Answers the call that waits; a call that talks is put on hold first. @throws AgentException */
  async answer(id?: number): Promise<void> {
    const call = this.#findWaiting(id);
    await this.#calls.holdAllBut(call);
    call.answer();
  }

  /** Refuses the call that waits with 486. @throws AgentException */
  reject(id?: number): void {
    this.#findWaiting(id).reject(486);
  }

  /** Ends a call, whatever its state: the one that is not held, if there are two. @throws AgentException */
  hangup(id?: number): void {
    this.#find(id, () => true, 'is up', hangupRank).hangup();
  }

  /** @throws AgentException */
  async hold(id?: number): Promise<void> {
    await this.#find(id, isHoldable, 'is up and not held').hold();
  }

  /** Resumes a call; another one that talks is put on hold first. @throws AgentException */
  async resume(id?: number): Promise<void> {
    const call = this.#find(id, ({ heldByUs }) => heldByUs, 'is held by us');
    await this.#calls.holdAllBut(call);
    await call.resume();
  }

  /**
   * Hands the far end of a call over to somebody else, whom it then calls; our call ends when they talk. Resolves
   * when it has taken that; `transfer` events tell the rest. @throws AgentException
   */
  async transfer(target: string, id?: number): Promise<void> {
    const call = this.#find(id, ({ isUp }) => isUp, 'is up', hangupRank);
    try {
      await call.transfer(this.#account.complete(target));
    } catch (error) {
      throw asRefusal(error);
    }
  }

  /** Connects the far end of a call with that of call `to`, and leaves both. @throws AgentException */
  async transferToCall(to: number, id?: number): Promise<void> {
    const other = this.#find(to, () => true, 'is up');
    const call = this.#find(id, (one) => one.isUp && one !== other, 'beside it is up');
    if (call === other) {
      throw new AgentException('wrong-state', `call ${to} cannot be connected with itself`);
    }
    await call.transfer(other);
  }

  /**
   * Sends a text and returns its number when the far end, or a server that keeps it, has taken it.
   * @throws AgentException
   */
  async sendMessage(target: string, text: string): Promise<number> {
    const userAgent = this.#readyUserAgent();
    const to = this.#account.complete(target);
    try {
      return this.#messages.sent(
        to,
        text,
        await userAgent.message(to, this.#account.identity, text),
      );
    } catch (error) {
      throw asRefusal(error);
    }
  }

  /** The last texts that fit, newest first. */
  messages(query: TextMessageQuery): readonly TextMessage[] {
    return this.#messages.find(query);
  }

  /**
   * The camera's picture. Who asks while one is made, or within a second, gets the same.
   * @throws AgentException `wrong-state` without a camera, `no-resource` when it gives no picture.
   */
  async still(): Promise<Still> {
    if (!this.#stills || this.#stopping) {
      throw notReady(`the agent is ${this.#stopping ? 'stopping' : 'starting'}`);
    }
    return await this.#stills.take();
  }

  /** Writes a still into a file of that name. @throws AgentException */
  async keepStill(name: string): Promise<KeptStill> {
    const { stillKeeper } = this.#dependencies;
    if (!stillKeeper) {
      throw new AgentException('wrong-state', 'no folder for stills: set state.directory');
    }
    return await stillKeeper.keep(name, await this.still());
  }

  /**
   * Records a call, or the one that talks; with no call up the camera’s own sound and picture. Resolves
   * when the file is there. @throws AgentException
   */
  async startRecording(id?: number): Promise<StartedRecording> {
    if (!this.#recordings || this.#stopping) {
      throw notReady(`the agent is ${this.#stopping ? 'stopping' : 'starting'}`);
    }
    const isRecordable = ({ isUp }: Call): boolean => isUp;
    const anyUp = id !== undefined || this.#calls.all.some(isRecordable);
    const call = anyUp ? this.#find(id, isRecordable, 'is up', hangupRank) : undefined;
    return await this.#recordings.start(call);
  }

  /** Ends the recording of a call, or without its number all there are. @throws AgentException */
  stopRecording(id?: number): void {
    if (!this.#recordings || this.#stopping) throw notReady('the media plane is not up');
    this.#recordings.stop(id);
  }

  /** The network has come or has another address: what depends on it is tried anew at once. */
  networkChanged(): void {
    this.#log.info('network changed');
    this.events.emit('network');
    this.#port.retryNow();
    this.#account.refresh();
    for (const call of this.#calls.all) {
      call.followNetwork().catch((error: unknown) => this.#log.error(String(error)));
    }
  }

  /**
   * Presses keys for the far end, `0`..`9`, `*`, `#`, `A`..`D`; returns the way they took.
   * @throws AgentException
   */
  async sendKeys(digits: string, id?: number): Promise<KeysBy> {
    return await this.#find(id, ({ isUp }) => isUp, 'is up', hangupRank).sendKeys(digits);
  }

  /** The key of push-to-talk: takes the floor, or waits for it, until it is let go. @throws AgentException */
  pressToTalk(pressed: boolean): void {
    if (!this.#options.media.pushToTalk) {
      throw new AgentException('wrong-state', 'voice.duplex is not "push-to-talk"');
    }
    if (!this.#engine || this.#stopping) {
      throw notReady(`the agent is ${this.#stopping ? 'stopping' : 'starting'}`);
    }
    this.#engine.pressToTalk(pressed);
  }

  /** Registers now, without awaiting the refresh. @throws AgentException when there is no registrar. */
  register(): void {
    this.#readyUserAgent();
    if (!this.#account.hasRegistrar) {
      throw new AgentException('wrong-state', 'no registrar is configured (account.registrar)');
    }
    this.#account.refresh();
  }

  get switches(): Switches {
    const { doNotDisturb = false, autoAnswer } = this.#doorKeeper.policy;
    return { doNotDisturb, autoAnswer };
  }

  /** Sets a switch until the next start, or until the configuration sets it. */
  setSwitch(name: keyof Switches, on: boolean): void {
    this.#doorKeeper.policy = { ...this.#doorKeeper.policy, [name]: on };
    this.#log.info('switched', { name, on });
    this.events.emit('switches', this.switches);
    this.#reception.answerNext();
  }

  /** The ended calls that fit, newest first. */
  history(query: HistoryQuery): readonly HistoryEntry[] {
    return this.#history.find(query);
  }

  /** The last SIP messages, of one call or of all there was; empty before the SIP port is open. */
  trace(query: CallTraceQuery): CallTracePage {
    return this.#trace.read(this.#port.userAgent, query);
  }

  /** Another configuration for what need not be opened anew; calls that are up go on as they are. */
  reconfigure({ account, policy, rtpTimeout, record, warnings }: Reconfigurable): void {
    if (account) {
      const { userAgent } = this.#port;
      this.#mailbox.stop();
      this.#account.replace(account.value, userAgent, (status) => this.#onRegistration(status));
      if (userAgent && !this.#account.hasRegistrar) this.#mailbox.watch(userAgent, account.value);
    }
    if (policy) {
      this.#doorKeeper.policy = policy;
      this.events.emit('switches', this.switches);
      this.#reception.answerNext();
    }
    if (rtpTimeout !== undefined) this.#rtpTimeout = rtpTimeout;
    if (warnings) this.#warnings = warnings;
    if (record) {
      this.#recordingPolicy = record;
      if (this.#recordings) this.#recordings.policy = record;
    }
  }

  /** Hangs up, un-registers and leaves the camera in order; further calls await the first. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    if (this.#startToReadyMs !== undefined) this.#log.info('stopping');
    this.events.emit('stopping');
    this.#monitor.stop();
    this.#reception.close();
    this.#mailbox.stop();
    for (const call of this.#calls.all) call.hangup();
    this.#camera?.close();
    this.#stills?.close();
    // Side by side: a registrar that is away must not keep the camera from its END.
    await Promise.all([this.#port.stop(), this.#engine?.close()]);
  }

  #onPortOpen(userAgent: SipUserAgent): void {
    this.#log.info('sip port open', { port: userAgent.port });
    userAgent.events.on('invite', (session) => this.#onInvite(session));
    userAgent.events.on('message', (message) => this.#messages.receive(message));
    this.#account.register(userAgent, (status) => this.#onRegistration(status));
    if (!this.#account.hasRegistrar) this.#mailbox.watch(userAgent, this.#account.configured);
    this.#becomeReady();
  }

  /** A server knows the mailbox of whom it knows. */
  #onRegistration(status: RegistrationStatus): void {
    this.events.emit('registration', status);
    const { userAgent } = this.#port;
    if (status.state === 'registered' && userAgent) {
      this.#mailbox.watch(userAgent, this.#account.configured);
    }
  }

  #becomeReady(): void {
    if (!this.#engine || !this.#port.userAgent || this.#startToReadyMs !== undefined) return;
    this.#startToReadyMs = Math.round(this.#dependencies.clock.now());
    this.events.emit('ready', this.#startToReadyMs);
  }

  #onInvite(session: IncomingSession): void {
    if (this.#engine) this.#reception.receive(session);
    else session.reject(480);
  }

  #adoptIncoming(session: IncomingSession, caller: Caller): Call {
    const media: MediaSlot = {};
    session.answerWith((localAddress) => this.#openMedia(media, localAddress));
    return this.#adopt(new Call(session, session, { ...this.#callOptions(media), caller }));
  }

  #adopt(call: Call): Call {
    this.#calls.add(call);
    this.#trace.note(call.id, call.callId);
    call.events.on('changed', () => this.events.emit('call', call.status()));
    call.events.on('key', (key, by) => this.events.emit('key', call.status(), key, by));
    call.events.on('transfer', (status) => this.events.emit('transfer', status));
    call.events.on('message', (message) => this.#messages.receive(message, true));
    call.events.on('referred', (referral) => this.#referrals.receive(call, referral));
    call.events.on('confirmed', () => {
      this.#giveUpUnacknowledged();
      this.#limitLength(call);
      this.#recordings?.onUp(call);
    });
    call.events.on('moved', () => this.#recordings?.onMoved(call));
    call.events.on('ended', () => {
      this.#calls.remove(call);
      this.#history.add(call.historyEntry(this.#recordings?.onEnded(call.id) ?? []));
      this.#reception.answerNext();
    });
    this.#monitor.wake();
    this.events.emit('call', call.status());
    return call;
  }

  /** By the policy of now; once for each call. */
  #limitLength(call: Call): void {
    const { maxCallMinutes } = this.#doorKeeper.policy;
    if (maxCallMinutes === undefined) return;
    const limit = this.#dependencies.clock.setTimer(maxCallMinutes * 60_000, () =>
      call.hangup(`ended here after ${maxCallMinutes} min (policy.maxCallMinutes)`),
    );
    call.events.on('ended', () => limit.cancel());
  }

  /** Only one call talks; and whoever never acknowledges must not keep the line. */
  #giveUpUnacknowledged(): void {
    for (const call of this.#calls.all) {
      if (call.isUnacknowledged) call.hangup();
    }
  }

  /** What can be offered of it: known once the media plane is up. */
  get #sound(): SoundPlan {
    const { codecs, audioWishes: wishes } = this.#options.media;
    const plan = { codecs, ...(wishes ? { wishes } : {}) };
    return this.#engine ? usablePlan(plan, this.#engine.features) : plan;
  }

  #callOptions(media: MediaSlot): CallOptions {
    const { clock, log } = this.#dependencies;
    this.#lastCallId += 1;
    const rtpTimeoutMs = this.#rtpTimeout * 1000;
    return { id: this.#lastCallId, media, rtpTimeoutMs, clock, log };
  }

  /** Opens a call's media; what fails is kept in the slot for the words of its end. */
  #openMedia(slot: MediaSlot, localAddress: string): CallMedia {
    if (!this.#engine || !this.#camera) throw notReady('the media plane is not up');
    const { picture } = this.#options.media;
    const { clock, random, log } = this.#dependencies;
    try {
      slot.opened = new CallMedia({
        engine: this.#engine,
        camera: this.#camera,
        sound: this.#sound,
        withVideo: picture,
        sessionId: Buffer.from(random.bytes(4)).readUInt32BE(0),
        localAddress,
        names: this.#names,
        listener: {
          onKey: (key) => slot.listener?.onKey(key),
          onNowhere: (reason) => slot.listener?.onNowhere(reason),
        },
        clock,
        log: log.area('media'),
      });
      return slot.opened;
    } catch (error) {
      slot.failure = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  #onPicture(available: boolean): void {
    if (!available) return;
    for (const call of this.#calls.all) {
      call.addVideo().catch((error: unknown) => this.#log.error(String(error)));
    }
  }

  /** Of several the one whose caller is known by more than what he says. */
  #findWaiting(id?: number): Call {
    const words = 'is waiting to be answered';
    return this.#find(
      id,
      ({ isWaiting }) => isWaiting,
      words,
      ({ caller }) => (caller?.origin === 'direct' ? 1 : 0),
    );
  }

  get #policyProblems(): string[] {
    return this.#doorKeeper.problems(this.#options.listensOn);
  }

  /** As `CallList.find`, of an agent that is ready. */
  #find(...which: Parameters<CallList['find']>): Call {
    this.#readyUserAgent();
    return this.#calls.find(...which);
  }

  #readyUserAgent(): SipUserAgent {
    if (this.#stopping) throw notReady('the agent is stopping');
    const userAgent = this.#port.userAgent;
    if (!this.#engine || !userAgent) throw notReady(this.#port.detail || 'the agent is starting');
    return userAgent;
  }
}

/** The one that talks, then the one that is dialled, then those that wait; held ones last. */
function hangupRank({ isUp, hasLine, heldByUs }: Call): number {
  if (heldByUs) return 3;
  if (isUp) return 0;
  return hasLine ? 1 : 2;
}

function notReady(reason: string): AgentException {
  return new AgentException('not-ready', `not ready: ${reason}`);
}

/** Errors of the lower rooms in the agent's words; bugs stay what they are. */
function asRefusal(error: unknown): unknown {
  if (error instanceof UriException) return new AgentException('bad-target', error.message);
  if (error instanceof TransportException) {
    return new AgentException('no-resource', error.message);
  }
  return error;
}
