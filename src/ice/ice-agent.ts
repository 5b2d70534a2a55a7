import type { Clock, Random } from '../platform';
import type { Component, LocalCandidate, Way } from './candidate';
import { MAX_PAIRS } from './check-list';
import { type Credentials, newCredentials } from './credentials';
import { Gatherer, type IceServer, type IceSocket } from './gatherer';
import { IceSession, type RemoteIce, TA_MS } from './ice-session';
import type { CandidatePair } from './pair';
import { type SocketAddress, StunMessage } from './stun';

/** Where media of a component go. */
export interface IceAim extends SocketAddress {
  readonly channel?: number;
}

export interface IceAgentListener {
  onGathered(): void;
  onServerFailed(server: IceServer, reason: string): void;
  onAim(component: Component, aim: IceAim, pair: CandidatePair): void;
  /** Every component of a stream has its pair. */
  onCompleted(stream: string): void;
  onFailed(stream: string, reason: string): void;
  onConsentLost(component: Component): void;
}

export interface IceAgentParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly sockets: readonly IceSocket[];
  readonly listener: IceAgentListener;
}

/** Of one stream. */
interface Sessions {
  readonly present: IceSession;
  /** Until the present one has found its pairs checks and consent go on by it. */
  former: IceSession | undefined;
}

/**
 * ICE of one call at one address of this machine: its candidates, and for each stream a session with the credentials of
 * now. Streams come and go, and are checked side by side: together no faster than one in Ta.
 */
export class IceAgent {
  readonly #parts: IceAgentParts;
  readonly #gatherer: Gatherer;
  readonly #sessions = new Map<string, Sessions>();
  readonly #streams: number;
  #credentials: Credentials;

  constructor(parts: IceAgentParts) {
    const { clock, random, sockets, listener } = parts;
    this.#parts = parts;
    this.#credentials = newCredentials(random);
    this.#streams = new Set(sockets.map(({ component }) => component.stream)).size;
    this.#gatherer = new Gatherer(clock, random, sockets, {
      onGathered: () => listener.onGathered(),
      onServerFailed: (server, reason) => listener.onServerFailed(server, reason),
      onRelayed: (component, way, from, message) => this.#take(component, way, from, message),
      onStray: (component, way, from) =>
        this.sessionOf(component.stream)?.noteMedia(component, way, from),
    });
  }

  get isGathering(): boolean {
    return this.#gatherer.isGathering;
  }

  ask(component: Component, server: IceServer): void {
    this.#gatherer.ask(component, server);
  }

  candidatesOf(stream: string): readonly LocalCandidate[] {
    return this.#gatherer.candidates.filter((one) => this.#gatherer.streamOf(one) === stream);
  }

  /** Of all sessions that are opened from now on. */
  get credentials(): Credentials {
    return this.#credentials;
  }

  /** What is opened next is a restart (RFC 8445 §9). */
  renewCredentials(): void {
    this.#credentials = newCredentials(this.#parts.random);
  }

  sessionOf(stream: string): IceSession | undefined {
    return this.#sessions.get(stream)?.present;
  }

  /** Another session of a stream, with the credentials of now; the one before goes on until it has its pairs. */
  open(stream: string, isControlling: boolean): void {
    const before = this.#sessions.get(stream);
    before?.former?.close();
    const { clock, random, listener } = this.#parts;
    const present: IceSession = new IceSession({
      ...{ clock, random, isControlling },
      local: this.#credentials,
      candidates: this.#gatherer.candidates,
      streamOf: (candidate) => this.#gatherer.streamOf(candidate),
      paceMs: TA_MS * this.#streams,
      maxPairs: Math.floor(MAX_PAIRS / this.#streams),
      listener: {
        onSelected: (pair) => this.#aim(present, pair),
        onCompleted: () => {
          this.#dropFormer(stream);
          listener.onCompleted(stream);
        },
        onFailed: (reason) => {
          this.#dropFormer(stream);
          listener.onFailed(stream, reason);
        },
        onConsentLost: (component) => listener.onConsentLost(component),
      },
    });
    this.#sessions.set(stream, { present, former: before?.present });
  }

  /** The far end has no ICE for it, or none any more. */
  drop(stream: string): void {
    const sessions = this.#sessions.get(stream);
    sessions?.former?.close();
    sessions?.present.close();
    this.#sessions.delete(stream);
  }

  begin(stream: string, remote: RemoteIce, components: readonly Component[]): void {
    this.sessionOf(stream)?.begin(remote, components);
  }

  /** What came to a socket beside media. */
  receive(component: Component, from: SocketAddress, bytes: Uint8Array): void {
    if (this.#gatherer.receive(component, from, bytes)) return;
    const way = this.#gatherer.wayOf(component);
    const message = StunMessage.decode(bytes);
    if (way && message) this.#take(component, way, from, message);
  }

  close(): void {
    for (const { present, former } of this.#sessions.values()) {
      former?.close();
      present.close();
    }
    this.#sessions.clear();
    this.#gatherer.close();
  }

  #take(component: Component, way: Way, from: SocketAddress, message: StunMessage): void {
    const { present, former } = this.#sessions.get(component.stream) ?? {};
    if (present?.receive(component, way, from, message)) return;
    former?.receive(component, way, from, message);
  }

  #dropFormer(stream: string): void {
    const sessions = this.#sessions.get(stream);
    sessions?.former?.close();
    if (sessions) sessions.former = undefined;
  }

  /** Media behind a relay go in a channel, which has to be there first. */
  #aim(session: IceSession, pair: CandidatePair): void {
    const { listener } = this.#parts;
    const { local, remote, component } = pair;
    const isPresent = (): boolean =>
      this.sessionOf(component.stream) === session && session.selected(component) === pair;
    if (local.way.kind === 'direct') {
      listener.onAim(component, { address: remote.address, port: remote.port }, pair);
      return;
    }
    this.#gatherer.channelTo(local.way, remote, ({ address, port }, channel) => {
      if (isPresent()) listener.onAim(component, { address, port, channel }, pair);
    });
  }
}
