import { isThisMachine, type Random } from '../../platform';
import type { Routing } from '../account';
import { DigestClient } from '../auth';
import { type SipResponse, type SipUri, sameName, type Uri } from '../message';
import { TargetSet } from '../request';

export interface InviteWayParts {
  /** Request-URI: the target, or a service that is found there. */
  readonly callee: Uri;
  readonly target: SipUri;
  /** The way to a target: by the account's first hop, if it has one (RFC 3261 §8.1.2). */
  readonly route: (target: SipUri) => Routing;
  /** The account's address of record. */
  readonly aor: SipUri;
  readonly digest: DigestClient;
}

/** Whom an INVITE of ours is for, by which way, and with whose credentials: what a 3xx changes. */
export class InviteWay {
  readonly #parts: InviteWayParts;
  readonly #random: Random;
  readonly #targets: TargetSet;
  #callee: Uri;
  #target: SipUri;
  #routing: Routing;
  #digest: DigestClient;
  #isNamedByStrangers = false;

  constructor(parts: InviteWayParts, random: Random) {
    this.#parts = parts;
    this.#random = random;
    this.#callee = parts.callee;
    this.#target = parts.target;
    this.#routing = parts.route(parts.target);
    this.#digest = parts.digest;
    this.#targets = new TargetSet(parts.target, (target) => this.#objectionTo(target));
  }

  /** The Request-URI. */
  get callee(): Uri {
    return this.#callee;
  }

  get target(): SipUri {
    return this.#target;
  }

  get routing(): Routing {
    return this.#routing;
  }

  get digest(): DigestClient {
    return this.#digest;
  }

  /** Somebody who is not on this machine has said where to go. */
  get isNamedByStrangers(): boolean {
    return this.#isNamedByStrangers;
  }

  /** Takes what a 3xx names. Returns why those that are not called are not, in words. */
  add(response: SipResponse): string[] {
    if (!isThisMachine(response.source ?? '')) this.#isNamedByStrangers = true;
    return this.#targets.add(response);
  }

  /** On to the next target, RFC 3261 §8.1.3.4. False when there is none. */
  next(): boolean {
    const target = this.#targets.next();
    if (!target) return false;
    // The word of a stranger makes no call at the account's expense.
    if (!this.#routing.toAccountHop) this.#digest = new DigestClient(undefined, this.#random);
    this.#callee = target;
    this.#target = target;
    this.#routing = this.#parts.route(target);
    return true;
  }

  #objectionTo(target: SipUri): string | undefined {
    const { aor, route } = this.#parts;
    if (target.user === aor.user && sameName(target.host, aor.host)) return 'that is us';
    const isOurs = route(target).toAccountHop;
    return isOurs && !this.#routing.toAccountHop
      ? 'not called by the word of a stranger, being at the account’s own PBX'
      : undefined;
  }
}
