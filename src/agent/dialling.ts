import { parseSipUri, UriException } from '../sip';
import type { Account } from './account';
import type { Caller } from './caller';
import { nameOf } from './caller';
import { DialPlan, type DialPlanSettings, digitsOf } from './dial-plan';
import { type Contact, nameKey, type PhoneBook } from './phone-book';
import { splitPostDial } from './post-dial';

/** What is called when somebody dials, and why. */
export interface Dialled {
  readonly uri: string;
  /** The name in the phone book. */
  readonly contact?: string;
  /** Pressed after the answer, as `,,1234#`; none where nothing follows. */
  readonly keys?: string;
  /** What was done to what was dialled, in words and in order. */
  readonly steps: readonly string[];
}

/** Names, short numbers and numbers to addresses, by phone book and dial plan; and back, for who calls. */
export class Dialling {
  readonly #book: PhoneBook;
  #plan: DialPlan;

  constructor(book: PhoneBook, settings: DialPlanSettings) {
    this.#book = book;
    this.#plan = new DialPlan(settings);
  }

  set settings(settings: DialPlanSettings) {
    this.#plan = new DialPlan(settings);
  }

  isEmergency(target: string): boolean {
    return this.#plan.isEmergency(splitPostDial(target).number);
  }

  /** @param account that it goes out by. */
  resolve(target: string, account: Account): Dialled {
    const dialled = splitPostDial(target);
    // What saves lives is for no rule and no name to change.
    if (this.#plan.isEmergency(dialled.number)) {
      const uri = account.complete(digitsOf(dialled.number) ?? dialled.number);
      return { uri, ...followedBy(dialled.keys, ['an emergency number: never rewritten']) };
    }
    const whole = this.#book.dialled(target.trim());
    const contact = whole ?? this.#book.dialled(dialled.number.trim());
    const [listed = dialled.number] = contact?.numbers ?? [];
    const { number, keys } = contact ? splitPostDial(listed) : dialled;
    const found = contact ? [`phone book: ${contact.name}, ${number}`] : [];
    const { uri, steps } = this.#address(number, account);
    const name = contact?.name ?? this.#named(uri, account);
    const more = contact && !whole ? dialled.keys : '';
    return {
      uri,
      ...(name === undefined ? {} : { contact: name }),
      ...followedBy(keys + more, [...found, ...steps]),
    };
  }

  /** The name of who calls in the phone book, as far as it is proved who calls. */
  nameOf({ origin, name, address }: Caller, account: Account): string | undefined {
    // Anybody can say that he is anybody: then he has to come from where that one is at home.
    const isThere = origin !== 'direct' || name.endsWith(`@${address}`);
    return isThere ? this.#named(name, account) : undefined;
  }

  /** Whether what `account` dials by `target` is the party of the address `uri`. */
  isSame(target: string, uri: string, account: Account): boolean {
    const keys = this.#keysOf(uri);
    return this.#keysOf(this.resolve(target, account).uri).some((key) => keys.includes(key));
  }

  #address(
    number: string,
    account: Account,
  ): { readonly uri: string; readonly steps: readonly string[] } {
    const digits = digitsOf(number);
    if (digits === undefined) return { uri: account.complete(number), steps: [] };
    if (this.#plan.isEmergency(digits)) return { uri: account.complete(digits), steps: [] };
    const planned = this.#plan.plan(digits);
    return { uri: account.complete(planned.number), steps: planned.steps };
  }

  #named(uri: string, account: Account): string | undefined {
    const wanted = new Set(this.#keysOf(uri));
    // A number is told as it is sent, or as it is known where it comes from.
    const isMeant = ({ numbers }: Contact): boolean =>
      numbers
        .map((listed) => splitPostDial(listed).number)
        .flatMap((number) => [this.#address(number, account).uri, account.complete(number)])
        .some((address) => this.#keysOf(address).some((key) => wanted.has(key)));
    return this.#book.all.find(isMeant)?.name;
  }

  /** By what two addresses are the same party: the address itself, and the number in it. */
  #keysOf(uri: string): string[] {
    try {
      const parsed = parseSipUri(uri);
      const digits = digitsOf(parsed.userText ?? '');
      const global = digits === undefined ? undefined : this.#plan.toE164(digits);
      return [nameKey(nameOf(parsed)), ...(global === undefined ? [] : [global])];
    } catch (error) {
      if (!(error instanceof UriException)) throw error;
      return [];
    }
  }
}

function followedBy(keys: string, steps: readonly string[]): Pick<Dialled, 'keys' | 'steps'> {
  if (keys === '') return { steps };
  return { keys, steps: [...steps, `after the answer: ${keys} (a comma is a pause of 2 s)`] };
}
