import { flag } from '../../schema';
import { type Command, defineCommand } from '../command';
import { whichCall } from './which-call';

/** Who it is that one talks to. */
export const VERIFY_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'verify',
    picksCall: true,
    summary: 'Says that both users have read the same string (ZRTP), or takes that back.',
    param: { on: flag('Which of the two.'), call: whichCall('the one that talks') },
    run: ({ agent }, { on, call }) => agent.verify(on, call),
    words: (_, { on }) => `${on ? '' : 'not '}compared`,
  }),
];
