import { AgentException, type AgentRefusal } from '../../agent';
import type { Logger } from '../../platform';
import type { CommandContext } from '../command';
import { CommandRefusal } from '../control';
import type { CommandMessage } from './messages';
import { failure, wrongParameter } from './request';
import { RVAL, type RvalName } from './rval';
import type { Reply } from './wire';

const RVAL_OF_REFUSAL: Readonly<Record<AgentRefusal, RvalName>> = {
  'wrong-state': 'invalidOperation',
  'refused-by-peer': 'invalidOperation',
  busy: 'busy',
  'bad-target': 'invalidParameter',
  'not-ready': 'notReady',
  'no-resource': 'unknownError',
};

/** Carries out the command of a message and words its result, or why there is none. Never rejects. */
export async function runMessage(
  { id, command }: CommandMessage,
  param: unknown,
  context: CommandContext,
  log: Logger,
): Promise<Reply> {
  const prepared = command.prepare(param);
  if ('problems' in prepared) return wrongParameter(id, prepared);
  try {
    const result = await prepared.run(context);
    return { rval: RVAL.ok, msg_id: id, ...(result === undefined ? {} : { param: result }) };
  } catch (error) {
    if (error instanceof AgentException) {
      const reply = failure(RVAL_OF_REFUSAL[error.refusal], error.message, id);
      return error.refusal === 'bad-target' ? { ...reply, param: 'uri' } : reply;
    }
    if (error instanceof CommandRefusal) {
      return { ...failure('invalidParameter', error.message, id), param: error.param };
    }
    log.error('command failed', { name: command.name, error: String(error) });
    return failure('unknownError', 'internal error; the log has more', id);
  }
}
