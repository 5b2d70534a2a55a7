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
  queryHolder: {
    id: 1793,
    name: 'QUERY_SESSION_HOLDER',
    summary: 'Sent by the agent: is the client that has this session still there?',
    notes:
      'Whatever the client sends with its token answers it, this message itself best. Asked when another client wants the one session there is, and every half a minute of silence of a client that began with `"heartbeat":1`; a session whose client does not answer three times in a row ends.',
  },
} as const satisfies Readonly<Record<string, SessionMessage>>;

/** A command as a message. */
export interface CommandMessage {
  readonly id: number;
  /** As `VOIP_NETWORK_CHANGED`. */
  readonly name: string;
  readonly command: Command;
}

/** Where our block of ids begins unless it is moved: free in the camera's own server. */
export const FIRST_ID = 2560;

/** Every command as a message, numbered from `firstId`. */
export function messagesFrom(firstId: number): readonly CommandMessage[] {
  return COMMANDS.map((command, place) => ({
    id: firstId + place,
    name: `VOIP_${command.name.toUpperCase().replaceAll(/[- ]/g, '_')}`,
    command,
  }));
}

export const COMMAND_MESSAGES = messagesFrom(FIRST_ID);

/** The message that carries a command. @throws Error when there is no command of that name. */
export function messageOf(commandName: string): CommandMessage {
  const message = COMMAND_MESSAGES.find(({ command }) => command.name === commandName);
  if (!message) throw new Error(`there is no command "${commandName}"`);
  return message;
}
