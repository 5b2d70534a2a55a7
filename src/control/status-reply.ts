import * as v from 'valibot';
import type { AgentStatus } from '../agent';
import { madeOfType } from '../schema';
import type { SurfaceStatuses } from './surface-status';

/** What came to the command port. */
export interface CommandCounters {
  readonly received: number;
  readonly answered: number;
  /** Was no command of a session: noise, a wrong token, an unknown id. */
  readonly complaints: number;
  /** Complaints not sent because there were too many in their second. */
  readonly suppressed: number;
  /** Empty, or itself a reply or a notification: never answered, so that no two servers talk. */
  readonly ignored: number;
  /** Thrown away unread: their socket sent too many in its second. */
  readonly limited: number;
  /** The same request again, answered without being carried out again. */
  readonly repeated: number;
}

/** Nothing came yet. */
export const NO_COMMANDS: CommandCounters = {
  received: 0,
  answered: 0,
  complaints: 0,
  suppressed: 0,
  ignored: 0,
  limited: 0,
  repeated: 0,
};

/** What the command `status` replies: the agent's status, what came to the command port, and the further ways in. */
export type StatusReply = AgentStatus &
  SurfaceStatuses & {
    readonly commands: CommandCounters;
  };

/** Believed by what it must have to be shown; its interface says the rest. */
export const statusReplySchema = madeOfType(v.custom<StatusReply>(isStatusReply), 'StatusReply');

function isStatusReply(value: unknown): boolean {
  const has = (name: string, isRight: (member: unknown) => boolean): boolean =>
    typeof value === 'object' && value !== null && isRight(Reflect.get(value, name));
  const isObject = (member: unknown): boolean => typeof member === 'object' && member !== null;
  return (
    has('version', (version) => typeof version === 'string') &&
    ['sip', 'commands'].every((name) => has(name, isObject)) &&
    ['accounts', 'calls', 'recent', 'warnings', 'problems'].every((name) =>
      has(name, Array.isArray),
    )
  );
}
