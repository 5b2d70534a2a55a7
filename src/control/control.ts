import type { Agent } from '../agent';
import type { Clock, Log, Random } from '../platform';
import type { Problem } from '../schema';
import type { Journal } from './journal';
import type { CommandCounters } from './status-reply';
import type { SurfaceStatuses } from './surface-status';

/** What a change of the configuration came to, by the paths of what changed. */
export interface ConfigurationChange {
  /** In force now. */
  readonly applied: readonly string[];
  /** In force after the next start. */
  readonly restart: readonly string[];
  /** Ways in that are opened anew for it in a moment, or closed: whoever asked by one of them comes again. */
  readonly reopened: readonly ('mqtt' | 'web')[];
}

/** The configuration as a surface sees it: no secret comes out of it, and none goes in. */
export interface Configuration {
  /** What stands at `path`, defaults included; the whole without one. @throws CommandRefusal */
  get(path?: string): unknown;
  /** What is wrong with a whole configuration. */
  check(value: unknown): readonly Problem[];
  /** Writes one setting into the file and puts it in force. @throws CommandRefusal */
  set(path: string, value: unknown): ConfigurationChange;
  /** Puts in force what the file says by now. @throws CommandRefusal */
  reload(): ConfigurationChange;
}

/** A link to hand out. */
export interface Invited {
  /** Each leads to the same; the best one first. */
  readonly urls: string[];
  /** Civil time, ISO 8601. */
  readonly until: string;
}

type Counting<Counters> = { -readonly [Name in keyof Counters]: Counters[Name] };

/** All that commands are about, the same for every surface. */
export interface Control {
  readonly agent: Agent;
  readonly journal: Journal;
  readonly log: Log;
  readonly configuration: Configuration;
  /** Of the command port, wherever they are asked for. */
  readonly counters: Counting<CommandCounters>;
  /** Further ways in that are configured. */
  readonly surfaces: { -readonly [Name in keyof SurfaceStatuses]: () => SurfaceStatuses[Name] };
  /** Invites a guest to the web page; absent while that is not open. The result is in words why not, where that is so. */
  invite?: (forMs: number) => Promise<Invited | string>;
  readonly clock: Clock;
  readonly random: Random;
}

/** A command whose parameter has the right form and is wrong all the same. */
export class CommandRefusal extends Error {
  override readonly name = 'CommandRefusal';
  constructor(
    /** Its parameter. */
    readonly param: string,
    message: string,
  ) {
    super(message);
  }
}
