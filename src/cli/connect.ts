import { readFileSync } from 'node:fs';
import { CannotException, type Invocation } from './cli-command';
import { CommandClient } from './command-client';

/** A session with the agent that the options lead to. @throws as `CommandClient.connect`, CannotException */
export function connectTo({
  address,
  port,
  keyFile,
}: Invocation['control']): Promise<CommandClient> {
  return CommandClient.connect(address, port, keyFile === undefined ? undefined : readKey(keyFile));
}

function readKey(file: string): string {
  try {
    const [key = ''] = readFileSync(file, 'utf8').split(/\r?\n/);
    return key;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotException(`--key: expected a file that can be read, found ${reason}`);
  }
}
