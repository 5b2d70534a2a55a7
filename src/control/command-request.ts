import * as v from 'valibot';
import { check, field, type Problem, property } from '../schema';
import type { Command } from './command';

/** Characters of the mark that a client gives its request. */
const MAX_ID_LENGTH = 64;
/** A date and time with its zone: without one nobody knows whose. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/;

/** A command as an object that names it, for surfaces that number no messages. */
export function commandRequestSchema(commands: readonly Command[]) {
  const names = commands.map(({ name }) => name);
  return v.object({
    command: field(
      v.picklist(names),
      `one of ${names.join(', ')}`,
      'Which command, as it is typed.',
    ),
    param: v.exactOptional(
      field(v.unknown(), 'what the command takes', 'Its parameters; none where it takes none.'),
    ),
    id: v.exactOptional(
      field(
        v.union([v.number(), v.pipe(v.string(), v.maxLength(MAX_ID_LENGTH))]),
        `a number, or text of at most ${MAX_ID_LENGTH} characters`,
        'The sender’s own mark, which the response has too. The same request with the same mark is carried out once.',
      ),
    ),
    sent: v.exactOptional(
      field(
        v.pipe(
          v.string(),
          v.regex(TIMESTAMP),
          v.check((time) => !Number.isNaN(Date.parse(time))),
        ),
        'a time as "2026-11-23T05:36:28Z"',
        'When it was sent: what has been under way for long is not carried out.',
      ),
    ),
  });
}

export interface CommandRequest {
  readonly command: Command;
  readonly param?: unknown;
  readonly id?: string | number;
  readonly sent?: string;
}

/** What of a request could be read, and everything that is wrong with it, its parameters included. */
export interface ReadRequest {
  /** Absent when there is a problem. */
  readonly request?: CommandRequest;
  readonly problems: readonly Problem[];
}

/** Makes the reader of such requests. */
export function commandRequestReader(
  commands: readonly Command[],
): (value: unknown) => ReadRequest {
  const schema = commandRequestSchema(commands);
  return (value) => {
    const checked = check(schema, value);
    const command = commands.find(({ name }) => name === property(value, 'command'));
    const problems = [
      ...('problems' in checked ? checked.problems : []),
      ...(command ? paramProblems(command, property(value, 'param')) : []),
    ];
    if ('problems' in checked || !command || problems.length > 0) return { problems };
    return { request: { ...checked.value, command }, problems };
  };
}

function paramProblems(command: Command, param: unknown): Problem[] {
  const prepared = command.prepare(param);
  if (!('problems' in prepared)) return [];
  return prepared.problems.map((problem) => ({ ...problem, path: within('param', problem.path) }));
}

function within(member: string, path: string): string {
  return path === '' || path.startsWith('[') ? `${member}${path}` : `${member}.${path}`;
}
