import type { Logger } from '../../platform';
import { carryOut, type Refusal } from '../carry-out';
import type { Control } from '../control';
import type { CommandMessage } from './messages';
import { failure, wrongParameter } from './request';
import { RVAL, type RvalName } from './rval';
import type { Reply } from './wire';

const RVAL_OF_REFUSAL: Readonly<Record<Refusal, RvalName>> = {
  'wrong-state': 'invalidOperation',
  'refused-by-peer': 'invalidOperation',
  busy: 'busy',
  'bad-target': 'invalidParameter',
  'no-account': 'invalidParameter',
  'bad-parameter': 'invalidParameter',
  'not-ready': 'notReady',
  'no-resource': 'unknownError',
  bug: 'unknownError',
};

/** Carries out the command of a message and words its result, or why there is none. Never rejects. */
export async function runMessage(
  { id, command }: CommandMessage,
  param: unknown,
  control: Control,
  log: Logger,
): Promise<Reply> {
  const outcome = await carryOut(command, param, control, log);
  switch (outcome.kind) {
    case 'done': {
      const { reply } = outcome;
      return { rval: RVAL.ok, msg_id: id, ...(reply === undefined ? {} : { param: reply }) };
    }
    case 'malformed':
      return wrongParameter(id, outcome);
    case 'refused': {
      const reply = failure(RVAL_OF_REFUSAL[outcome.refusal], outcome.reason, id);
      return outcome.param === undefined ? reply : { ...reply, param: outcome.param };
    }
  }
}
