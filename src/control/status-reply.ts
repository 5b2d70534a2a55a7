import type { AgentStatus } from '../agent';
import type { CommandCounters } from './command';

/** What VOIP_STATUS replies: the agent's status, and what came to the command port. */
export type StatusReply = AgentStatus & { readonly commands: CommandCounters };

/** Whether a reply to VOIP_STATUS has the shape we show. */
export function isStatusReply(value: unknown): value is StatusReply {
  const has = (name: string, isRight: (member: unknown) => boolean): boolean =>
    typeof value === 'object' && value !== null && isRight(Reflect.get(value, name));
  const isObject = (member: unknown): boolean => typeof member === 'object' && member !== null;
  return (
    has('version', (version) => typeof version === 'string') &&
    ['sip', 'commands'].every((name) => has(name, isObject)) &&
    ['calls', 'recent', 'warnings', 'problems'].every((name) => has(name, Array.isArray))
  );
}
