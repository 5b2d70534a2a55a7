import type { XmlElement } from '../../platform';

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

/** No more of a name, an address or a note is kept: a status that tells of many has to fit into a datagram, bytes. */
const MOST_SHOWN = 100;
/** An id that is longer is none, in characters: cut, two of them would be one. */
const LONGEST_ID = 256;

/** What is shown of a text from outside, in whole characters; undefined for none. */
export function shown(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const bytes = Buffer.from(text);
  if (bytes.length <= MOST_SHOWN) return text;
  return bytes
    .subarray(0, MOST_SHOWN)
    .toString()
    .replace(/\ufffd+$/, '');
}

/** By what a row of a table is known. */
export function idOf({ attributes }: XmlElement): string | undefined {
  const id = attributes.get('id') ?? '';
  return id !== '' && id.length <= LONGEST_ID ? id : undefined;
}
