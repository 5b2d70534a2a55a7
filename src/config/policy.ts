import * as v from 'valibot';
import { choice, flag, path, section, text, wholeNumber } from '../schema';
import { callerList } from './kinds';

const forwardTo = (description: string) =>
  v.exactOptional(text('an address or number, as "sip:home@example.org"', description));

const autoAnswer = flag(
  'Answer an incoming call at once when no other call is up: those of `autoAnswerFrom`, or without it whoever calls by way of the registrar. Where no registrar is configured, programs on this machine too.',
);

const doNotDisturb = flag(
  'Refuse every call as busy. The command of that name switches it in passing.',
);

const hideIdentity = flag(
  'Those whom the camera calls are not told who calls (Privacy: id, RFC 3323 and 3325), unless `call` says otherwise. Calls of `dialPlan.emergencyNumbers` always tell.',
);

/** What has no default. */
const entries = {
  autoAnswerFrom: v.exactOptional(
    callerList(
      'Who is answered at once. A name counts for calls by way of the registrar (anybody can forge it on a direct one) and of those who have proved it (`directCalls`), an address for any call.',
    ),
  ),
  directCalls: v.exactOptional(
    choice(
      ['ring', 'refuse', 'prove'],
      'What becomes of a call that comes neither by way of the registrar nor from an address in `autoAnswerFrom`. Without it such calls ring, and are refused where a registrar is configured. "prove": who is in `callersFile` can call, and is asked for his password.',
    ),
  ),
  answerOnRequest: v.exactOptional(
    callerList(
      'Who is answered at once when he asks for it (Answer-Mode of RFC 5373, `answer-after` in Call-Info or Alert-Info), `autoAnswer` or not. Names and addresses count as in `autoAnswerFrom`. Without it nobody.',
    ),
  ),
  allowFrom: v.exactOptional(
    callerList(
      'Who may call, and nobody else (603). Names and addresses count as in `autoAnswerFrom`. Without it whoever `directCalls` lets in.',
    ),
  ),
  denyFrom: v.exactOptional(
    callerList('Who may not call (603), by the name that he gives or by his address.'),
  ),
  forward: v.exactOptional(
    section('To whom calls are sent on (302), and when. Addresses are completed as in `call`.', {
      always: forwardTo('Every call that is let in; it rings nowhere here.'),
      busy: forwardTo('Calls that would be refused as busy, by do-not-disturb too.'),
      noAnswer: forwardTo(
        'Calls that have rung for `ringSeconds`, or without that for 25 seconds.',
      ),
    }),
  ),
  ringSeconds: v.exactOptional(
    wholeNumber(
      5,
      180,
      'How long a call rings before it is sent on or given up (480). Without it as long as the caller waits, three minutes at most.',
    ),
  ),
  liveNotice: v.exactOptional(
    text(
      '"tone" or a path',
      'What is heard in the cabin when it begins to be heard or seen outside: "tone", or a WAV file. Without it nothing.',
    ),
  ),
  liveIndicator: v.exactOptional(
    path(
      'A file that "1" is written into while the cabin is heard or seen outside, and "0" else: as `/sys/class/leds/call/brightness` or `/sys/class/gpio/gpio17/value`.',
    ),
  ),
  maxCallMinutes: v.exactOptional(
    wholeNumber(1, 1440, 'The greatest length of a call: then it ends. Without it there is none.'),
  ),
  transfersFrom: v.exactOptional(
    callerList(
      'Who may hand the camera over to somebody else, whom it then calls (REFER). A name counts for calls by way of the registrar and for those that the camera has made, an address for any. Without it nobody may.',
    ),
  ),
};

/** The section `policy`: what the owner wants of calls. */
export const policy = section('What the camera does with a call.', {
  autoAnswer: v.optional(autoAnswer, false),
  doNotDisturb: v.optional(doNotDisturb, false),
  hideIdentity: v.optional(hideIdentity, false),
  ...entries,
  callersFile: v.optional(
    path(
      'For `directCalls` "prove": the file of those who can prove who they are, which `dashvoip config set-caller` writes; relative to the configuration file.',
    ),
    'callers',
  ),
  callersRealm: v.exactOptional(
    text(
      'a name, as "example.org"',
      'The realm by which they are asked. Without it the domain of the account.',
    ),
  ),
});

/** Of one account. */
export const accountPolicy = section(
  'For calls of this account: each setting goes before that of `policy`.',
  {
    autoAnswer: v.exactOptional(autoAnswer),
    doNotDisturb: v.exactOptional(doNotDisturb),
    hideIdentity: v.exactOptional(hideIdentity),
    ...entries,
  },
);
