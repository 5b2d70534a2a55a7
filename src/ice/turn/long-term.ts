import { createHash } from 'node:crypto';
import { ATTRIBUTE, type StunAttribute, type StunMessage, textValue } from '../stun';

export interface TurnUser {
  readonly username: string;
  readonly password: string;
}

/** What a server's challenge is answered with (RFC 8489 §9.2): by MD5, as every server takes it. */
export class LongTermCredentials {
  readonly #user: TurnUser;
  #realm: string | undefined;
  #nonce: Uint8Array | undefined;
  #key: Uint8Array | undefined;

  constructor(user: TurnUser) {
    this.#user = user;
  }

  get key(): Uint8Array | undefined {
    return this.#key;
  }

  get attributes(): readonly StunAttribute[] {
    if (this.#realm === undefined || !this.#nonce) return [];
    return [
      { type: ATTRIBUTE.username, value: textValue(this.#user.username) },
      { type: ATTRIBUTE.realm, value: textValue(this.#realm) },
      { type: ATTRIBUTE.nonce, value: this.#nonce },
    ];
  }

  /** Whether the request may go once more: 401 for the first time, or 438 (§9.2.5). */
  isChallenged(error: StunMessage): boolean {
    const { errorCode } = error;
    const realm = error.text(ATTRIBUTE.realm) ?? this.#realm;
    const nonce = error.value(ATTRIBUTE.nonce);
    const isWrong = errorCode === 401 && this.#key !== undefined;
    if (isWrong || (errorCode !== 401 && errorCode !== 438)) return false;
    if (realm === undefined || !nonce) return false;
    const { username, password } = this.#user;
    this.#realm = realm;
    this.#nonce = Buffer.from(nonce);
    this.#key = createHash('md5').update(`${username}:${realm}:${password}`).digest();
    return true;
  }
}
