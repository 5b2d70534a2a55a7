// Types, as from anywhere outside this folder.

import type { Schema } from '../../schema';
import type { Command, Outcome, SurfaceOptions } from '..';
import { type Answer, because, json } from './answer';
import { inFull, jsonSchemaOf } from './json-schema';

/** What the commands are asked for by: their names, as a path may hold them. */
const pathOf = ({ name }: Command): string => name.replaceAll(' ', '-');

/** The commands and the configuration, as answers. */
export class Api {
  readonly #options: SurfaceOptions;
  readonly #configuration: Schema;
  readonly #commands: ReadonlyMap<string, Command>;

  constructor(options: SurfaceOptions, configuration: Schema) {
    this.#options = options;
    this.#configuration = configuration;
    this.#commands = new Map(options.commands.map((command) => [pathOf(command), command]));
  }

  /** Every command, with what it takes. */
  list(): Answer {
    const commands = [...this.#commands].map(([path, { name, summary, notes, schema }]) => ({
      ...{ name, path: `/api/commands/${path}`, summary: inFull(summary) },
      ...(notes === undefined ? {} : { notes: inFull(notes) }),
      param: jsonSchemaOf(schema),
    }));
    return json(200, { commands });
  }

  configurationSchema(): Answer {
    return json(200, jsonSchemaOf(this.#configuration));
  }

  knows(path: string): boolean {
    return this.#commands.has(path);
  }

  async run(path: string, param: unknown): Promise<Answer> {
    const command = this.#commands.get(path);
    if (!command) return because(404, 'there is no such command');
    const { carryOut, control, log } = this.#options;
    return answerTo(await carryOut(command, param, control, log));
  }

  /** What a command without parameters replies; undefined when it is refused. */
  async reply(name: string): Promise<unknown> {
    const command = this.#commands.get(name);
    if (!command) return undefined;
    const { carryOut, control, log } = this.#options;
    const outcome = await carryOut(command, {}, control, log);
    return outcome.kind === 'done' ? outcome.reply : undefined;
  }
}

function answerTo(outcome: Outcome): Answer {
  switch (outcome.kind) {
    case 'done':
      return json(200, { reply: outcome.reply });
    case 'malformed':
      return json(400, { problems: outcome.problems });
    case 'refused': {
      const { refusal, param, reason } = outcome;
      return json(refusal === 'bug' ? 500 : 409, { refusal, param, reason });
    }
  }
}
