/** What became of a document that a notifier has told. */
export type Taken =
  /** It counts. */
  | 'taken'
  /** It says nothing new. */
  | 'stale'
  /** It counts, and is not all: the whole state has to be asked for. */
  | 'incomplete'
  /** It cannot be read. */
  | { readonly fault: string };

/** What is known of somebody by the documents of an event package. */
export interface EventTable<State> {
  /** A new subscription begins: its versions are not those of the last one. */
  restart(): void;
  take(document: string): Taken;
  /** The notifier says that there is nothing to tell. */
  takeNothing(): void;
  /** Nothing is known any more. */
  forget(): void;
  readonly state: State;
}

/** No more of a name, an address or a note is kept, in characters. */
const LONGEST_TEXT = 200;

/** What is shown of a text from outside; undefined for none. */
export function shown(text: string | undefined): string | undefined {
  return text ? text.slice(0, LONGEST_TEXT) : undefined;
}
