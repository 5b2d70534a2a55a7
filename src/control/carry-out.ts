import { AgentException, type AgentRefusal } from '../agent';
import type { Logger } from '../platform';
import type { Refused } from '../schema';
import type { Command } from './command';
import { CommandRefusal, type Control } from './control';

/** Why a command that is rightly asked for cannot be done. */
export type Refusal = AgentRefusal | 'bad-parameter' | 'bug';

/** What a command came to; each surface has its own form for it. */
export type Outcome =
  | { readonly kind: 'done'; readonly reply: unknown }
  /** All that is wrong with its `param`. */
  | { readonly kind: 'malformed'; readonly problems: Refused['problems'] }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      /** Which parameter is to blame, where it is one. */
      readonly param?: string;
      readonly reason: string;
    };

/** The parameter to blame for a refusal of the agent's. */
const BLAMED: Partial<Record<AgentRefusal, string>> = {
  'bad-target': 'uri',
  'no-account': 'account',
};

/** Checks `param` and carries the command out. Never rejects. */
export async function carryOut(
  command: Command,
  param: unknown,
  control: Control,
  log: Logger,
): Promise<Outcome> {
  const prepared = command.prepare(param);
  if ('problems' in prepared) return { kind: 'malformed', problems: prepared.problems };
  try {
    return { kind: 'done', reply: await prepared.run(control) };
  } catch (error) {
    if (error instanceof AgentException) {
      const { refusal, message: reason } = error;
      const param = BLAMED[refusal];
      return { kind: 'refused', refusal, ...(param ? { param } : {}), reason };
    }
    if (error instanceof CommandRefusal) {
      const { param: blamed, message: reason } = error;
      return { kind: 'refused', refusal: 'bad-parameter', param: blamed, reason };
    }
    log.error('command failed', { name: command.name, error: String(error) });
    return { kind: 'refused', refusal: 'bug', reason: 'internal error; the log has more' };
  }
}
