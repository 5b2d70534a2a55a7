import * as v from 'valibot';
import { choice, field, path } from '../../schema';
import { type Command, defineCommand } from '../command';

const number = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const calls = (description: string) =>
  field(v.array(number), 'a list of numbers of calls, as [1,2,3]', description);
const aCall = (description: string) => field(number, 'the number of a call', description);

/** Calls that hear each other, and what else is to be heard. */
export const CONFERENCE_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'conference',
    summary: 'Lets calls hear each other, and the cabin with them.',
    notes:
      'Those that are held are resumed, others that talk are held. Asked again with more calls it takes them in. Its calls are active together: another call that is answered or resumed holds all of them, and resuming one resumes all.',
    param: { calls: v.exactOptional(calls('Which. Without it all that are up.')) },
    reply: v.object({ calls: calls('Those that are in it.') }),
    run: async ({ agent }, { calls: ids }) => ({ calls: [...(await agent.confer(ids))] }),
    words: ({ calls: ids }) => `in conference: ${ids.join(', ')}`,
  }),
  defineCommand({
    name: 'conference leave',
    summary: 'Takes a call out of the conference and holds it.',
    param: { call: aCall('Which.') },
    run: ({ agent }, { call }) => agent.leaveConference(call),
    words: (_, { call }) => `call ${call} has left the conference, and is held`,
  }),
  defineCommand({
    name: 'conference split',
    summary: 'Ends the conference: its first call goes on, the others are held.',
    param: {},
    run: ({ agent }) => agent.splitConference(),
    words: () => 'the conference is over',
  }),
  defineCommand({
    name: 'announce',
    summary: 'Plays a WAV file to the far end of a call, or in the cabin.',
    notes:
      'PCM of 16 bits, mono or stereo, any rate, 32 MB at most. At each place one is heard after the other, and 8 may wait; the end of a call ends what it hears. How it goes on is notified.',
    param: {
      file: path('The WAV file, on the machine of the agent.'),
      where: v.optional(choice(['call', 'cabin'], 'Who hears it.'), 'call'),
      call: v.exactOptional(aCall('Which call. Without it the one that talks.')),
    },
    reply: v.object({ announcement: field(number, 'a number', 'Of this announcement.') }),
    run: async ({ agent }, { file, where, call }) => ({
      announcement: await agent.announce(file, where, call),
    }),
    words: ({ announcement }) => `announcement ${announcement}`,
  }),
];
