import { randomFraction, type Timer } from '../../../src/platform';
import {
  type RegistrationInput,
  RegistrationMachine,
} from '../../../src/sip/registration/registration-machine';
import { seededRandom } from '../../support/seeded-random';
import { VirtualClock } from '../../support/virtual-clock';

/** RFC 3261 §17.1.2.2: when the datagrams of a request leave that is not answered, ms; a connection repeats nothing. */
const LEAVES_MS = {
  UDP: [0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500],
  TCP: [0],
};
/** How long its answer is awaited, ms. */
const PATIENCE_MS = { UDP: 32_000, TCP: 0 };

const GRANTED: RegistrationInput = { kind: 'granted', seconds: 300, isSure: true, detail: '' };
const REFUSED: RegistrationInput = {
  ...{ kind: 'refused', detail: '', hopeless: false, isUnsent: false, retryAfterS: undefined },
};

/** What a fleet decides, without what carries it: so cheap that any absence of its registrar can be tried. */
export class FleetOfMachines {
  readonly clock = new VirtualClock();
  /** When the registrar heard a REGISTER, ms. */
  readonly heard: number[] = [];
  readonly registered = new Set<RegistrationMachine>();
  readonly #protocol: 'UDP' | 'TCP';
  readonly #machines: RegistrationMachine[] = [];
  readonly #timers = new Map<RegistrationMachine, Timer>();
  #isUp = true;

  /** All register, at even distances. */
  constructor(size: number, protocol: 'UDP' | 'TCP', overMs: number, seed = 1) {
    this.#protocol = protocol;
    const random = seededRandom(seed);
    for (let n = 0; n < size; n++) {
      const machine = new RegistrationMachine(
        300,
        () => randomFraction(random),
        () => false,
      );
      this.#machines.push(machine);
      this.clock.setTimer((n * overMs) / size, () => this.#step(machine, { kind: 'start' }));
    }
    this.clock.advance(overMs + 100);
  }

  /** The registrar is away for so long; over connections, half of which have stood for two minutes. */
  restart(awayMs: number): void {
    this.#isUp = false;
    for (const [n, machine] of this.#protocol === 'TCP' ? this.#machines.entries() : []) {
      const wasStable = n < this.#machines.length / 2;
      this.#step(machine, { kind: 'closed', wasStable, detail: '' });
    }
    this.clock.advance(awayMs);
    this.#isUp = true;
  }

  #step(machine: RegistrationMachine, input: RegistrationInput): void {
    for (const effect of machine.step(input)) {
      if (effect.kind === 'send') this.#send(machine, effect.repeatsForMs);
      else if (effect.kind === 'set-timer') {
        this.#timers.get(machine)?.cancel();
        const fire = (): void => this.#step(machine, { kind: 'timer' });
        this.#timers.set(machine, this.clock.setTimer(effect.delayMs, fire));
      } else if (effect.kind === 'report') {
        if (effect.state === 'registered') this.registered.add(machine);
        else this.registered.delete(machine);
      }
    }
  }

  #send(machine: RegistrationMachine, repeatsForMs = Number.POSITIVE_INFINITY): void {
    const timers: Timer[] = [];
    const settle = (input: RegistrationInput): void => {
      for (const timer of timers) timer.cancel();
      this.#step(machine, input);
    };
    for (const ms of LEAVES_MS[this.#protocol]) {
      if (ms > repeatsForMs) break;
      const arrive = (): void => {
        if (!this.#isUp) return;
        this.heard.push(this.clock.now());
        settle(GRANTED);
      };
      timers.push(this.clock.setTimer(ms, arrive));
    }
    timers.push(this.clock.setTimer(PATIENCE_MS[this.#protocol], () => settle(REFUSED)));
  }
}
