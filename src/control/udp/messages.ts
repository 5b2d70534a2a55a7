import type { Command } from '../command';
import { COMMANDS } from '../commands';

/** A message about the session itself, answered by the dispatcher. Its id is the camera's own. */
export interface SessionMessage {
  readonly id: number;
  readonly name: string;
  readonly summary: string;
  readonly notes?: string;
}

export const SESSION_MESSAGES = {
  start: {
    id: 257,
    name: 'START_SESSION',
    summary: 'Starts a session; `param` of the reply is its token, for all further messages.',
    notes: 'A former session from the same address and port ends.',
  },
  stop: {
    id: 258,
    name: 'STOP_SESSION',
    summary: 'Ends the session; its token is good for nothing any more.',
  },
  keepAlive: {
    id: 2051,
    name: 'KEEP_ALIVE',
    summary: 'Does nothing but keep the session from expiring.',
    notes:
      'The camera’s own app sends this id while it connects and is answered like this; that it is a keep-alive is inferred.',
  },
} as const satisfies Readonly<Record<string, SessionMessage>>;

/** A command as a message. */
export interface CommandMessage {
  readonly id: number;
  /** As `VOIP_NETWORK_CHANGED`. */
  readonly name: string;
  readonly command: Command;
}

/** Where our block of ids begins: free in the camera's own server. */
const FIRST_ID = 2560;

export const COMMAND_MESSAGES: readonly CommandMessage[] = COMMANDS.map((command, place) => ({
  id: FIRST_ID + place,
  name: `VOIP_${command.name.toUpperCase().replaceAll(/[- ]/g, '_')}`,
  command,
}));

/** The message that carries a command. @throws Error when there is no command of that name. */
export function messageOf(commandName: string): CommandMessage {
  const message = COMMAND_MESSAGES.find(({ command }) => command.name === commandName);
  if (!message) throw new Error(`there is no command "${commandName}"`);
  return message;
}
