import type { MediaDescription, SessionDescription } from 'sdp-transform';
import {
  type CandidatePair,
  type Component,
  IceAgent,
  type IceAim,
  type IceSocket,
  plainNumeric,
  type SocketAddress,
} from '../../ice';
import type { MediaComponent, MediaEngine, MediaSession } from '../../media';
import type { Clock, Logger, Random, Timer } from '../../platform';
import {
  type IceCandidate,
  type IceDescription,
  type IceLine,
  type IceWriter,
  ipVersion,
  type NegotiatedMedia,
  type RemoteEndpoint,
  readIce,
  withIce,
  withMismatch,
} from '../../sdp';
import type { Servers } from './servers';

export interface IceMediaListener {
  /** Media go somewhere else from now on, or nowhere. */
  onChange(): void;
  /** The far end is to be told by an offer. */
  onOfferWanted(): void;
}

export interface IceMediaParts {
  readonly engine: MediaEngine;
  readonly session: MediaSession;
  readonly localAddress: string;
  readonly servers: Servers;
  readonly listener: IceMediaListener;
  /** The far end has ICE, as was known before. */
  readonly isUsed: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

type Kind = 'audio' | 'video';

interface Stream {
  readonly kind: Kind;
  /** Undefined: not begun, or begun anew. */
  state: 'found' | 'failed' | undefined;
  /** What its session knows of the far end: told apart by it. */
  remote: IceLine | undefined;
  components: readonly Component[];
}

/** An offer waits no longer for servers that do not answer, ms. */
const GATHER_MS = 500;
/** Nor, if they do, than so many times that. */
const MAX_WAITS = 4;
const SOCKETS: readonly { readonly name: MediaComponent; readonly component: Component }[] = [
  { name: 'audioRtp', component: { stream: 'audio', id: 1 } },
  { name: 'audioRtcp', component: { stream: 'audio', id: 2 } },
  { name: 'videoRtp', component: { stream: 'video', id: 1 } },
  { name: 'videoRtcp', component: { stream: 'video', id: 2 } },
];

/**
 * ICE of one call's media (RFC 8839): says in descriptions where we are, reads where the far end is, and aims its
 * sockets at what was found. Where the far end has none everything is as without.
 */
export class IceMedia implements IceWriter {
  readonly #parts: IceMediaParts;
  readonly #agent: IceAgent;
  readonly #streams: readonly Stream[];
  readonly #stopListening: () => void;
  readonly #problems = new Map<string, string>();
  #peer: 'unknown' | 'none' | 'has' | 'mismatched';
  #remote: IceDescription | undefined;
  #isOffering = false;
  /** Consent is lost: the next offer begins anew. */
  #restarts = false;
  #ready: Promise<void> | undefined;
  #onReady: (() => void) | undefined;
  #limit: Timer | undefined;
  #waits = 0;
  #hasHeard = false;
  #serversToCome = true;
  #isClosed = false;

  constructor(parts: IceMediaParts) {
    this.#parts = parts;
    const { engine, session, clock, random, isUsed } = parts;
    this.#peer = isUsed ? 'has' : 'unknown';
    const sockets = socketsOf(parts);
    this.#streams = (['audio', 'video'] as const)
      .filter((kind) => sockets.some(({ component }) => component.stream === kind))
      .map((kind) => ({ kind, state: undefined, remote: undefined, components: [] }));
    this.#agent = new IceAgent({
      ...{ clock, random, sockets },
      listener: {
        onGathered: () => this.#settle(),
        onServerFailed: ({ name }, reason) => this.#onServerFailed(name, reason),
        onAim: (component, aim, pair) => this.#onAim(component, aim, pair),
        onCompleted: (stream) => this.#onCompleted(stream),
        onFailed: (stream, reason) => this.#onFailed(stream, reason),
        onConsentLost: ({ stream }) => this.#onConsentLost(stream),
      },
    });
    session.listen();
    this.#stopListening = engine.events.on('datagram', (id, name, bytes, from) => {
      const component = SOCKETS.find((one) => one.name === name)?.component;
      if (id !== session.id || !component) return;
      this.#hasHeard = true;
      this.#agent.receive(component, { ...from, address: plainNumeric(from.address) }, bytes);
    });
    this.#gather(sockets);
  }

  /** Until then candidates are gathered; undefined when they are. It never rejects. */
  get ready(): Promise<void> | undefined {
    return this.#ready;
  }

  get isUsed(): boolean {
    return this.#peer === 'has';
  }

  get problems(): readonly string[] {
    return [...this.#problems.values()];
  }

  /** An offer of ours is to be described. */
  prepareOffer(): void {
    this.#isOffering = true;
    if (this.#restarts) this.#openAll(true);
    this.#restarts = false;
  }

  /** The peer's offer, before its answer is described; or its answer. */
  hear(description: string, isOffer: boolean): void {
    const remote = readIce(description);
    this.#remote = remote;
    if (isOffer) this.#isOffering = false;
    const lines = remote.lines.filter((line) => line !== undefined);
    this.#peer = lines.length === 0 ? 'none' : lines.some(isMismatched) ? 'mismatched' : 'has';
    if (!this.isUsed) this.#unaim();
    if (this.#peer === 'mismatched') {
      this.#parts.log.info('no ICE: its addresses were changed on the way');
    }
    // RFC 8839 §4.4.1.1.1: other credentials are a restart; the answer to it has other ones, too.
    if (isOffer && this.#isRestarted(lines)) this.#openAll(false);
  }

  /** Both descriptions have met: checks begin. */
  begin({ audio, video }: NegotiatedMedia): void {
    if (!this.isUsed) return;
    for (const stream of this.#streams) {
      const agreed = stream.kind === 'audio' ? audio : video;
      const line = this.#lineOf(stream.kind);
      if (!agreed || !line) continue;
      const isSame = stream.remote && isSameCredentials(stream.remote, line);
      if (isSame) continue;
      // Another fork has answered the same offer.
      if (stream.remote) this.#agent.open(stream.kind, this.#isOffering);
      const isShared = agreed.remote.rtcpMux === true;
      stream.state = undefined;
      stream.remote = line;
      stream.components = componentsOf(stream.kind, line, isShared);
      const candidates = line.candidates.map((one) => ({
        ...one,
        address: plainNumeric(one.address),
      }));
      const { fragment, password } = line;
      const isLite = this.#remote?.isLite ?? false;
      const streams = [{ stream: stream.kind, fragment, password, candidates }];
      this.#agent.begin(stream.kind, { isLite, streams }, stream.components);
    }
  }

  /** @param media our lines as they are without. */
  describe(media: readonly MediaDescription[]): Partial<SessionDescription> {
    const isAnswer = !this.#isOffering;
    if (isAnswer && this.#peer === 'mismatched') return { media: media.map(withMismatch) };
    if (this.#peer === 'none' || this.#peer === 'mismatched') return {};
    const described = media.map((line, index) => this.#describeLine(line, index));
    // RFC 8839 §5.6.
    return { media: described, iceOptions: 'ice2' };
  }

  /**
   * Where media of that kind go; undefined: nowhere yet. @param described where they would without ICE, which stands
   * where ICE has failed, too.
   */
  where(kind: Kind, described: RemoteEndpoint | undefined): RemoteEndpoint | undefined {
    const stream = this.#streamOf(kind);
    const isWithout = this.#remote !== undefined && !this.#lineOf(kind);
    if (!this.isUsed || isWithout || stream?.state === 'failed') return described;
    const [rtp, rtcp] = this.#pairsOf(kind);
    const isWhole = this.#pairsOf(kind).length === stream?.components.length;
    if (stream?.state !== 'found' || !rtp || !isWhole) return undefined;
    const { address, port } = rtp.remote;
    const isShared = described?.rtcpMux ? { rtcpMux: true as const } : {};
    const rtcpPort = rtcp?.remote.port ?? (described?.rtcpMux ? port : Math.min(port + 1, 65_535));
    return { address, rtpPort: port, rtcpPort, ...isShared };
  }

  close(): void {
    this.#isClosed = true;
    this.#stopListening();
    this.#settle(true);
    this.#agent.close();
    this.#parts.servers.close();
  }

  // Gathering ----------------------------------------------------------------------------------

  #gather(sockets: readonly IceSocket[]): void {
    const { servers, localAddress } = this.#parts;
    this.#ready = new Promise((resolve) => {
      this.#onReady = resolve;
    });
    this.#waitForServers();
    const family = ipVersion(localAddress) ?? 4;
    servers.open(sockets, localAddress, family, {
      onServer: (component, server) => {
        this.#hasHeard = true;
        this.#agent.ask(component, server);
      },
      onFailed: (name, reason) => this.#onServerFailed(name, reason),
      onAll: () => {
        this.#serversToCome = false;
        this.#settle();
      },
    });
    // What needed no time says nothing of whether anybody is there.
    this.#hasHeard = false;
  }

  #waitForServers(): void {
    this.#limit = this.#parts.clock.setTimer(GATHER_MS, () => {
      this.#waits += 1;
      const goesOn = this.#hasHeard && this.#waits < MAX_WAITS;
      this.#hasHeard = false;
      if (goesOn) this.#waitForServers();
      else this.#settle(true);
    });
  }

  #settle(isEnough = false): void {
    if (!isEnough && (this.#serversToCome || this.#agent.isGathering)) return;
    this.#limit?.cancel();
    this.#ready = undefined;
    this.#onReady?.();
  }

  #onServerFailed(name: string, reason: string): void {
    if (this.#isClosed) return;
    this.#parts.log.warn('a server of ICE does not serve', { name, reason });
    this.#problems.set(name, `${name}: ${reason}`);
    this.#settle();
  }

  // Descriptions -------------------------------------------------------------------------------

  #describeLine(line: MediaDescription, index: number): MediaDescription {
    const stream = this.#streamOf(line.type);
    const hasIce = this.#isOffering || this.#remote?.lines[index] !== undefined;
    if (line.port === 0 || !stream || !hasIce || !/^RTP\//i.test(line.protocol)) return line;
    if (!this.#agent.sessionOf(stream.kind)) this.#agent.open(stream.kind, this.#isOffering);
    const pairs = stream.state === 'found' ? this.#pairsOf(stream.kind) : [];
    const all = this.#agent.candidatesOf(stream.kind);
    // RFC 5761 §5.1.3: an answer that shares the port names one component; an offer cannot know.
    const isShared = !this.#isOffering && line.rtcpMux !== undefined;
    const chosen = pairs.map((pair) => chosenOf(pair, all));
    const candidates = pairs.length > 0 ? chosen : all.map(plain);
    const isControlling = this.#agent.sessionOf(stream.kind)?.isControlling ?? false;
    return withIce(line, {
      ...this.#agent.credentials,
      candidates: candidates.filter(({ component }) => component === 1 || !isShared),
      defaults: chosen.filter((one) => one.kind !== 'host' && (one.component === 1 || !isShared)),
      remote:
        this.#isOffering && isControlling
          ? pairs.map(({ component, remote }) => ({ ...remote, component: component.id }))
          : [],
    });
  }

  /** Whoever speaks now has no ICE: its description says where it is. */
  #unaim(): void {
    for (const stream of this.#streams) {
      if (stream.state === undefined && !stream.remote) continue;
      this.#agent.drop(stream.kind);
      stream.state = undefined;
      stream.remote = undefined;
      this.#aimAsDescribed(stream.kind);
    }
  }

  #aimAsDescribed(kind: Kind): void {
    for (const { name, component } of SOCKETS)
      if (component.stream === kind) this.#parts.session.aim(name);
  }

  #openAll(isControlling: boolean): void {
    this.#agent.renewCredentials();
    for (const stream of this.#streams) {
      stream.remote = undefined;
      if (this.#agent.sessionOf(stream.kind)) this.#agent.open(stream.kind, isControlling);
    }
  }

  #isRestarted(lines: readonly IceLine[]): boolean {
    return this.#streams.some(({ kind, remote }) => {
      const line = lines.find(({ type }) => type === kind);
      return remote !== undefined && line !== undefined && !isSameCredentials(remote, line);
    });
  }

  #lineOf(kind: Kind): IceLine | undefined {
    return this.#remote?.lines.find((line) => line?.type === kind);
  }

  #streamOf(kind: string): Stream | undefined {
    return this.#streams.find((stream) => stream.kind === kind);
  }

  #pairsOf(kind: Kind): readonly CandidatePair[] {
    const session = this.#agent.sessionOf(kind);
    const components = this.#streamOf(kind)?.components ?? [];
    return components.flatMap((component) => session?.selected(component) ?? []);
  }

  // What is found ------------------------------------------------------------------------------

  #onAim({ stream, id }: Component, aim: IceAim, { local, remote }: CandidatePair): void {
    const { session, log } = this.#parts;
    const name = SOCKETS.find(
      ({ component }) => component.stream === stream && component.id === id,
    )?.name;
    if (!name || this.#isClosed) return;
    const { address, port } = remote;
    log.info('ICE', { stream, id, local: local.kind, remote: remote.kind, address, port });
    session.aim(name, aim);
    this.#problems.delete(stream);
    const known = this.#streamOf(stream);
    if (known && id === 1) known.state = 'found';
    this.#parts.listener.onChange();
  }

  /** RFC 8839 §4.4.1.2.2: where a description names another way than the one in use, the controlling end says so. */
  #onCompleted(stream: string): void {
    const session = this.#agent.sessionOf(stream);
    const isElsewhere = this.#streams.some(({ kind }) =>
      this.#pairsOf(kind).some(
        (pair) => chosenOf(pair, []).kind !== 'host' || this.#isAstray(pair),
      ),
    );
    const isDone = this.#streams.every(
      ({ kind, remote }) => !remote || this.#agent.sessionOf(kind)?.isCompleted,
    );
    if (!session?.isControlling || !isElsewhere || !isDone) return;
    this.#parts.listener.onOfferWanted();
  }

  /** Whether the far end's description names another address. */
  #isAstray({ component, remote }: CandidatePair): boolean {
    const line = this.#lineOf(component.stream === 'audio' ? 'audio' : 'video');
    const isThere = line?.port === remote.port && plainNumeric(line.address) === remote.address;
    return component.id === 1 && !isThere;
  }

  #onFailed(stream: string, reason: string): void {
    const known = this.#streamOf(stream);
    if (!known || this.#isClosed) return;
    const words = `${reason}; media go where the description says, as without ICE`;
    this.#parts.log.warn(words);
    this.#problems.set(stream, words);
    known.state = 'failed';
    this.#aimAsDescribed(known.kind);
    this.#parts.listener.onChange();
  }

  /** RFC 7675 §5.1: nothing is sent any more, and a restart is offered. */
  #onConsentLost(stream: string): void {
    const known = this.#streamOf(stream);
    if (!known || this.#isClosed || known.state !== 'found') return;
    const words = `${stream}: the far end has not answered for 30 s; nothing is sent there`;
    this.#parts.log.warn(words);
    this.#problems.set(stream, words);
    known.state = undefined;
    this.#restarts = true;
    this.#parts.listener.onChange();
    this.#parts.listener.onOfferWanted();
  }
}

function socketsOf({ session, localAddress: address, log }: IceMediaParts): IceSocket[] {
  const { audioRtpPort, videoRtpPort } = session.ports;
  return SOCKETS.flatMap(({ name, component }) => {
    const rtp = component.stream === 'audio' ? audioRtpPort : videoRtpPort;
    if (rtp === undefined) return [];
    const send = ({ address: to, port }: SocketAddress, bytes: Uint8Array): void => {
      try {
        session.sendDatagram(name, { address: to, port }, bytes);
      } catch (error) {
        // As good as lost on the way: it is repeated.
        log.debug('not sent', { reason: String(error) });
      }
    };
    return [{ address, port: rtp + component.id - 1, component, send }];
  });
}

function componentsOf(kind: Kind, line: IceLine, isShared: boolean): Component[] {
  const hasRtcp = line.candidates.some(({ component }) => component === 2);
  return [
    { stream: kind, id: 1 },
    ...(hasRtcp && !isShared ? [{ stream: kind, id: 2 as const }] : []),
  ];
}

/** Ours of a pair as the far end sees it. */
function chosenOf({ local, mapped }: CandidatePair, all: readonly IceCandidate[]): IceCandidate {
  const isSeenElsewhere =
    local.kind === 'host' &&
    mapped !== undefined &&
    (mapped.address !== local.address || mapped.port !== local.port);
  if (!isSeenElsewhere) return plain(local);
  const known = all.find((one) => one.address === mapped.address && one.port === mapped.port);
  const { address, port } = local;
  const learned = { ...local, ...mapped, kind: 'prflx', related: { address, port } } as const;
  return plain(known ?? learned);
}

function plain({
  foundation,
  component,
  priority,
  address,
  port,
  kind,
  related,
}: IceCandidate): IceCandidate {
  const rest = related ? { related } : {};
  return { foundation, component, priority, address, port, kind, ...rest };
}

function isMismatched(line: IceLine): boolean {
  return line.isMismatched;
}

function isSameCredentials(one: IceLine, other: IceLine): boolean {
  return one.fragment === other.fragment && one.password === other.password;
}
