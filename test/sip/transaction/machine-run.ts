import type { Timer } from '../../../src/platform';
import {
  createRequest,
  createResponse,
  NameAddr,
  parseSipUri,
  Via,
} from '../../../src/sip/message';
import type {
  ClientEffect,
  ClientInput,
  ClientMachine,
  ServerEffect,
  ServerInput,
  ServerMachine,
} from '../../../src/sip/transaction';
import { VirtualClock } from '../../support/virtual-clock';

const uri = parseSipUri('sip:bob@example.org');
export const REQUEST = createRequest('INVITE', uri, {
  via: new Via('UDP', '10.0.0.1', 5060),
  from: new NameAddr(undefined, uri).withTag('a'),
  to: new NameAddr(undefined, uri),
  callId: 'c',
  cseq: 1,
});

/** Runs one machine on a virtual clock and writes down what it does and when, as `500 resend`. */
class MachineRun<Input, Effect extends ClientEffect | ServerEffect> {
  readonly clock = new VirtualClock();
  log: string[] = [];
  readonly #machine: { readonly state: string; step(input: Input): readonly Effect[] };
  readonly #timers = new Map<string, Timer>();

  constructor(machine: { readonly state: string; step(input: Input): readonly Effect[] }) {
    this.#machine = machine;
  }

  get state(): string {
    return this.#machine.state;
  }

  /** What was done since this was last asked. */
  get done(): string[] {
    return this.log.splice(0);
  }

  step(input: Input): this {
    for (const effect of this.#machine.step(input)) this.#perform(effect);
    return this;
  }

  protected timer(name: string): Input {
    throw new Error(`no input for timer ${name}`);
  }

  #perform(effect: Effect): void {
    if (effect.kind === 'set-timer') {
      this.#timers.get(effect.timer)?.cancel();
      const fire = (): void => {
        this.step(this.timer(effect.timer));
      };
      this.#timers.set(effect.timer, this.clock.setTimer(effect.delayMs, fire));
    } else if (effect.kind === 'clear-timer') {
      this.#timers.get(effect.timer)?.cancel();
    } else {
      this.log.push(`${this.clock.now()} ${wordFor(effect)}`);
    }
  }
}

/** The effect in words. */
export function wordFor(effect: ClientEffect | ServerEffect): string {
  switch (effect.kind) {
    case 'send-ack':
    case 'deliver':
    case 'send-response':
      return `${effect.kind} ${effect.response.status}`;
    case 'fail':
      return `fail ${effect.failure}`;
    default:
      return effect.kind;
  }
}

export class ClientRun extends MachineRun<ClientInput, ClientEffect> {
  constructor(machine: ClientMachine) {
    super(machine);
    this.step({ kind: 'start' });
  }

  receive(...statuses: number[]): this {
    for (const status of statuses) {
      this.step({ kind: 'response', response: createResponse(REQUEST, status) });
    }
    return this;
  }

  loseTransport(): this {
    return this.step({ kind: 'transport-error', detail: 'gone' });
  }

  protected override timer(name: ClientTimer): ClientInput {
    return { kind: 'timer', timer: name };
  }
}

export class ServerRun extends MachineRun<ServerInput, ServerEffect> {
  constructor(machine: ServerMachine) {
    super(machine);
  }

  respond(status: number): this {
    return this.step({ kind: 'respond', response: createResponse(REQUEST, status) });
  }

  repeat(): this {
    return this.step({ kind: 'retransmission' });
  }

  acknowledge(): this {
    return this.step({ kind: 'ack' });
  }

  loseTransport(): this {
    return this.step({ kind: 'transport-error', detail: 'gone' });
  }

  protected override timer(name: ServerTimer): ServerInput {
    return { kind: 'timer', timer: name };
  }
}

type ClientTimer = Extract<ClientInput, { kind: 'timer' }>['timer'];
type ServerTimer = Extract<ServerInput, { kind: 'timer' }>['timer'];
