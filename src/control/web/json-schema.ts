import { toJsonSchema } from '@valibot/to-json-schema';
import type { Schema } from '../../schema';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** JSON Schema (draft 7) of what a declaration takes, with its words: `expected` and `description`. */
export function jsonSchemaOf(schema: Schema): JsonSchema {
  const { $schema: _, ...made } = toJsonSchema(schema, {
    errorMode: 'ignore',
    target: 'draft-07',
    typeMode: 'input',
  });
  return made;
}
