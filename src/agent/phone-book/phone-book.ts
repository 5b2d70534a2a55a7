import { AgentException } from '../exception';
import { type Contact, isContact, MAX_CONTACTS, MAX_NUMBERS, nameKey } from './contact';

/** Where a phone book outlives the process. */
export interface PhoneBookKeeper {
  /** What was kept before. Never rejects. */
  load(): Promise<readonly Contact[]>;
  /** Resolves when it is written, or cannot be, which `problem` then says. */
  keep(contacts: readonly Contact[]): Promise<void>;
  /** What is wrong with what is kept, in words; undefined when nothing is. */
  readonly problem: string | undefined;
}

/** What an import came to. */
export interface ImportResult {
  readonly added: number;
  /** Were there, and have got a number or a short number. */
  readonly changed: number;
  /** Cards without a name or a number, and what was too much. */
  readonly skipped: number;
}

/** Names with their numbers; without a keeper in memory only. */
export class PhoneBook {
  readonly #keeper: PhoneBookKeeper | undefined;
  #contacts: readonly Contact[] = [];
  #isRead: boolean;

  constructor(keeper?: PhoneBookKeeper) {
    this.#keeper = keeper;
    this.#isRead = keeper === undefined;
    void keeper?.load().then((contacts) => {
      this.#contacts = contacts;
      this.#isRead = true;
    });
  }

  get problems(): string[] {
    const problem = this.#keeper?.problem;
    return problem === undefined ? [] : [`phone book: ${problem}`];
  }

  get all(): readonly Contact[] {
    return this.#contacts;
  }

  /** Those that have `search` in name, number or short number, by name. */
  find(search = ''): readonly Contact[] {
    const wanted = nameKey(search);
    return this.#contacts.filter((contact) => searched(contact).includes(wanted));
  }

  /** Whose short number or whole name it is. */
  dialled(target: string): Contact | undefined {
    const key = nameKey(target);
    return (
      this.#contacts.find(({ short }) => short === target) ??
      this.#contacts.find(({ name }) => nameKey(name) === key)
    );
  }

  /** A new contact, or one more number of one that there is; resolves when it is kept. @throws AgentException */
  async add(name: string, number: string, short?: string): Promise<Contact> {
    this.#becomeWritable();
    const taken = short === undefined ? undefined : this.dialled(short);
    if (taken && nameKey(taken.name) !== nameKey(name)) {
      throw new AgentException('wrong-state', `${short} is dialled for ${taken.name} already`);
    }
    const wanted = { name, numbers: [number], ...(short === undefined ? {} : { short }) };
    const next = this.#joined(this.#contacts, wanted);
    if (typeof next === 'string') throw new AgentException('no-resource', next);
    await this.#become(next.contacts);
    return next.contact;
  }

  /** @throws AgentException */
  async remove(name: string): Promise<void> {
    this.#becomeWritable();
    const former = this.dialled(name);
    if (!former) throw new AgentException('wrong-state', `there is no ${name} in the phone book`);
    await this.#become(this.#contacts.filter((contact) => contact !== former));
  }

  /** Adds what was read elsewhere; a short number that is taken stays whose it is. @throws AgentException */
  async takeIn(contacts: readonly Contact[]): Promise<ImportResult> {
    this.#becomeWritable();
    let [all, added, changed, skipped] = [this.#contacts, 0, 0, 0];
    for (const contact of contacts) {
      const next = this.#joined(all, withFreeShort(contact, all));
      if (typeof next === 'string') skipped += 1;
      else if (next.contacts.length > all.length) added += 1;
      else if (JSON.stringify(next.contact) !== JSON.stringify(next.former)) changed += 1;
      if (typeof next !== 'string') all = next.contacts;
    }
    if (added + changed > 0) await this.#become(all);
    return { added, changed, skipped };
  }

  /** Changes before what there is was read would take its place. */
  #becomeWritable(): void {
    if (!this.#isRead) {
      throw new AgentException('not-ready', 'the phone book is still being read: try again');
    }
  }

  /** The book with one more; or why it takes no more, in words. */
  #joined(
    all: readonly Contact[],
    wanted: Contact,
  ): { readonly contacts: readonly Contact[]; contact: Contact; former?: Contact } | string {
    const isKept: boolean = isContact(wanted);
    if (!isKept) return `${wanted.name} has no name or number that can be kept`;
    const former = all.find(({ name }) => nameKey(name) === nameKey(wanted.name));
    if (!former) {
      if (all.length >= MAX_CONTACTS) return `the phone book is full: it has ${MAX_CONTACTS} names`;
      return { contacts: sorted([...all, wanted]), contact: wanted };
    }
    const numbers = [...new Set([...former.numbers, ...wanted.numbers])];
    if (numbers.length > MAX_NUMBERS) {
      return `${former.name} has ${former.numbers.length} numbers; ${MAX_NUMBERS} at most`;
    }
    const contact = { ...former, ...wanted, name: former.name, numbers };
    return { contacts: all.map((one) => (one === former ? contact : one)), contact, former };
  }

  async #become(contacts: readonly Contact[]): Promise<void> {
    this.#contacts = contacts;
    await this.#keeper?.keep(contacts);
  }
}

function searched({ name, numbers, short = '' }: Contact): string {
  return nameKey([name, ...numbers, short].join('\n'));
}

function sorted(contacts: readonly Contact[]): readonly Contact[] {
  return [...contacts].sort((one, other) => {
    const [left, right] = [nameKey(one.name), nameKey(other.name)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function withFreeShort(contact: Contact, all: readonly Contact[]): Contact {
  const { short, ...rest } = contact;
  const isTaken = all.some(
    (one) => one.short === short && nameKey(one.name) !== nameKey(rest.name),
  );
  return short === undefined || isTaken ? rest : contact;
}
