import { text } from '../../schema';
import { type Command, defineCommand } from '../command';
import { callNumber, whichCall } from './which-call';

/** The far end of a call is handed over to somebody else. */
export const TRANSFER_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'transfer',
    picksCall: true,
    summary: 'Hands the far end of a call over to somebody else, whom it then calls.',
    notes:
      'Replies when the far end has taken it (REFER). How it gets on is notified as `transfer`: the call here ends when they talk, and goes on when the far end could not reach them.',
    param: {
      uri: text(
        'a name, a number or a SIP URI, as "sip:office@example.org"',
        'Whom it is to call, as in `call`.',
      ),
      call: whichCall('the one that talks'),
    },
    run: ({ agent }, { uri, call }) => agent.transfer(uri, call),
    words: (_, { uri }) => `handed over to ${uri}`,
  }),
  defineCommand({
    name: 'transfer to-call',
    picksCall: true,
    summary: 'Connects the far ends of two calls with each other, and leaves both.',
    notes:
      'Replies when the far end has taken it (REFER with Replaces). How it gets on is notified as `transfer`.',
    param: {
      to: callNumber('The call whose far end the other is to talk to.'),
      call: whichCall('the other one'),
    },
    run: ({ agent }, { to, call }) => agent.transferToCall(to, call),
    words: (_, { to }) => `connected with call ${to}`,
  }),
];
