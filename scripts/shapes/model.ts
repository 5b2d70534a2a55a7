/** What src/media declares to cross Node-API, as far as C++ needs to know it. */

/** A value: a C++ type by name, and how many of them. */
export interface Value {
  /** `std::uint64_t`, or the name of another shape. */
  readonly cpp: string;
  /** Bounds of a number that goes down; the type's own where there are none. */
  readonly range?: Range;
  readonly many?: Many;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A list that grows, one in a fixed room, or a tuple. */
export type Many =
  | { readonly kind: 'growing' }
  | { readonly kind: 'bounded'; readonly most: number; readonly least: number }
  | { readonly kind: 'exactly'; readonly count: number };

export interface Field {
  readonly name: string;
  readonly doc: string;
  readonly optional: boolean;
  readonly value: Value;
  /** In a union: the C++ conditions of which one has to hold for the field to be there. */
  readonly when: readonly string[];
}

export interface Struct {
  readonly kind: 'struct';
  readonly name: string;
  readonly doc: string;
  readonly bases: readonly string[];
  readonly fields: readonly Field[];
}

export interface Words {
  readonly kind: 'words';
  readonly name: string;
  readonly doc: string;
  readonly words: readonly Word[];
}

export interface Word {
  readonly word: string;
  readonly enumerator: string;
  readonly doc: string;
}

export type Shape = Struct | Words;

/** `first-picture` and `firstPicture` become `FirstPicture`. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|[-_])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `firstPictureMs` becomes `first_picture_ms`, `alsa-lib` `alsa_lib`. */
export function snakeCase(name: string): string {
  return name.replace(/-/g, '_').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `not-reached` becomes `kNotReached`, `PCMA` `kPcma`. */
export function enumeratorOf(word: string): string {
  const plain = word === word.toUpperCase() ? word.toLowerCase() : word;
  return `k${pascalCase(plain)}`;
}
