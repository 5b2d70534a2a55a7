import { isToken } from './chars';
import { quote } from './escaping';
import { Params } from './params';
import { OtherUri, type Uri } from './uri';

/** Stands for one that could not be read, where the request can do without. */
export const UNREADABLE_URI = new OtherUri('unreadable', '');

/**
 * Value of From, To, Contact, Route, Record-Route and Refer-To (RFC 3261 §20.10), immutable.
 * `displayName` is text without quotes or escapes; `params` are the header's, not the URI's.
 */
export class NameAddr {
  constructor(
    readonly displayName: string | undefined,
    readonly uri: Uri,
    readonly params: Params = Params.EMPTY,
  ) {}

  /** One of which only the tag could be read: enough to find a dialog, too little to make one. */
  static unreadable(tag: string): NameAddr {
    return new NameAddr(undefined, UNREADABLE_URI, Params.of({ tag }));
  }

  get isUnreadable(): boolean {
    return this.uri === UNREADABLE_URI;
  }

  /** Undefined also for one that is empty: who sent it has made none. */
  get tag(): string | undefined {
    return this.params.get('tag') || undefined;
  }

  withTag(tag: string): NameAddr {
    return this.withParam('tag', tag);
  }

  /** With the wire value of a header parameter set. */
  withParam(name: string, value?: string): NameAddr {
    return new NameAddr(this.displayName, this.uri, this.params.with(name, value));
  }

  /** Name and address only, as for From of the opposite direction. */
  withoutParams(): NameAddr {
    return new NameAddr(this.displayName, this.uri);
  }

  /** Always in angle brackets, so that the parameters' owner is never in doubt. */
  toString(): string {
    return `${formatDisplayName(this.displayName)}<${this.uri}>${this.params}`;
  }
}

function formatDisplayName(name: string | undefined): string {
  if (name === undefined || name === '') return '';
  return name.split(' ').every(isToken) ? `${name} ` : `${quote(name)} `;
}
