import * as v from 'valibot';
import { flag, section } from '../schema';
import { personList } from './kinds';

/** Each is a subscription that is kept alive. */
const MAX_WATCHED = 32;

/** Of an account: the key `watch`. */
export const watch = section(
  'Of whom the account’s server tells (SUBSCRIBE, RFC 6665): shown in the status, and notified.',
  {
    presence: v.exactOptional(
      personList(
        MAX_WATCHED,
        'Whether they can be reached, and what they do (presence, RFC 3856).',
      ),
    ),
    lines: v.exactOptional(
      personList(
        MAX_WATCHED,
        'Whether they are idle, ring or are busy, and with whom (dialog, RFC 4235).',
      ),
    ),
    registrations: v.exactOptional(
      flag('Where this account itself is registered (reg, RFC 3680).'),
    ),
  },
);
