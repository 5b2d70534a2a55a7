import type { IncomingMessage } from 'node:http';
import { LIFE_MS } from './sessions';

/**
 * The cookie that holds a session's token. Browsers keep cookies by host and mind no port: the name says it.
 * `__Host-` keeps neighbours of one domain from setting it (RFC 6265bis §4.1.3.2).
 */
export class SessionCookie {
  readonly #name: string;
  readonly #attributes: string;

  constructor(port: number, isEncrypted: boolean) {
    this.#name = `${isEncrypted ? '__Host-' : ''}dashvoip-${port}`;
    this.#attributes = `; Path=/; HttpOnly; SameSite=Strict${isEncrypted ? '; Secure' : ''}`;
  }

  in({ headers }: IncomingMessage): string | undefined {
    const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
    const prefix = `${this.#name}=`;
    return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
  }

  /** @param lifeMs how long a browser keeps it. */
  set(token: string, lifeMs = LIFE_MS): Readonly<Record<string, string>> {
    return this.#header(token, Math.floor(lifeMs / 1000));
  }

  clear(): Readonly<Record<string, string>> {
    return this.#header('', 0);
  }

  #header(value: string, maxAgeS: number): Readonly<Record<string, string>> {
    return { 'Set-Cookie': `${this.#name}=${value}; Max-Age=${maxAgeS}${this.#attributes}` };
  }
}
