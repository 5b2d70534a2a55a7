import type { AgentStatus, CallStatus, RegistrationStatus } from '../../agent';
import type { CallNotice } from '../notifications';

/** What of a call its topic tells. */
export function callPayload(call: CallStatus | CallNotice): string {
  const { media: _, ...notice }: CallStatus = call;
  return JSON.stringify(notice);
}

/** Without the time that is left, which would be wrong at once. */
export function registrationPayload(registration: RegistrationStatus): string {
  const { expiresInS: _, ...standing } = registration;
  return JSON.stringify(standing);
}

/** One line of the whole, which Home Assistant and a fleet's list are made of. */
export function statePayload(status: AgentStatus, dropped: number): string {
  const { version, calls, switches, registration, engine, problems } = status;
  const call = foremost(calls);
  return JSON.stringify({
    version,
    call: call?.state ?? 'idle',
    remote: call?.remote ?? '',
    calls: calls.length,
    registration: registration?.state ?? 'none',
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
