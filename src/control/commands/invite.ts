import * as v from 'valibot';
import { AgentException } from '../../agent';
import { field, text } from '../../schema';
import { type Command, defineCommand } from '../command';

const UNITS_S: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const LONGEST_S = 24 * 3600;

const secondsIn = (time: string): number =>
  Number.parseInt(time, 10) * (UNITS_S[time.slice(-1)] ?? 0);

export const inviteReplySchema = v.object({
  urls: field(v.array(v.string()), 'a list of URLs', 'One link, by each address.'),
  until: text('a time', 'Civil time, ISO 8601.'),
});

export type InviteReply = v.InferOutput<typeof inviteReplySchema>;

/** Guests of the web page. */
export const INVITE_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'invite',
    summary: 'Makes a link, good once: its guest talks and sees by a browser.',
    notes: 'His calls end when it does.',
    param: {
      for: v.optional(
        field(
          v.pipe(
            v.string(),
            v.regex(/^[1-9]\d{0,4}[smh]$/),
            v.check((time) => secondsIn(time) <= LONGEST_S),
          ),
          'a time as "90s", "10m" or "2h", 24h at most',
          'How long link and guest are good.',
        ),
        '10m',
      ),
    },
    reply: inviteReplySchema,
    run: async ({ invite }, { for: time }) => {
      const made =
        (await invite?.(secondsIn(time) * 1000)) ?? 'expected a web page (setting web), found none';
      if (typeof made === 'string') throw new AgentException('wrong-state', made);
      return made;
    },
  }),
];
