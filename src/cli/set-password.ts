import type { Stats } from 'node:fs';
import { chmod, chown, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readConfig } from '../config';
import { lineFileAt, recordOf } from '../platform';
import {
  CannotException,
  type CliCommand,
  EXIT,
  type Invocation,
  print,
  UsageException,
} from './cli-command';
import { askSecret } from './secret-prompt';

const MIN_LENGTH = 8;
const MAX_LENGTH = 256;

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
  const password = await askSecret('password of the web page: ');
  const { length } = password;
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    throw wrongly(`password: found ${length} characters, expected ${MIN_LENGTH} to ${MAX_LENGTH}`);
  }
  if (process.stdin.isTTY && (await askSecret('the same again: ')) !== password) {
    throw wrongly('password: the second is not the first');
  }
  try {
    const model = await modelOf(file, invocation.config);
    await lineFileAt(file).replace(`${await recordOf(password)}\n`);
    if (model) await handOver(file, model);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotException(`cannot write ${file}: ${reason}`);
  }
  print(invocation.json ? JSON.stringify({ ok: true, file }) : `written to ${file}`);
  return EXIT.ok;
}

/** What root writes only root can read: the file before it, or the configuration, tells who else is to. */
async function modelOf(file: string, config = file): Promise<Stats | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const found = await Promise.all([file, config].map((one) => stat(one).catch(() => undefined)));
  return found.find((stats) => stats && (stats.uid !== 0 || isForItsGroup(stats)));
}

async function handOver(file: string, model: Stats): Promise<void> {
  await chown(file, model.uid, model.gid);
  if (isForItsGroup(model)) await chmod(file, 0o640);
}

/** Not everybody may read it, and so this group was meant to. */
function isForItsGroup({ mode }: Stats): boolean {
  return (mode & 0o040) !== 0 && (mode & 0o004) === 0;
}

async function fileOf({ arguments: [named], config }: Invocation): Promise<string> {
  if (named !== undefined) return resolve(named);
  if (config === undefined) throw wrongly('expected FILE, or --config with web.passwordFile in it');
  const { web } = readConfig(config);
  if (web?.passwordFile === undefined) {
    throw new CannotException(
      `${config}: web.passwordFile: found nothing, expected the path of the file to write`,
    );
  }
  return resolve(dirname(config), web.passwordFile);
}

function wrongly(problem: string): UsageException {
  return new UsageException(problem, SET_PASSWORD.name);
}
