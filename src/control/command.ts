import * as v from 'valibot';
import { check, type Refused, type Schema } from '../schema';
import type { Control } from './control';

interface CommandWords {
  /** As it is typed; each surface makes its own form of it, as `VOIP_NETWORK_CHANGED`. */
  readonly name: string;
  readonly summary: string;
  /** What else there is to know, for the reference. */
  readonly notes?: string;
  /** Asked twice it is meant twice: it changes nothing, or each time is one more. */
  readonly repeats?: true;
  /** Without the number of a call it is about whichever fits by then: asked again after a change it is meant anew. */
  readonly picksCall?: true;
}

/** What a person is told when a command is done. */
type Words<Param, Reply> = (reply: Reply, param: Param) => string;

/** A command whose parameters are right: ready to be run. */
export interface Prepared {
  /** The result is the reply's `param`. @throws AgentException, CommandRefusal */
  run(control: Control): Promise<unknown>;
  /** What `reply` means, for a person; undefined for a command that says no more than what it replies. */
  inWords(reply: unknown): string | undefined;
}

/** A command as its surfaces and the reference see it. */
export interface Command extends CommandWords {
  readonly schema: Schema;
  /** Of the reply's `param`; absent when there is none. */
  readonly replySchema: Schema | undefined;
  /** Checks `param`, which happens here and nowhere else. */
  prepare(param: unknown): Prepared | Refused;
}

/**
 * One declaration of a command: its words, the schemas of its `param` and of its reply, what it does
 * and what a person is told. Every surface and document is made of it.
 */
export function defineCommand<
  const Entries extends v.ObjectEntries,
  Reply extends Schema = v.VoidSchema<undefined>,
>(
  definition: CommandWords & {
    readonly param: Entries;
    readonly reply?: Reply;
    readonly run: (
      control: Control,
      param: v.InferOutput<v.ObjectSchema<Entries, undefined>>,
    ) => v.InferOutput<Reply> | Promise<v.InferOutput<Reply>>;
    readonly words?: Words<v.InferOutput<v.ObjectSchema<Entries, undefined>>, v.InferOutput<Reply>>;
  },
): Command {
  const { param: entries, reply, run, words: toWords, ...words } = definition;
  const schema = v.pipe(v.object(entries), v.metadata({ expected: 'an object' }));
  const isReply = (value: unknown): value is v.InferOutput<Reply> =>
    reply === undefined ? value === undefined : v.is(reply, value);
  return {
    ...words,
    schema,
    replySchema: reply,
    prepare: (param) => {
      const checked = check(schema, param ?? {});
      if ('problems' in checked) return checked;
      return {
        run: async (control) => run(control, checked.value),
        inWords: (value) => (isReply(value) ? toWords?.(value, checked.value) : undefined),
      };
    },
  };
}
