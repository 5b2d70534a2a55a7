import type { AgentStatus, CallStatus, RegistrationStatus } from '../../agent';
import type { Control } from '../control';
import type { JournalEntry } from '../journal';
import type { CallNotice } from '../notifications';
import { discoveryPayload } from './home-assistant';
import type { Retained } from './retained';
import type { MqttSettings } from './settings';
import type { Topics } from './topics';

/** Keeps what stands at the broker true: state, registration, calls, their quality, the last picture. */
export class Standing {
  readonly #control: Control;
  readonly #settings: MqttSettings;
  readonly #topics: Topics;
  readonly #retained: Retained;

  constructor(control: Control, settings: MqttSettings, topics: Topics, retained: Retained) {
    this.#control = control;
    this.#settings = settings;
    this.#topics = topics;
    this.#retained = retained;
    retained.set(topics.availability, 'online');
    for (const call of control.agent.status().calls) {
      retained.set(topics.call(call.call), callPayload(call));
    }
  }

  /** What a notification says of a call. */
  follow({ type, param }: JournalEntry): void {
    const number = numberOfCall(param);
    if (number === undefined || param === undefined) return;
    const [call, quality] = [this.#topics.call(number), this.#topics.quality(number)];
    if (type === 'call') {
      if ('ended' in param) {
        this.#retained.remove(call);
        this.#retained.remove(quality);
      } else {
        this.#retained.set(call, JSON.stringify(param));
      }
    } else if (type === 'quality' && this.#retained.has(call)) {
      this.#retained.set(quality, JSON.stringify(param));
    }
  }

  /** The whole of it, as it is now. */
  renew(dropped: number): void {
    const status = this.#control.agent.status();
    this.#retained.set(this.#topics.state, statePayload(status, dropped));
    const registrations = new Map(
      registrationsOf(status).map((one) => [this.#topics.registration(one.uri), one]),
    );
    for (const topic of this.#retained.below(this.#topics.registration(''))) {
      if (!registrations.has(topic)) this.#retained.remove(topic);
    }
    for (const [topic, registration] of registrations) {
      this.#retained.set(topic, registrationPayload(registration));
    }
    if (this.#settings.homeAssistant) this.#discover(status);
  }

  /** Whoever sees it there need not have been let in by us: none is given where the broker lets in anybody. */
  async takePicture(): Promise<void> {
    if (!this.#settings.servesCommands) return;
    const { jpeg } = await this.#control.agent.still();
    this.#retained.set(this.#topics.picture, Buffer.from(jpeg));
  }

  #discover(status: AgentStatus): void {
    const { version, engine } = status;
    const { device, directory, servesCommands } = this.#settings;
    const hasPicture = servesCommands && (engine?.camera.state ?? 'none') !== 'none';
    const known = {
      ...{ device, version, registered: registrationsOf(status), hasPicture },
      takesStills: hasPicture && directory !== undefined,
    };
    this.#retained.set(this.#topics.discovery, discoveryPayload(known, this.#topics));
  }
}

function registrationsOf({ accounts }: AgentStatus): RegistrationStatus[] {
  return accounts.flatMap(({ registration }) => registration ?? []);
}

/** What of a call its topic tells. */
function callPayload({ media: _, ...notice }: CallStatus): string {
  return JSON.stringify(notice satisfies CallNotice);
}

/** Without the time that is left, which would be wrong at once. */
function registrationPayload({ expiresInS: _, ...standing }: RegistrationStatus): string {
  return JSON.stringify(standing);
}

/** One line of the whole, which Home Assistant and a fleet's list are made of. */
function statePayload(status: AgentStatus, dropped: number): string {
  const { version, calls, switches, accounts, registration, engine, problems } = status;
  const call = foremost(calls);
  return JSON.stringify({
    version,
    call: call?.state ?? 'idle',
    remote: call?.remote ?? '',
    calls: calls.length,
    registration: registration?.state ?? 'none',
    accounts: Object.fromEntries(
      accounts.map((one) => [one.account, one.registration?.state ?? 'none']),
    ),
    ...switches,
    camera: engine?.camera.state ?? 'none',
    problems,
    droppedEvents: dropped,
  });
}

const RANK: readonly CallStatus['state'][] = [
  ...(['active', 'incoming', 'ringing', 'dialing', 'held', 'ended'] as const),
];

/** The call that a person would speak of. */
function foremost(calls: readonly CallStatus[]): CallStatus | undefined {
  const rank = ({ state }: CallStatus): number => RANK.indexOf(state);
  return [...calls].sort((one, other) => rank(one) - rank(other))[0];
}

function numberOfCall(param: object | undefined): number | undefined {
  if (!param || !('call' in param)) return undefined;
  return typeof param.call === 'number' ? param.call : undefined;
}
