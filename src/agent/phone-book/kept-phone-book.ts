import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../platform';
import { type Contact, isContact, MAX_CONTACTS } from './contact';
import type { PhoneBookKeeper } from './phone-book';

/** What a file holds. */
interface Read {
  readonly contacts: readonly Contact[];
  /** Entries that are no contacts. */
  readonly unread: number;
}

/**
 * A phone book in a folder: `phone-book.json`, and beside it `.last`, the one before the last change. Both are written
 * whole or not at all; what is damaged all the same is put aside as `.damaged`, and `.last` is taken.
 */
export class KeptPhoneBook implements PhoneBookKeeper {
  readonly #path: string;
  #kept: readonly Contact[] = [];
  #problem: string | undefined;
  #written: Promise<void> = Promise.resolve();

  constructor(directory: string) {
    this.#path = join(directory, 'phone-book.json');
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  async load(): Promise<readonly Contact[]> {
    this.#problem = 'it is still being read';
    const main = await read(this.#path);
    const isWhole = main !== undefined && typeof main !== 'string' && main.unread === 0;
    if (isWhole) this.#take(main.contacts, undefined);
    else await this.#repair(main);
    return this.#kept;
  }

  keep(contacts: readonly Contact[]): Promise<void> {
    this.#written = this.#written.then(() => this.#write(contacts));
    return this.#written;
  }

  /** Resolves when all that can be written is. */
  settled(): Promise<void> {
    return this.#written;
  }

  /** @param main what is left of the file: nothing, some of its contacts, or why it cannot be read. */
  async #repair(main: Read | string | undefined): Promise<void> {
    const last = await read(`${this.#path}.last`);
    const former = typeof last === 'object' ? last.contacts : [];
    if (main === undefined) {
      this.#take(former, last === undefined ? undefined : 'its file is gone: taken from .last');
      return;
    }
    const aside = await rename(this.#path, `${this.#path}.damaged`).then(
      () => 'kept as phone-book.json.damaged',
      (error: unknown) => `not put aside: ${String(error)}`,
    );
    const [contacts, why] =
      typeof main === 'string'
        ? [former, `cannot be read (${main}): what stood there before the last change was taken`]
        : [main.contacts, `has ${main.unread} entries that are no contacts: they are left out`];
    this.#take(contacts, `its file ${why}; ${aside}`);
  }

  #take(contacts: readonly Contact[], problem: string | undefined): void {
    this.#kept = contacts.slice(0, MAX_CONTACTS);
    this.#problem = problem;
  }

  async #write(contacts: readonly Contact[]): Promise<void> {
    try {
      await replaceFile(`${this.#path}.last`, asText(this.#kept));
      await replaceFile(this.#path, asText(contacts));
      this.#take(contacts, undefined);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#problem = `kept in memory only: ${reason}`;
    }
  }
}

/** Undefined where there is none; a text says why it cannot be read. */
async function read(path: string): Promise<Read | string | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    const list = typeof value === 'object' && value !== null && Reflect.get(value, 'contacts');
    if (!Array.isArray(list)) return 'it has no list "contacts"';
    const contacts = list.filter(isContact);
    return { contacts, unread: list.length - contacts.length };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return error instanceof Error ? error.message : String(error);
  }
}

/** A line for each, for who looks into it or changes it by hand. */
function asText(contacts: readonly Contact[]): string {
  const lines = contacts.map((contact) => `  ${JSON.stringify(contact)}`);
  return `{ "contacts": [\n${lines.join(',\n')}\n] }\n`;
}
