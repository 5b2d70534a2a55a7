import type { Still } from '../media';
import { Emitter, type Logger } from '../platform';
import type {
  IncomingSession,
  InviteOptions,
  OfferAnswerFactory,
  SipUserAgent,
  TransportProtocol,
} from '../sip';
import type { Account } from './account';
import { Accounts, type Chosen } from './accounts';
import type { AgentDependencies, AgentEvents, AgentOptions, Reconfigurable } from './agent-options';
import type { AnsweredBrowser } from './browser-call';
import type { BrowserCaller } from './browser-session';
import { Call, type CallOptions, type MediaSlot } from './call';
import { CallList, isHoldable } from './call-list';
import type { CallMedia } from './call-media';
import type { CallStatus, KeysBy } from './call-state';
import type { TonePolicy } from './call-tones';
import { CallTrace, type CallTracePage, type CallTraceQuery } from './call-trace';
import { Conference } from './conference';
import { NO_DIAL_PLAN } from './dial-plan';
import { type Dialled, Dialling } from './dialling';
import { Emergency } from './emergency';
import { AgentException, asRefusal, notReady } from './exception';
import { type Companion, HelpData } from './help';
import { History, type HistoryEntry, type HistoryQuery } from './history';
import { HostNames } from './host-names';
import { MediaPlane } from './media-plane';
import { Monitor } from './monitor';
import { checkOffer } from './offer-check';
import { PhoneBook } from './phone-book';
import { refusalToDial } from './policy';
import { pressWhenUp } from './post-dial';
import { Privacy } from './privacy';
import { Reception } from './reception';
import type { RecordingPolicy, StartedRecording } from './recordings';
import { Referrals } from './referrals';
import { SipPort } from './sip-port';
import { type AgentStatus, findProblems, type Switches } from './status';
import type { KeptStill } from './still-folder';
import { type TextMessage, type TextMessageQuery, TextMessages } from './text-messages';
import type { Visit } from './visit';

/** How many ended calls a status tells. */
const RECENT_CALLS = 5;

/** The telephone: the one façade that every control surface uses. */
export class Agent {
  readonly events: Emitter<AgentEvents>;
  readonly #options: AgentOptions;
  readonly #dependencies: AgentDependencies;
  readonly #log: Logger;
  readonly #accounts: Accounts;
  readonly phoneBook: PhoneBook;
  /** What calls for help take along. */
  readonly helpData: HelpData;
  readonly #dialling: Dialling;
  readonly #port: SipPort;
  readonly #emergency: Emergency;
  readonly #privacy: Privacy;
  readonly #reception: Reception;
  readonly #referrals: Referrals;
  readonly #messages: TextMessages;
  readonly #names: HostNames;
  readonly #history: History;
  readonly #monitor: Monitor;
  readonly #calls = new CallList();
  readonly #trace = new CallTrace();
  #media: MediaPlane | undefined;
  readonly #conference = new Conference();
  /** Calls for help that were dialled: no policy ends them. */
  readonly #unlimited = new WeakSet<Call>();
  #recordingPolicy: RecordingPolicy;
  #tonePolicy: TonePolicy;
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
    this.#tonePolicy = options.tones;
    this.#history = new History(dependencies.historyKeeper);
    // Numbers go on, so that one of them means one call in the history.
    this.#lastCallId = this.#history.lastCall;
    this.#dependencies = dependencies;
    this.#log = dependencies.log.area('agent');
    const { clock, random, log, localHost, openUserAgent } = dependencies;
    this.events = new Emitter((error) => this.#log.error(`listener failed: ${String(error)}`));
    this.#accounts = new Accounts(options.accounts ?? [], {
      ...{ policy: options.policy, localHost, clock, random, log },
      onRegistration: (status) => this.events.emit('registration', status),
      onMailbox: (status) => this.events.emit('mailbox', status),
      onWatched: (status) => this.events.emit('watched', status),
    });
    for (const name of ['call', 'switches'] as const) {
      this.events.on(name, () =>
        this.#accounts.tellPresence(this.#calls.all.some(({ hasLine }) => hasLine)),
      );
    }
    this.phoneBook = new PhoneBook(dependencies.phoneBookKeeper);
    this.#dialling = new Dialling(this.phoneBook, options.dialPlan ?? NO_DIAL_PLAN);
    this.#port = new SipPort(openUserAgent, clock, log);
    this.#names = new HostNames(dependencies.lookup, clock, log);
    this.helpData = new HelpData({
      ...{ clock, log: this.#log, random: dependencies.random },
      onChange: () => this.#emergency.dataChanged(),
    });
    this.helpData.settings = options.emergency;
    const { policy, media } = options;
    this.#privacy = new Privacy(policy, media.picture, dependencies.muteKeeper, this.#log);
    this.#emergency = new Emergency(options.emergency, {
      clock,
      log: this.#log,
      dial: (...target) => this.#dialForHelp(...target),
      helpData: this.helpData,
      isEmergencyNumber: (target) => this.#dialling.isEmergency(target),
      isSame: (target, { name }) =>
        this.#dialling.isSame(target, name, this.#accounts.choose().account),
      announce: (file, call) => {
        this.#readyMedia()
          .announcements.announce(file, call)
          .catch((error: unknown) => this.#log.warn(String(error)));
      },
      onChange: (status) => this.events.emit('emergency', status),
    });
    this.#reception = new Reception({
      accounts: this.#accounts,
      dialling: this.#dialling,
      emergency: this.#emergency,
      calls: this.#calls,
      clock,
      log: this.#log,
      check: (session, done) => {
        const { offer, localAddress, protocol } = session;
        const media = this.#readyMedia();
        const { encryption } = this.#accounts.calledBy(session);
        const { terms } = media.encryption(protocol, encryption);
        checkOffer(offer, { address: localAddress, sound: media.sound, terms }, this.#names, done);
      },
      adopt: (visit) => this.#adoptIncoming(visit),
      join: async (calls) => {
        await this.confer(calls.flatMap((call) => this.#conference.with(call)).map(({ id }) => id));
      },
    });
    this.#messages = new TextMessages({
      accounts: this.#accounts,
      clock,
      log: this.#log,
      keeper: dependencies.messageKeeper,
      onMessage: (message) => this.events.emit('message', message),
    });
    this.#referrals = new Referrals({
      calls: this.#calls,
      clock,
      log: this.#log,
      dial: (target, account, options) => this.#dial(target, { account }, options),
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
    const { openEngine, clock, random, log } = this.#dependencies;
    const engine = openEngine();
    // Before any call could be heard.
    this.#privacy.begin(engine);
    const { ice: settings } = this.#options.media;
    const names = this.#names;
    const ice =
      settings &&
      new (await import('./ice')).IceKit({ settings, engine, names, clock, random, log });
    this.#media = new MediaPlane({
      ...{ engine, ice },
      options: this.#options.media,
      record: this.#recordingPolicy,
      tones: this.#tonePolicy,
      zrtp: this.#dependencies.zrtp,
      ...{ names, events: this.events, clock, random, log: this.#log, logs: log },
      onPicture: (available) => this.#onPicture(available),
    });
    this.#becomeReady();
  }

  status(): AgentStatus {
    const { clock } = this.#dependencies;
    const { version, pid } = this.#options;
    const userAgent = this.#port.userAgent;
    const accounts = this.#accounts.statuses();
    const registration = accounts.find(({ isDefault }) => isDefault)?.registration;
    const mailbox = accounts.find((account) => account.mailbox)?.mailbox;
    const { recordings = [], ...engine } =
      (this.#stopping ? undefined : this.#media?.snapshot()) ?? {};
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
      accounts,
      ...(registration ? { registration } : {}),
      ...(this.#emergency.status ? { emergency: this.#emergency.status } : {}),
      ...(mailbox ? { mailbox } : {}),
      ...('camera' in engine ? { engine } : {}),
      recordings: this.#media?.recordings.statuses(recordings) ?? [],
      calls: this.#calls.statuses(),
      conference: this.#conference.calls,
      recent: this.#history.find({ limit: RECENT_CALLS }),
      warnings: this.#warnings,
    };
    const problems = findProblems(status, this.#options.media);
    return {
      ...status,
      problems: [
        ...problems,
        ...this.#accounts.problems(this.#options.listensOn),
        ...this.#history.problems,
        ...this.#messages.problems,
        ...this.phoneBook.problems,
        ...this.helpData.problems,
      ],
    };
  }

  /**
   * Calls `target`, an address, a number or a name of the phone book, by the account of that name, or by the default
   * one; where that is not registered, by the first that is, which is told. @throws AgentException
   */
  call(
    target: string,
    wanted: { readonly account?: string; readonly isAnonymous?: boolean } = {},
  ): CallStatus {
    this.#readyUserAgent();
    const chosen = this.#accounts.choose(wanted.account);
    const refusal = refusalToDial(this.#calls.all);
    if (refusal) throw new AgentException('busy', refusal);
    this.#giveUpUnacknowledged();
    const { account } = chosen;
    // Who is asked for help has to know by whom.
    const { isAnonymous = account.doorKeeper.policy.hideIdentity ?? false } = wanted;
    const hides = isAnonymous && !this.#dialling.isEmergency(target);
    const { uri, keys } = this.#dialling.resolve(target, account);
    const companion = this.helpData.companionOf(uri, account.identity.uri);
    const call = this.#dial(uri, chosen, hides ? { isAnonymous: true } : {}, companion);
    if (this.#dialling.isEmergency(target)) this.#unlimited.add(call);
    if (keys !== undefined) pressWhenUp(call, keys, this.#dependencies.clock, this.#log);
    return call.status();
  }

  /**
   * A browser calls that the page has let in: it is answered at once, and whoever talks is put on hold, until
   * the call is over if it never comes about. It is up when ICE and DTLS are done. @throws AgentException
   */
  async callFromBrowser(caller: BrowserCaller): Promise<AnsweredBrowser> {
    const media = this.#readyMedia();
    const { callFromBrowser } = await import('./browser-call');
    return await callFromBrowser(caller, {
      canEncrypt: media.canEncrypt,
      doNotDisturb: this.switches.doNotDisturb,
      account: this.#accounts.default,
      calls: this.#calls,
      emergency: this.#emergency,
      isForHelp: (call) => this.#unlimited.has(call),
      refused: this.#reception.refused,
      random: this.#dependencies.random,
      log: this.#log,
      adopt: (visit, slot) => this.#adoptIncoming(visit, slot),
    });
  }

  /** @throws AgentException */
  #dial(target: string, chosen: Chosen, options: InviteOptions = {}, companion?: Companion): Call {
    const userAgent = this.#readyUserAgent();
    const media: MediaSlot = {};
    try {
      const session = userAgent.invite(
        target,
        chosen.account.identity,
        (...flow) => this.#openMedia(media, chosen.account, ...flow),
        { ...options, ...companion?.options },
      );
      const { contact } = this.#dialling.resolve(target, chosen.account);
      const parts = { ...this.#callOptions(media, contact), ...chosen };
      const call = this.#adopt(new Call(session, undefined, parts));
      this.helpData.follow(call, companion);
      return call;
    } catch (error) {
      media.opened?.close();
      throw asRefusal(error);
    }
  }

  /**
   * Calls those of `emergency.calls` in turn, until one answers and presses a key.
   * @param isAutomatic the car asks for it, and no person.
   * @throws AgentException
   */
  startEmergency(isAutomatic = false): void {
    if (this.#stopping) throw notReady('the agent is stopping');
    this.#emergency.start(isAutomatic);
  }

  /** @throws AgentException */
  cancelEmergency(): void {
    this.#emergency.cancel();
  }

  /** Nothing is in its way: what talks, or is being dialled, ends. @throws AgentException */
  #dialForHelp(target: string, isBare: boolean): Call {
    this.#readyUserAgent();
    for (const call of this.#calls.all) {
      if (call.hasLine) call.hangup('ended here for an emergency call');
    }
    this.#giveUpUnacknowledged();
    const chosen = this.#accounts.choose();
    const { uri } = this.#dialling.resolve(target, chosen.account);
    const { uri: whose } = chosen.account.identity;
    return this.#dial(uri, chosen, {}, this.helpData.companionOf(uri, whose, isBare));
  }

  /** What would be called for `target`, and why. */
  planOf(target: string): Dialled {
    return this.#dialling.resolve(target, this.#accounts.choose().account);
  }

  /** Answers the call that waits; a call that talks is put on hold first. @throws AgentException */
  async answer(id?: number): Promise<void> {
    const call = this.#findWaiting(id);
    await this.#calls.holdAllBut([call]);
    await call.ready;
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

  /**
   * Resumes a call, with all of its conference; another one that talks is put on hold first.
   * @throws AgentException
   */
  async resume(id?: number): Promise<void> {
    const call = this.#find(id, ({ heldByUs }) => heldByUs, 'is held by us');
    const together = this.#conference.with(call);
    await this.#calls.holdAllBut(together);
    if (together.length === 1) await call.resume();
    else await this.#calls.resumeAll(together);
  }

  /**
   * Lets calls that are up hear each other, all of them without their numbers; those that are held are
   * resumed, others that talk are held. Replies with those that are in it. @throws AgentException
   */
  async confer(ids?: readonly number[]): Promise<readonly number[]> {
    const wanted = ids ? [...new Set(ids)].map((id) => this.#findUp(id)) : this.#upCalls();
    if (wanted.length < 2) {
      throw new AgentException('wrong-state', 'a conference is of two calls at least');
    }
    await this.#calls.holdAllBut(wanted);
    await this.#calls.resumeAll(wanted);
    this.#conference.gather(wanted.filter(({ isUp }) => isUp));
    return this.#conferenceChanged();
  }

  /** Takes a call out of the conference, and holds it. @throws AgentException */
  async leaveConference(id: number): Promise<void> {
    const call = this.#findUp(id);
    this.#conference.leave(call);
    this.#conferenceChanged();
    if (isHoldable(call)) await call.hold();
  }

  /** Ends the conference: its first call goes on, the others are held. @throws AgentException */
  async splitConference(): Promise<void> {
    const [_first, ...others] = this.#conference.split();
    this.#conferenceChanged();
    for (const call of others) if (isHoldable(call)) await call.hold();
  }

  /**
   * Plays a WAV file to the far end of a call, or in the cabin; behind others that wait there. Resolves
   * with its number when it begins, or waits. @throws AgentException
   */
  async announce(file: string, where: 'call' | 'cabin', id?: number): Promise<number> {
    const isUp = (call: Call): boolean => call.isUp;
    const { announcements } = this.#readyMedia();
    if (where === 'call') {
      const call = this.#find(id, isUp, 'is up', hangupRank);
      if (!call.isUp) throw new AgentException('wrong-state', `call ${call.id} is not up`);
      return await announcements.announce(file, call);
    }
    return await announcements.announce(file, undefined);
  }

  /**
   * Hands the far end of a call over to somebody else, whom it then calls; our call ends when they talk. Resolves
   * when it has taken that; `transfer` events tell the rest. @throws AgentException
   */
  async transfer(target: string, id?: number): Promise<void> {
    const call = this.#find(id, ({ isUp }) => isUp, 'is up', hangupRank);
    try {
      await call.transfer(this.#dialling.resolve(target, call.account).uri);
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
  async sendMessage(target: string, text: string, by?: string): Promise<number> {
    const userAgent = this.#readyUserAgent();
    const { account } = this.#accounts.choose(by);
    const to = this.#dialling.resolve(target, account).uri;
    try {
      const delivery = await userAgent.message(to, account.identity, text);
      return this.#messages.sent(account, to, text, delivery);
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
    if (this.#privacy.mutes.pictureMuted) {
      throw new AgentException('wrong-state', 'the picture is muted: mute-picture off');
    }
    return await this.#readyMedia().stills.take();
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
    const { recordings } = this.#readyMedia();
    const isRecordable = ({ isUp }: Call): boolean => isUp;
    const anyUp = id !== undefined || this.#calls.all.some(isRecordable);
    const call = anyUp ? this.#find(id, isRecordable, 'is up', hangupRank) : undefined;
    return await recordings.start(call);
  }

  /** Ends the recording of a call, or without its number all there are. @throws AgentException */
  stopRecording(id?: number): void {
    this.#readyMedia().recordings.stop(id);
  }

  /** The network has come or has another address: what depends on it is tried anew at once. */
  networkChanged(): void {
    this.#log.info('network changed');
    this.events.emit('network');
    this.#port.retryNow();
    this.#accounts.refresh();
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

  /** Both users of a call have compared what ZRTP shows, or take that back. @throws AgentException */
  verify(isVerified: boolean, id?: number): void {
    this.#find(id, ({ isUp }) => isUp, 'is up', hangupRank).verify(isVerified);
  }

  /** The key of push-to-talk: takes the floor, or waits for it, until it is let go. @throws AgentException */
  pressToTalk(pressed: boolean): void {
    this.#readyMedia().pressToTalk(pressed);
  }

  /**
   * Registers the account of that name now, or all of them, without awaiting the refresh.
   * @throws AgentException when there is no registrar.
   */
  register(account?: string): void {
    this.#readyUserAgent();
    const wanted = account === undefined ? this.#accounts.all : [this.#accounts.find(account)];
    if (!wanted.some(({ hasRegistrar }) => hasRegistrar)) {
      throw new AgentException('wrong-state', 'no registrar is configured (account.registrar)');
    }
    for (const one of wanted) one.refresh();
  }

  get switches(): Switches {
    return { ...this.#accounts.switches, ...this.#privacy.mutes };
  }

  /** Sets a switch until the next start, or until the configuration sets it; what is muted stays so. */
  setSwitch(name: keyof Switches, on: boolean): void {
    if (name === 'microphoneMuted' || name === 'pictureMuted') this.#privacy.mute(name, on);
    else this.#accounts.setSwitch(name, on);
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
  reconfigure({
    accounts,
    policy,
    dialPlan,
    emergency,
    rtpTimeout,
    record,
    tones,
    warnings,
  }: Reconfigurable): void {
    if (policy) {
      this.#accounts.policy = policy;
      this.#privacy.policy = policy;
    }
    if (accounts) this.#accounts.replace(accounts);
    if (policy || accounts) {
      this.events.emit('switches', this.switches);
      this.#reception.answerNext();
    }
    if (emergency) {
      this.#emergency.settings = emergency.value;
      this.helpData.settings = emergency.value;
    }
    if (dialPlan) this.#dialling.settings = dialPlan;
    if (rtpTimeout !== undefined) this.#rtpTimeout = rtpTimeout;
    if (warnings) this.#warnings = warnings;
    if (record) {
      this.#recordingPolicy = record;
      if (this.#media) this.#media.recordings.policy = record;
    }
    if (tones) {
      this.#tonePolicy = tones;
      if (this.#media) this.#media.tones.policy = tones;
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
    if (this.#emergency.isUnderWay) this.#emergency.cancel();
    this.helpData.settings = undefined;
    this.#accounts.stop();
    for (const call of this.#calls.all) call.hangup();
    // Side by side: a registrar that is away must not keep the camera from its END.
    await Promise.all([this.#port.stop(), this.#media?.close(), this.#privacy.settled()]);
  }

  #onPortOpen(userAgent: SipUserAgent): void {
    this.#log.info('sip port open', { port: userAgent.port });
    userAgent.events.on('invite', (session) => this.#onInvite(session));
    userAgent.events.on('message', (message) => this.#messages.receive(message));
    this.#accounts.start(userAgent);
    this.#becomeReady();
  }

  #becomeReady(): void {
    if (!this.#media || !this.#port.userAgent || this.#startToReadyMs !== undefined) return;
    this.#startToReadyMs = Math.round(this.#dependencies.clock.now());
    this.events.emit('ready', this.#startToReadyMs);
  }

  #onInvite(session: IncomingSession): void {
    if (this.#media) this.#reception.receive(session);
    else session.reject(480);
  }

  #adoptIncoming({ session, ...from }: Visit, media: MediaSlot = {}): Call {
    const open = (...flow: Parameters<OfferAnswerFactory>): CallMedia =>
      media.opened ?? this.#openMedia(media, from.account, ...flow);
    session.answerWith(open);
    if (!media.secure) this.#prepare(session, open);
    const contact = this.#dialling.nameOf(from.caller, from.account);
    const options = this.#callOptions(media, contact);
    return this.#adopt(new Call(session, session, { ...options, ...from }));
  }

  /** What fails is told when it is answered. */
  #prepare({ offer, localAddress, protocol }: IncomingSession, open: OfferAnswerFactory): void {
    if (!this.#media?.preparesFor(offer)) return;
    try {
      open(localAddress, protocol);
    } catch {
      // It is tried once more then.
    }
  }

  #adopt(call: Call): Call {
    this.#calls.add(call);
    this.#trace.note(call.id, call.callId);
    call.events.on('changed', () => {
      this.events.emit('call', call.status());
      this.#media?.tones.follow(this.#calls.all);
      this.#followPrivacy();
    });
    call.events.on('key', (key, by) => this.events.emit('key', call.status(), key, by));
    call.events.on('transfer', (status) => this.events.emit('transfer', status));
    call.events.on('message', (message) => this.#messages.receive(message, call.account));
    call.events.on('referred', (referral) => this.#referrals.receive(call, referral));
    call.events.on('confirmed', () => {
      this.#giveUpUnacknowledged();
      this.#limitLength(call);
      this.#media?.recordings.onUp(call);
    });
    call.events.on('moved', () => {
      this.#media?.recordings.onMoved(call);
      this.#conference.connect();
    });
    call.events.on('focus', (uri) => {
      import('./focus-watch').then(
        ({ watchFocus }) => watchFocus(call, uri, this.#readyUserAgent(), this.#log),
        (error: unknown) => this.#log.error(String(error)),
      );
    });
    call.events.on('ended', () => {
      this.#calls.remove(call);
      this.#media?.announcements.forget(call.id);
      if (this.#conference.with(call).length > 1) {
        this.#conference.forget(call);
        this.#conferenceChanged();
      }
      this.#media?.tones.follow(this.#calls.all, call.status());
      this.#history.add(call.historyEntry(this.#media?.recordings.onEnded(call.id) ?? []));
      this.#followPrivacy();
      this.#reception.answerNext();
    });
    this.#monitor.wake();
    this.events.emit('call', call.status());
    this.#media?.tones.follow(this.#calls.all);
    return call;
  }

  /** By the policy of now; once for each call. */
  #limitLength(call: Call): void {
    const { maxCallMinutes } = call.account.doorKeeper.policy;
    if (maxCallMinutes === undefined) return;
    if (this.#unlimited.has(call) || this.#emergency.owns(call)) return;
    const limit = this.#dependencies.clock.setTimer(maxCallMinutes * 60_000, () =>
      call.hangup(`ended here after ${maxCallMinutes} min (policy.maxCallMinutes)`),
    );
    call.events.on('ended', () => limit.cancel());
  }

  /** Whoever is called for help hears the cabin, muted or not. */
  #followPrivacy(): void {
    const { all } = this.#calls;
    const isForHelp = (call: Call) => this.#unlimited.has(call) || this.#emergency.owns(call);
    this.#privacy.follow(all, all.some(isForHelp));
  }

  #conferenceChanged(): readonly number[] {
    const { calls } = this.#conference;
    this.#log.info('conference', { calls: calls.join(',') });
    this.events.emit('conference', calls);
    return calls;
  }

  #findUp(id: number): Call {
    const call = this.#find(id, () => true, '');
    if (!call.isUp) throw new AgentException('wrong-state', `call ${id} is not up`);
    return call;
  }

  #upCalls(): readonly Call[] {
    this.#readyUserAgent();
    return this.#calls.all.filter(({ isUp }) => isUp);
  }

  /** Only one call talks; and whoever never acknowledges must not keep the line. */
  #giveUpUnacknowledged(): void {
    for (const call of this.#calls.all) {
      if (call.isUnacknowledged) call.hangup();
    }
  }

  #callOptions(media: MediaSlot, contact: string | undefined): Omit<CallOptions, 'account'> {
    const { clock, log } = this.#dependencies;
    this.#lastCallId += 1;
    const rtpTimeoutMs = this.#rtpTimeout * 1000;
    const named = contact === undefined ? {} : { contact };
    return { id: this.#lastCallId, media, ...named, rtpTimeoutMs, clock, log };
  }

  #openMedia(
    slot: MediaSlot,
    { encryption }: Account,
    localAddress: string,
    protocol: TransportProtocol,
  ): CallMedia {
    if (!this.#media) throw notReady('the media plane is not up');
    return this.#media.openCall(slot, localAddress, protocol, encryption);
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

  /** As `CallList.find`, of an agent that is ready. */
  #find(...which: Parameters<CallList['find']>): Call {
    this.#readyUserAgent();
    return this.#calls.find(...which);
  }

  #readyMedia(): MediaPlane {
    if (this.#stopping) throw notReady('the agent is stopping');
    if (!this.#media) throw notReady('the agent is starting');
    return this.#media;
  }

  #readyUserAgent(): SipUserAgent {
    if (this.#stopping) throw notReady('the agent is stopping');
    const userAgent = this.#port.userAgent;
    if (!this.#media || !userAgent) throw notReady(this.#port.detail || 'the agent is starting');
    return userAgent;
  }
}

/** The one that talks, then the one that is dialled, then those that wait; held ones last. */
function hangupRank({ isUp, hasLine, heldByUs }: Call): number {
  if (heldByUs) return 3;
  if (isUp) return 0;
  return hasLine ? 1 : 2;
}
