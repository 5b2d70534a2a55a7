import { TransportException, UriException } from '../sip';

export type AgentRefusal =
  /** There is no such call, or none in a state that the operation needs. */
  | 'wrong-state'
  /** All lines are taken, or a call is up that has to be held or ended first. */
  | 'busy'
  /** The target is no SIP URI. */
  | 'bad-target'
  /** There is no account of that name. */
  | 'no-account'
  /** The agent is starting or stopping, or its SIP port is not open yet. */
  | 'not-ready'
  /** No way there from this machine, no port left for its media, no picture of the camera, or no file to write. */
  | 'no-resource'
  /** The far end refused a hold, a resume or a transfer. */
  | 'refused-by-peer';

/** An operation that cannot be done now; the message says why and what to do. */
export class AgentException extends Error {
  override readonly name = 'AgentException';
  constructor(
    readonly refusal: AgentRefusal,
    message: string,
  ) {
    super(message);
  }
}

export function notReady(reason: string): AgentException {
  return new AgentException('not-ready', `not ready: ${reason}`);
}

/** Errors of the lower rooms in the agent's words; bugs stay what they are. */
export function asRefusal(error: unknown): unknown {
  if (error instanceof UriException) return new AgentException('bad-target', error.message);
  if (error instanceof TransportException) {
    return new AgentException('no-resource', error.message);
  }
  return error;
}
