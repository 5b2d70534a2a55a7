import { toJsonSchema } from '@valibot/to-json-schema';
import type { Schema } from '../../schema';
import { PROSE } from './prose';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema (draft 7) of what a declaration takes, with its words: `expected` and `description`. */
export function jsonSchemaOf(schema: Schema): JsonSchema {
  const { $schema: _, ...made } = toJsonSchema(schema, {
    errorMode: 'ignore',
    target: 'draft-07',
    typeMode: 'input',
    overrideAction: ({ jsonSchema }) =>
      jsonSchema.description === undefined
        ? undefined
        : { ...jsonSchema, description: inFull(jsonSchema.description) },
  });
  return made;
}

/** What a declaration says of itself: the words that stand there, or that a number stands for. */
export function inFull(words: string): string {
  return Object.hasOwn(PROSE, words) ? (PROSE[words] ?? words) : words;
}
