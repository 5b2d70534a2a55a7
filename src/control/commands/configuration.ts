import * as v from 'valibot';
import { field, text } from '../../schema';
import { type Command, defineCommand } from '../command';
import type { ConfigurationChange } from '../control';

const paths = (description: string) => field(v.array(v.string()), 'a list of paths', description);

const changeReply = v.object({
  applied: paths('Settings that changed and are in force.'),
  restart: paths('Settings that changed and wait for the next start.'),
  reopened: field(
    v.array(v.picklist(['mqtt', 'web'])),
    'a list of "mqtt" and "web"',
    'Ways in that are opened anew for it half a second later, or closed: whoever asked by one of them comes again, perhaps to another address.',
  ),
});

const settingPath = text('a path as "policy.autoAnswer"', 'Which setting, by its path.');

function changeInWords(change: v.InferOutput<typeof changeReply>): string {
  const { applied, restart, reopened } = change;
  if (applied.length + restart.length === 0) return 'nothing changed';
  return [
    ...(applied.length > 0 ? [`in force: ${applied.join(', ')}`] : []),
    ...(restart.length > 0 ? [`after the next start: ${restart.join(', ')}`] : []),
    ...(reopened.length > 0 ? [`opened anew: ${reopened.join(', ')}`] : []),
  ].join('\n');
}

/** The configuration. No secret is shown, and none is taken: those live in files. */
export const CONFIGURATION_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'config get',
    repeats: true,
    summary: 'What is configured, defaults included.',
    notes: 'Passwords are left out.',
    param: { path: v.exactOptional(settingPath) },
    reply: v.object({ value: field(v.unknown(), 'any value', 'What stands there.') }),
    run: ({ configuration }, { path }) => ({ value: configuration.get(path) }),
    words: ({ value }) => JSON.stringify(value, null, 1) ?? 'nothing',
  }),
  defineCommand({
    name: 'config check',
    repeats: true,
    summary: 'What is wrong with a whole configuration, without putting it in force.',
    param: { config: field(v.unknown(), 'a configuration', 'The whole of it.') },
    reply: v.object({
      problems: v.array(
        v.object({
          path: field(v.string(), 'a path', 'Where.'),
          found: field(v.string(), 'text', 'What stands there.'),
          expected: field(v.string(), 'text', 'What might.'),
        }),
      ),
    }),
    run: ({ configuration }, { config }) => ({
      problems: configuration.check(config).map((problem) => ({ ...problem })),
    }),
    words: ({ problems }) =>
      problems.length === 0
        ? 'nothing is wrong'
        : problems
            .map(({ path, found, expected }) => `${path}: found ${found}, expected ${expected}`)
            .join('\n'),
  }),
  defineCommand({
    name: 'config set',
    summary: 'Writes one setting into the configuration’s file, and puts it in force.',
    notes:
      'The file as it was is kept beside it as `.last`. What cannot change while the agent runs waits for its next start, which the reply says. A password is not taken: put it into a file and name that in `account.passwordFile`.',
    param: {
      path: settingPath,
      value: field(v.unknown(), 'a value', 'What shall stand there; null takes it out.'),
    },
    reply: changeReply,
    run: ({ configuration }, { path, value }) => copied(configuration.set(path, value)),
    words: changeInWords,
  }),
  defineCommand({
    name: 'config reload',
    summary: 'Puts in force what the configuration’s file says by now. Calls go on.',
    notes:
      'SIGHUP does the same. A changed section `mqtt` or `web` has that way in opened anew (`reopened`); how it went is in the status.',
    param: {},
    reply: changeReply,
    run: ({ configuration }) => copied(configuration.reload()),
    words: changeInWords,
  }),
];

function copied({
  applied,
  restart,
  reopened,
}: ConfigurationChange): v.InferOutput<typeof changeReply> {
  return { applied: [...applied], restart: [...restart], reopened: [...reopened] };
}
