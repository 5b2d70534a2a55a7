import { isThisMachine } from '../../platform';
import { type NameAddr, type SipResponse, type SipUri, sameUri } from '../message';

/** Addresses that one request is sent to after redirections, in all. */
const MAX_TARGETS = 5;
/** Contacts that are looked at in one response. */
const MAX_CONTACTS = 20;

/** Multiple Choices, Moved Permanently, Moved Temporarily: §21.3.1 to §21.3.3. */
const FOLLOWED = [300, 301, 302];

/** Says why a target is not called; undefined when it is. */
export type Objection = (target: SipUri) => string | undefined;

/**
 * Where a request goes when it is redirected, RFC 3261 §8.1.3.4: the Contacts of the 3xx by their
 * `q`, each once, so that a loop ends. Use Proxy (305) would have us send by a stranger's way, and
 * Alternative Service (380) says nothing to a machine: neither is followed.
 */
export class TargetSet {
  readonly #known: SipUri[];
  readonly #objection: Objection;
  #waiting: readonly { readonly uri: SipUri; readonly q: number }[] = [];
  #followed = 0;

  constructor(first: SipUri, objection: Objection) {
    this.#known = [first];
    this.#objection = objection;
  }

  /** Takes the Contacts of a 3xx. Returns why those that are not called are not, in words. */
  add(response: SipResponse): string[] {
    if (!FOLLOWED.includes(response.status)) return [];
    const objections: string[] = [];
    for (const contact of response.contacts.slice(0, MAX_CONTACTS)) {
      const objection = this.#add(contact, response);
      if (objection !== undefined) objections.push(`${contact.uri}: ${objection}`);
    }
    return objections;
  }

  /** The next one; undefined when there is none, or enough have been tried. */
  next(): SipUri | undefined {
    const [first, ...others] = this.#waiting;
    if (!first || this.#followed >= MAX_TARGETS) return undefined;
    this.#waiting = others;
    this.#followed++;
    return first.uri;
  }

  #add({ uri, params }: NameAddr, response: SipResponse): string | undefined {
    if (uri.kind !== 'sip' || uri.scheme !== 'sip') return 'only sip: addresses are called';
    const method = uri.params.get('method');
    if (method !== undefined && method.toUpperCase() !== 'INVITE') return 'that is no call';
    const target = uri.withParams(uri.params.without('method')).withoutHeaders();
    if (this.#known.some((one) => sameUri(one, target))) return 'has been called already';
    // Nobody else's word leads a call to this machine itself.
    if (namesThisMachine(target) && !isThisMachine(response.source ?? '')) {
      return 'that is this machine';
    }
    const objection = this.#objection(target);
    if (objection !== undefined) return objection;
    this.#known.push(target);
    // The sort is stable: of one preference the first named comes first.
    this.#waiting = [...this.#waiting, { uri: target, q: preferenceOf(params.get('q')) }].sort(
      (a, b) => b.q - a.q,
    );
    return undefined;
  }
}

/** `qvalue`, RFC 3261 §25.1; 1 when it is absent or odd (§20.10 leaves it open). */
function preferenceOf(text: string | undefined): number {
  return text !== undefined && /^[01](\.\d{0,3})?$/.test(text) ? Math.min(1, Number(text)) : 1;
}

function namesThisMachine({ host, params }: SipUri): boolean {
  const place = params.get('maddr') ?? host;
  // RFC 6761 §6.3: names below it as well. Where any other name leads shows when it is looked up.
  return /(^|\.)localhost\.?$/i.test(place) || isThisMachine(place);
}
