import { AgentException } from '../exception';
import type { ImportResult, PhoneBook } from './phone-book';

/** Takes in the vCards of a file. @throws AgentException */
export async function importCards(book: PhoneBook, path: string): Promise<ImportResult> {
  const { contacts, skipped } = await asked(path, 'read', async () => {
    const { readCardFile } = await import('./card-file');
    return await readCardFile(path);
  });
  const result = await book.takeIn(contacts);
  return { ...result, skipped: result.skipped + skipped };
}

/** Writes the whole book into a file of vCards; returns how many. @throws AgentException */
export async function exportCards({ all }: PhoneBook, path: string): Promise<number> {
  await asked(path, 'written', async () => {
    const { writeCardFile } = await import('./card-file');
    await writeCardFile(path, all);
  });
  return all.length;
}

async function asked<Value>(path: string, what: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AgentException('no-resource', `${path} cannot be ${what}: ${reason}`);
  }
}
