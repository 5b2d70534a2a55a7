import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { Clock, Timer } from './clock';

/** What of this machine's network decides how others are reached. */
export interface NetworkState {
  /** Numeric addresses that are not loopback, each with its interface. */
  readonly addresses: readonly string[];
  /** Where what leads, as far as the kernel says. */
  readonly routes: readonly string[];
}

/** An address comes with its routes: what the kernel tells is looked at when all of it may be there, ms. */
const SOON_MS = 200;
/** How often it is looked without being told, ms: on a kernel that is silent, or whose word was lost. */
const LOOK_MS = 30_000;

/**
 * Tells when the network has become another one and can be used: an address has come, changed or gone with another one left,
 * or a route leads elsewhere. That there is none at all is told nobody, as there is nothing that they could do.
 */
export class NetworkWatch {
  readonly #look: () => NetworkState;
  readonly #clock: Clock;
  readonly #onChange: () => void;
  #seen: string;
  #timer: Timer | undefined;
  #isSoon = false;

  constructor(look: () => NetworkState, clock: Clock, onChange: () => void) {
    this.#look = look;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#seen = nameOf(look());
  }

  start(): void {
    this.#lookIn(LOOK_MS);
  }

  /** The kernel says that an address or a route has come or gone. */
  told(): void {
    if (!this.#timer || this.#isSoon) return;
    this.#timer.cancel();
    this.#isSoon = true;
    this.#lookIn(SOON_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #lookIn(delayMs: number): void {
    this.#timer = this.#clock.setTimer(delayMs, () => {
      this.#isSoon = false;
      this.#lookIn(LOOK_MS);
      this.#compare();
    });
  }

  #compare(): void {
    const state = this.#look();
    const now = nameOf(state);
    if (now === this.#seen) return;
    this.#seen = now;
    if (state.addresses.length > 0) this.#onChange();
  }
}

/** @param listensOn of one address alone it matters whether it is there. */
export function systemNetwork(listensOn: string): NetworkState {
  const all = Object.entries(networkInterfaces()).flatMap(([name, list]) =>
    (list ?? []).map(({ address, internal }) => ({ name, address, internal })),
  );
  if (listensOn !== '0.0.0.0' && listensOn !== '::') {
    const own = all.filter(({ address }) => address === listensOn);
    return { addresses: own.map(({ address }) => address), routes: [] };
  }
  return {
    addresses: all
      .filter(({ internal }) => !internal)
      .map(({ name, address }) => `${name} ${address}`),
    routes: [...routesIn('/proc/net/route', [0, 1, 2, 6, 7]), ...defaultRoutesOfIpv6()],
  };
}

/** Interface, destination, gateway, metric and mask of each; what is counted there changes by itself. */
function routesIn(path: string, columns: readonly number[]): string[] {
  return linesOf(path)
    .slice(1)
    .map((fields) => columns.map((column) => fields[column] ?? '').join(' '));
}

/** Gateway, metric and interface. */
function defaultRoutesOfIpv6(): string[] {
  return linesOf('/proc/net/ipv6_route')
    .filter((fields) => /^0+$/.test(fields[0] ?? '') && fields[1] === '00' && fields[9] !== 'lo')
    .map((fields) => [4, 5, 9].map((column) => fields[column] ?? '').join(' '));
}

function linesOf(path: string): string[][] {
  try {
    const lines = readFileSync(path, 'latin1').split('\n');
    return lines.filter((line) => line !== '').map((line) => line.trim().split(/\s+/));
  } catch {
    // A kernel without IPv6, or no Linux: addresses tell enough.
    return [];
  }
}

function nameOf({ addresses, routes }: NetworkState): string {
  return [...[...addresses].sort(), '', ...[...routes].sort()].join('\n');
}
