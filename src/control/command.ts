import * as v from 'valibot';
import type { Agent } from '../agent';
import { check, type Refused, type Schema } from '../schema';
import type { CommandCounters } from './status-reply';

export interface CommandContext {
  readonly agent: Agent;
  /** Of the command server itself. */
  readonly counters: CommandCounters;
}

interface CommandWords {
  /** As it is typed; each surface makes its own form of it, as `VOIP_NETWORK_CHANGED`. */
  readonly name: string;
  readonly summary: string;
  /** What else there is to know, for the reference. */
  readonly notes?: string;
  readonly example: { readonly param?: unknown; readonly reply?: unknown };
}

/** A command whose parameters are right: ready to be run. */
export interface Prepared {
  /** The result is the reply's `param`. @throws AgentException */
  run(context: CommandContext): Promise<unknown>;
}

/** A command as its surfaces and the reference see it. */
export interface Command extends CommandWords {
  readonly schema: Schema;
  /** Checks `param`, which happens here and nowhere else. */
  prepare(param: unknown): Prepared | Refused;
}

/** One declaration of a command: its words, the schema of its `param`, and what it does. */
export function defineCommand<const Entries extends v.ObjectEntries>(
  definition: CommandWords & {
    readonly param: Entries;
    readonly run: (
      context: CommandContext,
      param: v.InferOutput<v.ObjectSchema<Entries, undefined>>,
    ) => unknown;
  },
): Command {
  const { param: entries, run, ...words } = definition;
  const schema = v.pipe(v.object(entries), v.metadata({ expected: 'an object' }));
  return {
    ...words,
    schema,
    prepare: (param) => {
      const checked = check(schema, param ?? {});
      if ('problems' in checked) return checked;
      return { run: async (context) => run(context, checked.value) };
    },
  };
}
