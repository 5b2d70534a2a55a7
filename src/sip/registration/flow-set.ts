import { Emitter, type Logger } from '../../platform';
import type { SocketAddress } from '../transport';
import type { Registration, RegistrationEvents, RegistrationState } from './registration';
import type { RegistrationClient } from './registration-client';

/**
 * An account's registration over all of its flows, RFC 5626 §4.2: the first one alone at first, the next once that is
 * known to be one of several, or has failed. A registrar that knows no flows would take two for two telephones.
 */
export class FlowSet implements Registration {
  readonly events: Emitter<RegistrationEvents>;
  readonly flows: readonly [RegistrationClient, ...RegistrationClient[]];
  #started = 0;

  constructor(flows: readonly [RegistrationClient, ...RegistrationClient[]], log: Logger) {
    this.flows = flows;
    this.events = new Emitter((error) => log.error('listener failed', { error: String(error) }));
    for (const [place, flow] of flows.entries()) {
      flow.events.on('state', (state) => {
        this.events.emit('state', this.state, this.detail);
        const isAlone = state === 'registered' && !flow.grant?.isOutbound;
        if (state !== 'trying' && !isAlone) this.#startUpTo(place + 2);
      });
    }
  }

  get state(): RegistrationState {
    return this.#first.state;
  }

  get detail(): string {
    return this.#first.detail;
  }

  get expiresIn(): number {
    return this.#first.expiresIn;
  }

  get boundTo(): readonly SocketAddress[] {
    return this.flows.flatMap(({ grant }) => grant?.remote ?? []);
  }

  start(): void {
    this.#startUpTo(1);
  }

  refresh(): void {
    for (const flow of this.flows.slice(0, this.#started)) flow.refresh();
  }

  async unregister(): Promise<void> {
    this.#started = this.flows.length;
    await Promise.all(this.flows.map((flow) => flow.unregister()));
  }

  get #first(): RegistrationClient {
    return this.flows.find(({ isUp }) => isUp) ?? this.flows[0];
  }

  #startUpTo(count: number): void {
    while (this.#started < Math.min(count, this.flows.length)) this.flows[this.#started++]?.start();
  }
}
