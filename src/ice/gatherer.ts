import type { Clock, Random, Timer } from '../platform';
import {
  type CandidateKind,
  type Component,
  isSameComponent,
  type LocalCandidate,
  priorityOf,
  type Way,
} from './candidate';
import {
  familyOf,
  isSameAddress,
  METHOD,
  type SocketAddress,
  StunMessage,
  TransactionTable,
} from './stun';
import { TurnAllocation, type TurnUser } from './turn';

/** One socket of a call's media. */
export interface IceSocket extends SocketAddress {
  readonly component: Component;
  send(to: SocketAddress, bytes: Uint8Array): void;
}

/** Who says how we are seen from outside, and with `user` gives an address of his own. */
export interface IceServer {
  /** Where packets to it go. */
  readonly at: SocketAddress;
  /** For words, as `turn.example.org`. */
  readonly name: string;
  readonly user?: TurnUser;
  /** Of candidates that it gives, 0..65535. */
  readonly preference: number;
}

export interface GathererListener {
  /** Nothing is asked any more. */
  onGathered(): void;
  onServerFailed(server: IceServer, reason: string): void;
  /** Something has come through a relay. */
  onRelayed(component: Component, way: Way, from: SocketAddress, message: StunMessage): void;
  /** Media have, which nobody has asked to come that way. */
  onStray(component: Component, way: Way, from: SocketAddress): void;
}

/** RFC 8445 §14.2 paces these, too; with 50 ms a call with a picture would wait for nothing else, ms. */
const PACE_MS = 10;
const RTO_MS = 250;
const SENDS = 3;
const HOST_PREFERENCE = 65_535;
/** Of all sockets and servers together. */
const MAX_ASKED = 32;

interface Relay {
  readonly socket: IceSocket;
  readonly server: IceServer;
  readonly allocation: TurnAllocation;
  readonly way: Way;
}

/** Finds the candidates of one call's sockets: their own, as a server sees them, and at relays (RFC 8445 §5.1.1). */
export class Gatherer {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #listener: GathererListener;
  readonly #sockets: readonly IceSocket[];
  readonly #ways = new Map<IceSocket, Way>();
  readonly #candidates: LocalCandidate[] = [];
  readonly #streams = new Map<LocalCandidate, string>();
  readonly #relays: Relay[] = [];
  readonly #table: TransactionTable<SocketAddress>;
  readonly #foundations = new Map<string, string>();
  readonly #queue: (() => void)[] = [];
  #pace: Timer | undefined;
  #asked = 0;
  #pending = 0;

  constructor(
    clock: Clock,
    random: Random,
    sockets: readonly IceSocket[],
    listener: GathererListener,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#listener = listener;
    this.#sockets = sockets;
    this.#table = new TransactionTable(clock, random);
    for (const socket of sockets) {
      const way: Way = {
        kind: 'direct',
        send: (to, bytes) => socket.send(to, bytes),
        expect: () => undefined,
      };
      this.#ways.set(socket, way);
      this.#add(socket, way, 'host', socket, HOST_PREFERENCE, '');
    }
  }

  get candidates(): readonly LocalCandidate[] {
    return this.#candidates;
  }

  get isGathering(): boolean {
    return this.#pending > 0;
  }

  streamOf(candidate: LocalCandidate): string {
    return this.#streams.get(candidate) ?? '';
  }

  /** Asks a server for the sake of one socket. */
  ask(component: Component, server: IceServer): void {
    const socket = this.#socketOf(component);
    if (!socket || this.#asked >= MAX_ASKED) return;
    this.#asked += 1;
    this.#pending += 1;
    this.#queue.push(() => {
      if (server.user) this.#allocate(socket, server, server.user);
      else this.#bind(socket, server);
    });
    this.#proceed();
  }

  /** What came to a socket; true where it was of a server. */
  receive(component: Component, from: SocketAddress, bytes: Uint8Array): boolean {
    const message = StunMessage.decode(bytes);
    const isAnswer = message?.kind === 'success' || message?.kind === 'error';
    if (message && isAnswer && this.#table.answer(message, from)) return true;
    const relay = this.#relays.find(
      ({ socket, server }) =>
        isSameComponent(socket.component, component) && isSameAddress(server.at, from),
    );
    relay?.allocation.receive(bytes);
    return relay !== undefined;
  }

  wayOf(component: Component): Way | undefined {
    const socket = this.#socketOf(component);
    return socket && this.#ways.get(socket);
  }

  /** Where packets of a relayed way go, and in which channel; told when that is there. */
  channelTo(
    way: Way,
    peer: SocketAddress,
    bound: (to: SocketAddress, channel: number) => void,
  ): void {
    const relay = this.#relays.find((one) => one.way === way);
    relay?.allocation.bindChannel(peer, (channel) => bound(relay.server.at, channel));
  }

  close(): void {
    this.#pace?.cancel();
    this.#queue.length = 0;
    this.#table.stop();
    for (const { allocation } of this.#relays) allocation.close();
  }

  #socketOf(component: Component): IceSocket | undefined {
    return this.#sockets.find((one) => isSameComponent(one.component, component));
  }

  #proceed(): void {
    if (this.#pace) return;
    const next = this.#queue.shift();
    if (!next) return;
    next();
    this.#pace = this.#clock.setTimer(PACE_MS, () => {
      this.#pace = undefined;
      this.#proceed();
    });
  }

  #bind(socket: IceSocket, server: IceServer): void {
    this.#table.request({
      method: METHOD.binding,
      attributes: () => [],
      ...{ rtoMs: RTO_MS, sends: SENDS },
      send: (bytes) => socket.send(server.at, bytes),
      done: (answer) => {
        if (answer === 'timeout') this.#listener.onServerFailed(server, 'no answer');
        else if (answer.kind === 'error')
          this.#listener.onServerFailed(server, answer.errorInWords);
        else this.#addMapped(socket, server, answer.mappedAddress);
        this.#settle();
      },
    });
  }

  #allocate(socket: IceSocket, server: IceServer, user: TurnUser): void {
    let isSettled = false;
    const settle = (): void => {
      if (!isSettled) this.#settle();
      isSettled = true;
    };
    const allocation = new TurnAllocation({
      clock: this.#clock,
      random: this.#random,
      user,
      family: familyOf(socket.address),
      send: (bytes) => socket.send(server.at, bytes),
      listener: {
        onAllocated: (relayed, mapped) => {
          this.#addMapped(socket, server, mapped);
          const { preference, name } = server;
          this.#add(socket, way, 'relay', relayed, preference, name, mapped ?? socket);
          settle();
        },
        onFailed: (reason) => {
          this.#listener.onServerFailed(server, reason);
          settle();
        },
        onData: (from, bytes) => {
          const message = StunMessage.decode(bytes);
          if (message) this.#listener.onRelayed(socket.component, way, from, message);
          else this.#listener.onStray(socket.component, way, from);
        },
      },
    });
    const way: Way = {
      kind: 'relayed',
      send: (to, bytes) => allocation.sendTo(to, bytes),
      expect: (from) => allocation.permit(from),
    };
    this.#relays.push({ socket, server, allocation, way });
    allocation.allocate();
  }

  #settle(): void {
    this.#pending -= 1;
    if (this.#pending === 0) this.#listener.onGathered();
  }

  /** A relay that is reached by a stream sees the stream, which leads nowhere. */
  #addMapped(socket: IceSocket, server: IceServer, mapped: SocketAddress | undefined): void {
    const way = this.#ways.get(socket);
    if (!mapped || !way || server.at.address === socket.address) return;
    this.#add(socket, way, 'srflx', mapped, HOST_PREFERENCE, server.name, socket);
  }

  #add(
    socket: IceSocket,
    way: Way,
    kind: CandidateKind,
    { address, port }: SocketAddress,
    localPreference: number,
    server: string,
    related?: SocketAddress,
  ): void {
    const { component } = socket;
    // RFC 8445 §5.1.3: without a NAT in between a server sees what is there already.
    const isThere = this.#candidates.some(
      (one) => one.way === way && one.address === address && one.port === port,
    );
    if (isThere) return;
    const candidate: LocalCandidate = {
      ...{ address, port, kind, way, localPreference },
      component: component.id,
      priority: priorityOf(kind, localPreference, component.id),
      foundation: this.#foundationOf(`${kind} ${socket.address} ${server}`),
      ...(related ? { related: { address: related.address, port: related.port } } : {}),
    };
    this.#candidates.push(candidate);
    this.#streams.set(candidate, component.stream);
  }

  /** RFC 8445 §5.1.1.3: of a kind, from one address, by one server. */
  #foundationOf(fate: string): string {
    const known = this.#foundations.get(fate) ?? String(this.#foundations.size + 1);
    this.#foundations.set(fate, known);
    return known;
  }
}
