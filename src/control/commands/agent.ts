import * as v from 'valibot';
import { HISTORY_LIMIT } from '../../agent';
import { LOG_LEVELS } from '../../platform';
import { choice, field, madeOfType, text, wholeNumber } from '../../schema';
import { type Command, defineCommand } from '../command';
import { CommandRefusal } from '../control';
import { JOURNAL_LIMIT } from '../journal';
import { onOff } from './on-off';
import { whichAccount } from './which-account';

const logReply = v.object({
  level: choice(LOG_LEVELS, 'Of areas without one of their own.'),
  levels: field(
    v.record(v.string(), v.picklist(LOG_LEVELS)),
    'an object of levels',
    'Of areas that have one of their own.',
  ),
  areas: field(v.array(v.string()), 'a list of names', 'Those that have been written in.'),
});

/** Numbers ever given out are whole and not negative. */
const anyNumber = (description: string) => wholeNumber(0, Number.MAX_SAFE_INTEGER, description);

/** The account, switches, and what is remembered. */
export const AGENT_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'register',
    summary: 'Registers at the registrar now, without awaiting the refresh.',
    notes: 'The reply comes at once; how it goes on is notified.',
    param: { account: whichAccount('all of them') },
    run: ({ agent }, { account }) => agent.register(account),
    words: () => 'registering',
  }),
  defineCommand({
    name: 'do-not-disturb',
    summary: 'Refuses every call as busy, or lets them in again.',
    notes: 'Until the next start; `policy.doNotDisturb` says how the agent starts.',
    param: onOff,
    run: ({ agent }, { on }) => agent.setSwitch('doNotDisturb', on),
    words: (_, { on }) => `do not disturb is ${on ? 'on' : 'off'}`,
  }),
  defineCommand({
    name: 'auto-answer',
    summary: 'Answers those whom the policy trusts at once, or lets them ring again.',
    notes:
      'Until the next start; `policy.autoAnswer` says how the agent starts. A call that waits and is trusted is answered.',
    param: onOff,
    run: ({ agent }, { on }) => agent.setSwitch('autoAnswer', on),
    words: (_, { on }) => `auto-answer is ${on ? 'on' : 'off'}`,
  }),
  defineCommand({
    name: 'history',
    repeats: true,
    summary: 'The ended calls, newest first.',
    param: {
      search: v.exactOptional(
        text('text', 'Only those with this in the address, the name or the way it ended.'),
      ),
      limit: v.optional(wholeNumber(1, HISTORY_LIMIT, 'How many.'), HISTORY_LIMIT),
      before: v.exactOptional(anyNumber('Only calls with lower numbers, to go on from there.')),
    },
    reply: v.object({
      calls: v.array(madeOfType(v.looseObject({}), 'HistoryEntry')),
    }),
    run: ({ agent }, query) => ({ calls: agent.history(query).map((entry) => ({ ...entry })) }),
  }),
  defineCommand({
    name: 'events',
    repeats: true,
    summary: 'What was notified after some number, for those who were away.',
    notes:
      'Notifications are numbered from 1 at the start of the agent. `last` is the number to ask from next time, `missed` how many are forgotten that lay between. What is out of date soon, as `quality`, is not kept.',
    param: {
      since: v.optional(anyNumber('The last number that is known.'), 0),
      limit: v.optional(wholeNumber(1, JOURNAL_LIMIT, 'How many.'), JOURNAL_LIMIT),
    },
    reply: v.object({
      events: v.array(madeOfType(v.looseObject({}), 'KeptEntry')),
      last: anyNumber('To ask from next time.'),
      missed: anyNumber('Forgotten.'),
    }),
    run: ({ journal }, { since, limit }) => {
      const page = journal.after(since, limit);
      return { ...page, events: page.events.map((entry) => ({ ...entry })) };
    },
  }),
  defineCommand({
    name: 'log',
    repeats: true,
    summary: 'Says how much is written to the log, or changes it.',
    notes: 'Until the next start; `log.level` says how the agent starts.',
    param: {
      level: v.exactOptional(
        choice(LOG_LEVELS, 'The least that is written. Without it nothing is changed.'),
      ),
      area: v.exactOptional(text('an area as "sip"', 'Of this area only. Without it of all.')),
    },
    reply: logReply,
    run: ({ log }, { level, area }) => {
      if (area !== undefined && !log.areas.includes(area)) {
        throw new CommandRefusal(
          'area',
          `area: found ${JSON.stringify(area)}, expected one of ${log.areas.join(', ')}`,
        );
      }
      if (level) log.setLevel(level, area);
      return { level: log.level, levels: { ...log.levels }, areas: [...log.areas] };
    },
  }),
];
