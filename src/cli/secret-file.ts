import type { Stats } from 'node:fs';
import { chmod, chown, stat } from 'node:fs/promises';
import { lineFileAt } from '../platform';
import { CannotException, UsageException } from './cli-command';
import { askSecret } from './secret-prompt';

const MIN_LENGTH = 8;
const MAX_LENGTH = 256;

/** A new password, asked for twice where somebody types it. @param whose as in the question; @param command whose help tells more. */
export async function askNewPassword(whose: string, command: string): Promise<string> {
  const password = await askSecret(`password of ${whose}: `);
  const { length } = password;
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    throw new UsageException(
      `password: found ${length} characters, expected ${MIN_LENGTH} to ${MAX_LENGTH}`,
      command,
    );
  }
  if (process.stdin.isTTY && (await askSecret('the same again: ')) !== password) {
    throw new UsageException('password: the second is not the first', command);
  }
  return password;
}

/**
 * Writes a file of secrets anew, for its owner alone.
 * @param change makes its new text of the present one, which is '' where there is none.
 * @param config the configuration, which tells who is to read it where root writes it.
 * @throws CannotException
 */
export async function changeSecretFile(
  file: string,
  config: string | undefined,
  change: (text: string) => string | Promise<string>,
): Promise<void> {
  try {
    const model = await modelOf(file, config);
    const lines = lineFileAt(file);
    await lines.replace(await change((await lines.read()) ?? ''));
    if (model) await handOver(file, model);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CannotException(`cannot write ${file}: ${reason}`);
  }
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
