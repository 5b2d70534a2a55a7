import {
  type Component,
  IceAgent,
  type IceAim,
  type IceServer,
  type RemoteIce,
} from '../../../src/ice';
import { seededRandom } from '../../support/seeded-random';
import type { VirtualClock } from '../../support/virtual-clock';
import type { Nat, SimulatedNetwork } from './network';

export interface EndpointOptions {
  readonly clock: VirtualClock;
  readonly network: SimulatedNetwork;
  readonly address: string;
  readonly nat?: Nat;
  readonly servers?: readonly IceServer[];
  readonly seed: number;
  readonly components?: readonly Component[];
}

export const RTP: Component = { stream: 'audio', id: 1 };
export const RTCP: Component = { stream: 'audio', id: 2 };

/** One end of a call with ICE, on a simulated network. */
export class Endpoint {
  readonly agent: IceAgent;
  readonly components: readonly Component[];
  readonly aims = new Map<string, IceAim>();
  readonly told: string[] = [];
  /** What came to its ports and is neither STUN nor in a channel. */
  readonly heard: string[] = [];
  readonly #options: EndpointOptions;

  constructor(options: EndpointOptions) {
    this.#options = options;
    const { clock, network, address, nat, servers = [], seed, components = [RTP] } = options;
    this.components = components;
    const sockets = components.map((component, index) => {
      const at = { address, port: 4000 + 10 * seed + index };
      return {
        ...at,
        component,
        send: (to: { address: string; port: number }, bytes: Uint8Array) =>
          network.send(at, nat, to, bytes),
      };
    });
    this.agent = new IceAgent({
      clock,
      random: seededRandom(seed),
      sockets,
      listener: {
        onGathered: () => this.told.push('gathered'),
        onServerFailed: ({ name }, reason) => this.told.push(`${name}: ${reason}`),
        onAim: ({ stream, id }, aim) => this.aims.set(`${stream} ${id}`, aim),
        onCompleted: () => this.told.push('completed'),
        onFailed: (_stream, reason) => this.told.push(reason),
        onConsentLost: ({ stream, id }) => this.told.push(`consent lost: ${stream} ${id}`),
      },
    });
    for (const { component, send: _, ...at } of sockets) {
      network.open(at, nat, (from, bytes) => {
        const text = Buffer.from(bytes).toString('latin1');
        if (text.includes('sound')) this.heard.push(text.slice(text.indexOf('sound')));
        else this.agent.receive(component, from, bytes);
      });
      for (const server of servers) this.agent.ask(component, server);
    }
  }

  get description(): RemoteIce {
    const { credentials } = this.agent;
    const streams = [...new Set(this.components.map(({ stream }) => stream))];
    return {
      isLite: false,
      streams: streams.map((stream) => ({
        ...{ stream, ...credentials },
        candidates: this.agent.candidatesOf(stream),
      })),
    };
  }

  /** Media as the native plane sends them. */
  say(words: string, component = RTP): void {
    const aim = this.aims.get(`${component.stream} ${component.id}`);
    if (!aim) return;
    const { network, address, nat, seed } = this.#options;
    const at = { address, port: 4000 + 10 * seed + this.components.indexOf(component) };
    const payload = Buffer.from(words);
    const header = Buffer.alloc(aim.channel === undefined ? 0 : 4);
    if (aim.channel !== undefined) {
      header.writeUInt16BE(aim.channel, 0);
      header.writeUInt16BE(payload.length, 2);
    }
    network.send(at, nat, aim, Buffer.concat([header, payload]));
  }

  open(isControlling: boolean): void {
    this.agent.open('audio', isControlling);
  }

  begin(remote: RemoteIce): void {
    this.agent.begin('audio', remote, this.components);
  }

  get kinds(): string[] {
    return this.components.map((component) => {
      const pair = this.agent.sessionOf(component.stream)?.selected(component);
      return pair ? `${pair.local.kind} ${pair.remote.kind}` : 'none';
    });
  }
}

/** Both have gathered and know of each other. */
export function meet(clock: VirtualClock, offerer: Endpoint, answerer: Endpoint): void {
  for (const end of [offerer, answerer]) {
    for (let waits = 0; end.agent.isGathering && waits < 20; waits++) clock.advance(250);
  }
  offerer.open(true);
  answerer.open(false);
  answerer.begin(offerer.description);
  clock.advance(30);
  offerer.begin(answerer.description);
}
