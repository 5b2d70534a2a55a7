import type { Clock, Random } from '../platform';
import type { Component, LocalCandidate, Way } from './candidate';
import { type Credentials, newCredentials } from './credentials';
import { Gatherer, type IceServer, type IceSocket } from './gatherer';
import { IceSession, type RemoteIce } from './ice-session';
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
  /** Every component has its pair. */
  onCompleted(): void;
  onFailed(reason: string): void;
  onConsentLost(component: Component): void;
}

export interface IceAgentParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly sockets: readonly IceSocket[];
  readonly listener: IceAgentListener;
}

/** ICE of one call at one address of this machine: its candidates, and a session for each set of credentials. */
export class IceAgent {
  readonly #parts: IceAgentParts;
  readonly #gatherer: Gatherer;
  #session: IceSession | undefined;
  /** Until the present one has found its pairs checks and consent go on by it. */
  #former: IceSession | undefined;

  constructor(parts: IceAgentParts) {
    const { clock, random, sockets, listener } = parts;
    this.#parts = parts;
    this.#gatherer = new Gatherer(clock, random, sockets, {
      onGathered: () => listener.onGathered(),
      onServerFailed: (server, reason) => listener.onServerFailed(server, reason),
      onRelayed: (component, way, from, message) => this.#take(component, way, from, message),
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

  /** Of the present session; undefined before `renew`. */
  get credentials(): Credentials | undefined {
    return this.#session?.local;
  }

  get session(): IceSession | undefined {
    return this.#session;
  }

  /** Another session, with credentials of its own: for the first description, and for a restart (RFC 8445 §9). */
  renew(isControlling: boolean): void {
    this.#former?.close();
    this.#former = this.#session;
    const { clock, random, listener } = this.#parts;
    const session: IceSession = new IceSession({
      ...{ clock, random, isControlling },
      local: newCredentials(random),
      candidates: this.#gatherer.candidates,
      streamOf: (candidate) => this.#gatherer.streamOf(candidate),
      listener: {
        onSelected: (pair) => this.#aim(session, pair),
        onCompleted: () => {
          this.#dropFormer();
          listener.onCompleted();
        },
        onFailed: (reason) => {
          this.#dropFormer();
          listener.onFailed(reason);
        },
        onConsentLost: (component) => listener.onConsentLost(component),
      },
    });
    this.#session = session;
  }

  begin(remote: RemoteIce, components: readonly Component[]): void {
    this.#session?.begin(remote, components);
  }

  /** What came to a socket beside media. */
  receive(component: Component, from: SocketAddress, bytes: Uint8Array): void {
    if (this.#gatherer.receive(component, from, bytes)) return;
    const way = this.#gatherer.wayOf(component);
    const message = StunMessage.decode(bytes);
    if (way && message) this.#take(component, way, from, message);
  }

  close(): void {
    this.#former?.close();
    this.#session?.close();
    this.#gatherer.close();
  }

  #take(component: Component, way: Way, from: SocketAddress, message: StunMessage): void {
    if (this.#session?.receive(component, way, from, message)) return;
    this.#former?.receive(component, way, from, message);
  }

  #dropFormer(): void {
    this.#former?.close();
    this.#former = undefined;
  }

  /** Media behind a relay go in a channel, which has to be there first. */
  #aim(session: IceSession, pair: CandidatePair): void {
    const { listener } = this.#parts;
    const { local, remote, component } = pair;
    const isPresent = (): boolean =>
      this.#session === session && session.selected(component) === pair;
    if (local.way.kind === 'direct') {
      listener.onAim(component, { address: remote.address, port: remote.port }, pair);
      return;
    }
    this.#gatherer.channelTo(local.way, remote, ({ address, port }, channel) => {
      if (isPresent()) listener.onAim(component, { address, port, channel }, pair);
    });
  }
}
