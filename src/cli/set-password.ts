import { dirname, resolve } from 'node:path';
import { readConfig } from '../config';
import { recordOf } from '../platform';
import {
  CannotException,
  type CliCommand,
  EXIT,
  type Invocation,
  print,
  UsageException,
} from './cli-command';
import { askNewPassword, changeSecretFile } from './secret-file';

/** Writes the record of the web page's password. */
export const SET_PASSWORD: CliCommand = {
  name: 'config set-password',
  arguments: [
    {
      label: 'FILE',
      optional: true,
      description: 'Where to. Without it the file that web.passwordFile of --config names.',
    },
  ],
  summary: 'Sets the password of the web page.',
  details:
    'Asks for it twice on the terminal, or takes the first line of standard input. What is written is a record that tells it from others (scrypt), in a file of mode 0600; if root asks, of the owner of the configuration, and for its group where not everybody may read that. In force at once; whoever is logged in by the former one is logged out.',
  options: ['config'],
  run: setPassword,
};

async function setPassword(invocation: Invocation): Promise<number> {
  const file = await fileOf(invocation);
  const password = await askNewPassword('the web page', SET_PASSWORD.name);
  await changeSecretFile(file, invocation.config, async () => `${await recordOf(password)}\n`);
  print(invocation.json ? JSON.stringify({ ok: true, file }) : `written to ${file}`);
  return EXIT.ok;
}

async function fileOf({ arguments: [named], config }: Invocation): Promise<string> {
  if (named !== undefined) return resolve(named);
  if (config === undefined) {
    throw new UsageException(
      'expected FILE, or --config with web.passwordFile in it',
      SET_PASSWORD.name,
    );
  }
  const { web } = readConfig(config);
  if (web?.passwordFile === undefined) {
    throw new CannotException(
      `${config}: web.passwordFile: found nothing, expected the path of the file to write`,
    );
  }
  return resolve(dirname(config), web.passwordFile);
}
