import * as v from 'valibot';
import { flag } from '../../schema';
import { type Command, defineCommand } from '../command';

/** The car's own call for help. */
export const EMERGENCY_COMMANDS: readonly Command[] = [
  defineCommand({
    name: 'emergency',
    summary:
      'Calls for help: those of `emergency.calls` in turn, until one answers and presses a key.',
    notes:
      'The reply comes at once; how it goes on is notified as `emergency`, and stands in the status. Calls that are up end for it. Asked again while one is under way it changes nothing.',
    param: {
      automatic: v.exactOptional(
        flag(
          'The car asks for it, by its crash sensor, and no person: eCall tells the emergency service.',
        ),
      ),
    },
    run: ({ agent }, { automatic }) => agent.startEmergency(automatic),
    words: () => 'calling for help',
  }),
  defineCommand({
    name: 'emergency cancel',
    summary: 'Ends a call for help, and calls nobody else.',
    notes: '`hangup` ends the call to one of the list, and the next one is called.',
    param: {},
    run: ({ agent }) => agent.cancelEmergency(),
    words: () => 'no more help is called for',
  }),
];
