import { silentLogger } from '../../../src/platform';
import { parseAccount } from '../../../src/sip/account';
import { Admission } from '../../../src/sip/admission';
import { DigestClient } from '../../../src/sip/auth';
import { createResponse, parseMessage } from '../../../src/sip/message';
import { RegistrationClient } from '../../../src/sip/registration';
import { contactOn, RequestSender } from '../../../src/sip/request';
import { Resolver } from '../../../src/sip/resolve';
import {
  RFC3261_TIMERS,
  StateBudget,
  ToTags,
  TransactionLayer,
} from '../../../src/sip/transaction';
import {
  type Flow,
  type SocketAddress,
  type Transport,
  TransportException,
  Transports,
} from '../../../src/sip/transport';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';
import { UNLIMITED } from '../support/world';

const LATENCY_MS = 20;
const HERE = { address: '10.0.0.1', port: 5060 };

/** A registrar and all the ways to it: each camera has an address of its own for it, and so a connection. */
class Registrar implements Transport {
  readonly protocol = 'TCP';
  readonly port = HERE.port;
  readonly counters = { received: 0, sent: 0, sendErrors: 0, refused: 0 };
  /** When it heard a REGISTER, ms. */
  readonly heard: number[] = [];
  readonly #clock: VirtualClock;
  readonly #answer: (bytes: Uint8Array) => void;
  readonly #connections = new Map<string, Set<(error: TransportException) => void>>();

  constructor(clock: VirtualClock, answer: (bytes: Uint8Array) => void) {
    this.#clock = clock;
    this.#answer = answer;
  }

  listen(): void {
    // Answers go to the transactions as they are.
  }

  flowTo(remote: SocketAddress): Flow {
    const { protocol } = this;
    const connection = () => this.#connections.get(remote.address);
    return {
      protocol,
      remote,
      reliable: true,
      local: HERE,
      get isOpen() {
        return connection() !== undefined;
      },
      send: (bytes) => this.#send(remote, bytes),
      onClosed: (listener) => {
        const listeners = connection();
        listeners?.add(listener);
        return () => listeners?.delete(listener);
      },
      probe: () => () => undefined,
      abandon: () => undefined,
      keepAlive: () => undefined,
    };
  }

  /** Its connections end, and it is there again. */
  restart(): void {
    const all = [...this.#connections.values()];
    this.#connections.clear();
    const error = new TransportException('closed', 'closed by the other end');
    for (const listeners of all) for (const listener of [...listeners]) listener(error);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #send(remote: SocketAddress, bytes: Uint8Array): void {
    if (!this.#connections.has(remote.address)) this.#connections.set(remote.address, new Set());
    this.heard.push(this.#clock.now());
    this.#clock.setTimer(LATENCY_MS, () => this.#answer(bytes));
  }
}

/** Cameras on a virtual clock, each with a registration as it is in a user agent; all else of one is left out. */
export class Fleet {
  readonly clock = new VirtualClock();
  readonly registrar: Registrar;
  readonly registrations: RegistrationClient[] = [];

  constructor(size: number, seed: number) {
    const { clock } = this;
    const random = seededRandom(seed);
    const admission = new Admission(clock, UNLIMITED);
    const user = {
      onRequest: () => undefined,
      onAck: () => undefined,
      onStrayResponse: () => undefined,
    };
    const layer = new TransactionLayer({
      ...{ clock, admission, user, timers: RFC3261_TIMERS },
      budget: new StateBudget(Number.MAX_SAFE_INTEGER),
      tags: new ToTags(random),
    });
    this.registrar = new Registrar(clock, (bytes) => {
      const request = parseMessage(bytes);
      if (request.kind !== 'request') throw new Error('expected a REGISTER');
      const headers = [['Expires', request.get('Expires') ?? '']] as const;
      layer.receiveResponse(createResponse(request, 200, { toTag: 'r', headers }));
    });
    const transports = new Transports([this.registrar]);
    const resolver = new Resolver({
      lookup: () => Promise.reject(new Error('no names here')),
      services: () => Promise.reject(new Error('no names here')),
      pointers: () => Promise.reject(new Error('no names here')),
      ...{ families: [4], protocols: ['TCP'], clock, random },
    });
    const log = silentLogger;
    const environment = { clock, random, log, timers: RFC3261_TIMERS, resolver, transports, layer };
    const sender = new RequestSender(environment);
    for (let n = 0; n < size; n++) {
      const registrar = `sip:10.1.${n >> 8}.${n & 255};transport=tcp`;
      const account = parseAccount({ uri: `sip:car${n}@example.org`, registrar });
      if (!account.registrar) throw new Error('expected a registrar');
      this.registrations.push(
        new RegistrationClient({
          ...{ clock, random, log, sender, product: 'car/1', routes: [], expires: 300 },
          digest: new DigestClient(undefined, random),
          aor: account.aor,
          registrar: account.registrar,
          nextHop: account.registrar,
          contactOn: (flow) => contactOn(flow, `car${n}`),
          ...{ edge: undefined, instance: undefined, regId: 1, othersLive: () => false },
          onUnregistered: () => undefined,
        }),
      );
    }
  }

  get registered(): number {
    return this.registrations.filter(({ state }) => state === 'registered').length;
  }

  /** All register, at even distances, so that their refreshes are spread as those of a fleet are. */
  start(overMs: number): void {
    for (const [n, registration] of this.registrations.entries()) {
      this.clock.setTimer((n * overMs) / this.registrations.length, () => registration.start());
    }
    this.clock.advance(overMs + 100);
  }
}

/** The greatest number of REGISTERs within any `windowMs` from `sinceMs` on. */
export function peakOf(all: readonly number[], sinceMs: number, windowMs: number): number {
  const heard = all.filter((at) => at >= sinceMs);
  let first = 0;
  let most = 0;
  for (const [place, at] of heard.entries()) {
    while (at - (heard[first] ?? at) >= windowMs) first++;
    most = Math.max(most, place - first + 1);
  }
  return most;
}
