import { isIPv6 } from 'node:net';
import { DIGIT, HOST, isClass, skipClass, TOKEN, URI_VISIBLE } from './chars';
import { Params } from './params';
import { OtherUri, SipUri, type Uri } from './uri';

/** A text that was to be a URI and is none. */
export class UriException extends Error {
  override readonly name = 'UriException';
  constructor(readonly text: string) {
    super(`expected a URI as sip:user@host, found ${JSON.stringify(text)}`);
  }
}

/** @throws UriException */
export function parseUri(text: string): Uri {
  const uri = readUri(text, 0, text.length);
  if (!uri) throw new UriException(text);
  return uri;
}

/** @throws UriException also for a URI of another scheme */
export function parseSipUri(text: string): SipUri {
  const uri = parseUri(text);
  if (uri.kind !== 'sip') throw new UriException(text);
  return uri;
}

const COLON = 0x3a;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUESTION_MARK = 0x3f;
const AMPERSAND = 0x26;
const AT = 0x40;
const BRACKET = 0x5b;

/** The URI that fills `text` from `start` to `end`; undefined when malformed. */
export function readUri(text: string, start: number, end: number): Uri | undefined {
  if (text.startsWith('sip:', start)) return new SipUriReader(text, start + 4, end).read('sip');
  const colon = skipClass(text, start, end, TOKEN);
  if (colon === start || text.charCodeAt(colon) !== COLON) return undefined;
  const scheme = text.slice(start, colon).toLowerCase();
  if (scheme === 'sip' || scheme === 'sips') {
    return new SipUriReader(text, colon + 1, end).read(scheme);
  }
  return readOther(text, start, colon, end);
}

function readOther(text: string, start: number, colon: number, end: number): Uri | undefined {
  const opaqueEnd = skipClass(text, colon + 1, end, URI_VISIBLE);
  if (opaqueEnd !== end || opaqueEnd === colon + 1) return undefined;
  return new OtherUri(text.slice(start, colon), text.slice(colon + 1, end));
}

/** Reads what follows `sip:` (RFC 3261 §25.1, SIP-URI). */
class SipUriReader {
  #position: number;
  readonly #text: string;
  readonly #end: number;
  #user: string | undefined;
  #password: string | undefined;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#position = start;
    this.#end = end;
  }

  read(scheme: 'sip' | 'sips'): SipUri | undefined {
    if (!this.#readUserInfo()) return undefined;
    const host = this.#readHost();
    if (host === undefined) return undefined;
    let port: number | undefined;
    if (this.#at(COLON)) {
      port = this.#readPort();
      if (port === undefined) return undefined;
    }
    const params = this.#at(SEMICOLON) ? this.#readParams() : Params.EMPTY;
    const headers = this.#at(QUESTION_MARK) ? this.#readHeaders() : Params.EMPTY;
    if (!params || !headers || this.#position !== this.#end) return undefined;
    return new SipUri(scheme, this.#user, host, port, params, headers, this.#password);
  }

  #at(code: number): boolean {
    return this.#position < this.#end && this.#text.charCodeAt(this.#position) === code;
  }

  /**
   * The user may contain `;`, `?` and `/`, so it is over only at the `@` (RFC 4475 §3.1.1.9). Raw
   * characters that should have been escaped (`#`, UTF-8) are let through: peers dial them.
   */
  #readUserInfo(): boolean {
    const start = this.#position;
    let colon = -1;
    for (let i = start; i < this.#end; i++) {
      const code = this.#text.charCodeAt(i);
      if (code === AT) {
        if (i === start || colon === start) return false;
        this.#user = this.#text.slice(start, colon < 0 ? i : colon);
        if (colon >= 0) this.#password = this.#text.slice(colon + 1, i);
        this.#position = i + 1;
        return true;
      }
      if (code === COLON && colon < 0) colon = i;
      else if (code < 128 && !isClass(code, URI_VISIBLE)) return false;
    }
    return true;
  }

  #readHost(): string | undefined {
    const start = this.#position;
    if (this.#at(BRACKET)) {
      const read = readIpv6Reference(this.#text, start, this.#end);
      if (!read) return undefined;
      this.#position = read.next;
      return read.address;
    }
    this.#position = skipClass(this.#text, start, this.#end, HOST);
    return this.#position === start ? undefined : this.#text.slice(start, this.#position);
  }

  #readPort(): number | undefined {
    const start = this.#position + 1;
    this.#position = skipClass(this.#text, start, this.#end, DIGIT);
    return readPort(this.#text, start, this.#position);
  }

  #readParams(): Params | undefined {
    const items: (string | undefined)[] = [];
    while (this.#at(SEMICOLON)) {
      this.#position++;
      const name = this.#readUntil(SEMICOLON, QUESTION_MARK, EQUALS);
      if (name === '') return undefined;
      let value: string | undefined;
      if (this.#at(EQUALS)) {
        this.#position++;
        value = this.#readUntil(SEMICOLON, QUESTION_MARK, QUESTION_MARK);
      }
      items.push(name, value);
    }
    return Params.fromItems(items);
  }

  #readHeaders(): Params | undefined {
    const items: string[] = [];
    do {
      this.#position++;
      const name = this.#readUntil(EQUALS, AMPERSAND, AMPERSAND);
      if (name === '' || !this.#at(EQUALS)) return undefined;
      this.#position++;
      items.push(name, this.#readUntil(AMPERSAND, AMPERSAND, AMPERSAND));
    } while (this.#at(AMPERSAND));
    return Params.fromItems(items);
  }

  /** Up to one of three delimiters or what no URI may contain. */
  #readUntil(a: number, b: number, c: number): string {
    const start = this.#position;
    let i = start;
    for (; i < this.#end; i++) {
      const code = this.#text.charCodeAt(i);
      if (code === a || code === b || code === c || !isClass(code, URI_VISIBLE)) break;
    }
    this.#position = i;
    return this.#text.slice(start, i);
  }
}

/** A port in [0, 65535] from the digits between `start` and `end`. */
export function readPort(text: string, start: number, end: number): number | undefined {
  if (end === start || end - start > 5) return undefined;
  let port = 0;
  for (let i = start; i < end; i++) port = port * 10 + text.charCodeAt(i) - 0x30;
  return port <= 0xffff ? port : undefined;
}

/**
 * `[address]` at `start`. The third colon that the grammar of RFC 3261 lets into an address with an
 * IPv4 tail is tolerated and dropped (RFC 5118 §4.10).
 */
export function readIpv6Reference(
  text: string,
  start: number,
  end: number,
): { address: string; next: number } | undefined {
  let close = start + 1;
  while (close < end && text.charCodeAt(close) !== 0x5d) close++;
  if (close >= end) return undefined;
  const address = text.slice(start + 1, close).replace(':::', '::');
  return isIPv6(address) && !address.includes('%') ? { address, next: close + 1 } : undefined;
}
