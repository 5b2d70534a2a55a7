import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceFile } from '../../platform';
import type { Contact } from './contact';
import { type ReadCards, readVCards, writeVCards } from './vcard';

/** Cards with pictures of everybody: more is no phone book, bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The cards of a file. Rejects with the reason where it is not one. */
export async function readCardFile(path: string): Promise<ReadCards> {
  const cards = readVCards(await readText(path));
  if (cards.contacts.length + cards.skipped > 0) return cards;
  throw new Error('it has no vCard: expected BEGIN:VCARD');
}

/** Writes a file of cards anew, whole or not at all. */
export async function writeCardFile(path: string, contacts: readonly Contact[]): Promise<void> {
  // The folder of a card that is not in is not made: it would be the camera's memory.
  await stat(dirname(path));
  await replaceFile(path, writeVCards(contacts));
}

async function readText(path: string): Promise<string> {
  // A pipe would be waited for.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new Error('it is no file');
    if (facts.size > MAX_BYTES) {
      throw new Error(`it has ${facts.size} bytes, and ${MAX_BYTES} at most are read`);
    }
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
