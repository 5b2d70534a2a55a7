import type { SocketAddress } from '../../../src/ice';
import type { Random } from '../../../src/platform';
import { randomFraction } from '../../../src/platform';
import type { VirtualClock } from '../../support/virtual-clock';

/** RFC 4787 §4 and §5, by their old names. */
export type NatKind = 'full-cone' | 'port-restricted' | 'symmetric';

export type Receive = (from: SocketAddress, bytes: Uint8Array) => void;

interface Mapping {
  readonly inside: SocketAddress;
  readonly outside: SocketAddress;
  /** Of a symmetric one: the only far end that it is for. */
  readonly only: string | undefined;
  /** Whom it has been used for. */
  readonly peers: Set<string>;
}

const keyOf = ({ address, port }: SocketAddress): string => `${address} ${port}`;

/** A NAT as a model: one address outside, and no way from one machine behind it to another through it. */
export class Nat {
  readonly kind: NatKind;
  readonly outside: string;
  readonly #mappings: Mapping[] = [];
  #nextPort = 20_000;

  constructor(kind: NatKind, outside: string) {
    this.kind = kind;
    this.outside = outside;
  }

  out(from: SocketAddress, to: SocketAddress): SocketAddress {
    const only = this.kind === 'symmetric' ? keyOf(to) : undefined;
    let mapping = this.#mappings.find(
      (one) => keyOf(one.inside) === keyOf(from) && one.only === only,
    );
    if (!mapping) {
      this.#nextPort += 7;
      const outside = { address: this.outside, port: this.#nextPort };
      mapping = { inside: from, outside, only, peers: new Set() };
      this.#mappings.push(mapping);
    }
    mapping.peers.add(keyOf(to));
    return mapping.outside;
  }

  in(from: SocketAddress, to: SocketAddress): SocketAddress | undefined {
    const mapping = this.#mappings.find((one) => keyOf(one.outside) === keyOf(to));
    const isLetIn = this.kind === 'full-cone' || mapping?.peers.has(keyOf(from));
    return isLetIn ? mapping?.inside : undefined;
  }
}

interface Host {
  readonly address: string;
  readonly nat: Nat | undefined;
  readonly ports: Map<number, Receive>;
}

export interface NetworkOptions {
  readonly delayMs?: number;
  /** Of packets, 0..1. */
  readonly loss?: number;
  readonly random: Random;
}

/** Machines, some of them behind NATs, on a virtual clock. */
export class SimulatedNetwork {
  readonly #clock: VirtualClock;
  readonly #options: NetworkOptions;
  readonly #hosts: Host[] = [];
  readonly #nats: Nat[] = [];
  /** What nothing gets through to, by address. */
  readonly blocked = new Set<string>();
  sent = 0;

  constructor(clock: VirtualClock, options: NetworkOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  nat(kind: NatKind, outside: string): Nat {
    const nat = new Nat(kind, outside);
    this.#nats.push(nat);
    return nat;
  }

  open(at: SocketAddress, nat: Nat | undefined, receive: Receive): void {
    let host = this.#hosts.find((one) => one.address === at.address && one.nat === nat);
    if (!host) {
      host = { address: at.address, nat, ports: new Map() };
      this.#hosts.push(host);
    }
    host.ports.set(at.port, receive);
  }

  send(from: SocketAddress, nat: Nat | undefined, to: SocketAddress, bytes: Uint8Array): void {
    this.sent += 1;
    const { delayMs = 20, loss = 0, random } = this.#options;
    if (this.blocked.has(to.address) || randomFraction(random) < loss) return;
    const near = nat && this.#hosts.find((one) => one.nat === nat && one.address === to.address);
    const source = near || !nat ? from : nat.out(from, to);
    const copy = Uint8Array.from(bytes);
    this.#clock.setTimer(delayMs, () => {
      if (near) near.ports.get(to.port)?.(source, copy);
      else this.#arrive(source, to, copy);
    });
  }

  #arrive(from: SocketAddress, to: SocketAddress, bytes: Uint8Array): void {
    const nat = this.#nats.find(({ outside }) => outside === to.address);
    const inside = nat ? nat.in(from, to) : to;
    const host = this.#hosts.find((one) => one.nat === nat && one.address === inside?.address);
    host?.ports.get(inside?.port ?? 0)?.(from, bytes);
  }
}
