import { isSpace, skipClass, TOKEN, VALUE } from './chars';
import { type Liberties, libertyOf } from './leniency';
import { Params } from './params';

export const COMMA = 0x2c;
export const SEMICOLON = 0x3b;
export const LESS_THAN = 0x3c;
export const EQUALS = 0x3d;
export const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const EMPTY_PARAM = libertyOf('an empty parameter');
const EMPTY_ELEMENT = libertyOf('an empty element of a list');

/**
 * Walks through one header field value. Methods that read return undefined on what they do not
 * expect; the value is malformed then and the reader is of no more use.
 */
export class ValueReader {
  position: number;
  /** What was let pass (see `leniency`). */
  liberties: Liberties = 0;

  constructor(
    readonly text: string,
    start: number,
    readonly end: number,
  ) {
    this.position = start;
  }

  get atEnd(): boolean {
    return this.position >= this.end;
  }

  /** Character code at the position; -1 at the end. */
  peek(): number {
    return this.position < this.end ? this.text.charCodeAt(this.position) : -1;
  }

  skipSpace(): void {
    while (this.position < this.end && isSpace(this.text.charCodeAt(this.position))) {
      this.position++;
    }
  }

  accept(code: number): boolean {
    if (this.peek() !== code) return false;
    this.position++;
    return true;
  }

  readToken(): string | undefined {
    return this.readClass(TOKEN);
  }

  /** One or more characters of the classes `bits`. */
  readClass(bits: number): string | undefined {
    const start = this.position;
    this.position = skipClass(this.text, start, this.end, bits);
    return this.position === start ? undefined : this.text.slice(start, this.position);
  }

  /** A quoted-string with its quotes; undefined when it is not closed. */
  readQuoted(): string | undefined {
    const start = this.position;
    for (let i = start + 1; i < this.end; i++) {
      const code = this.text.charCodeAt(i);
      if (code === BACKSLASH) i++;
      else if (code === QUOTE) {
        this.position = i + 1;
        return this.text.slice(start, this.position);
      }
    }
    return undefined;
  }

  /** The right side of `name=value`: quoted, or plain and perhaps empty. */
  readParamValue(): string | undefined {
    if (this.peek() === QUOTE) return this.readQuoted();
    const start = this.position;
    this.position = skipClass(this.text, start, this.end, VALUE);
    return this.text.slice(start, this.position);
  }

  get #isParamOver(): boolean {
    const code = this.peek();
    return code < 0 || code === SEMICOLON || code === COMMA;
  }

  /** `*( SEMI generic-param )`, up to whatever follows. */
  readParams(): Params | undefined {
    let items: (string | undefined)[] | undefined;
    for (;;) {
      this.skipSpace();
      if (!this.accept(SEMICOLON)) break;
      this.skipSpace();
      const name = this.readToken();
      if (name === undefined) {
        if (!this.#isParamOver) return undefined;
        this.liberties |= EMPTY_PARAM;
        continue;
      }
      this.skipSpace();
      let value: string | undefined;
      if (this.accept(EQUALS)) {
        this.skipSpace();
        value = this.readParamValue();
        if (value === undefined) return undefined;
      }
      if (items) items.push(name, value);
      else items = [name, value];
    }
    return items ? Params.fromItems(items) : Params.EMPTY;
  }

  /** Goes behind the next comma that is not within quotes, or to the end. */
  skipElement(): void {
    while (this.position < this.end) {
      const code = this.peek();
      // One that never closes holds all of the rest.
      if (code === QUOTE && this.readQuoted() === undefined) this.position = this.end;
      else if (code !== QUOTE) this.position++;
      if (code === COMMA) return;
    }
  }

  /** Appends one or more values separated by commas; false when one of them is malformed. */
  readList<Value>(readOne: (reader: ValueReader) => Value | undefined, values: Value[]): boolean {
    do {
      this.skipSpace();
      if (this.atEnd || this.peek() === COMMA) {
        this.liberties |= EMPTY_ELEMENT;
        continue;
      }
      const value = readOne(this);
      if (value === undefined) return false;
      values.push(value);
      this.skipSpace();
    } while (this.accept(COMMA));
    return this.atEnd;
  }
}
