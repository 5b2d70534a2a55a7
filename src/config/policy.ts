import * as v from 'valibot';
import { choice, flag, section } from '../schema';
import { callerList } from './kinds';

/** The section `policy`: what the owner wants of calls. */
export const policy = section('What the camera does with a call.', {
  autoAnswer: v.optional(
    flag(
      'Answer an incoming call at once when no other call is up: those of `autoAnswerFrom`, or without it whoever calls by way of the registrar. Where no registrar is configured, programs on this machine too.',
    ),
    false,
  ),
  autoAnswerFrom: v.exactOptional(
    callerList(
      'Who is answered at once. A name counts for calls by way of the registrar (anybody can forge it on a direct one), an address for any call.',
    ),
  ),
  doNotDisturb: v.optional(
    flag('Refuse every call as busy. The command of that name switches it in passing.'),
    false,
  ),
  directCalls: v.exactOptional(
    choice(
      ['ring', 'refuse'],
      'What becomes of a call that comes neither by way of the registrar nor from an address in `autoAnswerFrom`. Without it such calls ring, and are refused where a registrar is configured.',
    ),
  ),
  transfersFrom: v.exactOptional(
    callerList(
      'Who may hand the camera over to somebody else, whom it then calls (REFER). A name counts for calls by way of the registrar and for those that the camera has made, an address for any. Without it nobody may.',
    ),
  ),
});
