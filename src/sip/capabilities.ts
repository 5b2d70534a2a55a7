import { acceptOf, type Capabilities, type HeaderList } from './message';

export const SDP = 'application/sdp';

/** What one usage of the user agent brings; Allow, Supported and Accept are drawn from all of them. */
export interface UsageKind {
  /** Its methods, each with the media types of the bodies that it understands. */
  readonly methods: Readonly<Record<string, readonly string[]>>;
  /** Its option tags. */
  readonly extensions: readonly string[];
  /** Those that it knows as a caller in any case, and as a callee only by `extensions`. */
  readonly callerExtensions?: readonly string[];
}

/** Whatever else is served: RFC 3261 §11, and Path, which asks for tolerance only (RFC 3327 §5.1). */
const CORE: UsageKind = { methods: { OPTIONS: [SDP] }, extensions: ['path'] };

/** What this user agent serves, and how it says so. */
export class CapabilitySet {
  /** Methods served; anything else is 405 or 501 (RFC 3261 §8.2.1). */
  readonly allow: readonly string[];
  /** Allow and Supported, for requests within dialogs and for 2xx (RFC 3261 §13.3.1.4). */
  readonly fields: HeaderList;
  /** The same for a request that begins a dialog. */
  readonly inviteFields: HeaderList;
  /** Fields of the answer to OPTIONS, RFC 3261 §11.2. */
  readonly optionsAnswer: HeaderList;
  readonly #typesOfMethod: ReadonlyMap<string, readonly string[]>;
  readonly #extensions: readonly string[];

  /** @param served the usages beside what is always served. */
  constructor(served: readonly UsageKind[]) {
    const usages = [...served, CORE];
    this.#typesOfMethod = new Map(usages.flatMap(({ methods }) => Object.entries(methods)));
    this.#extensions = usages.flatMap(({ extensions }) => extensions);
    this.allow = [...this.#typesOfMethod.keys()];
    const ofCaller = usages.flatMap(({ callerExtensions = [] }) => callerExtensions);
    const called = [...new Set([...this.#extensions, ...ofCaller])];
    this.fields = allowAndSupported(this.allow, this.#extensions);
    this.inviteFields = allowAndSupported(this.allow, called);
    this.optionsAnswer = [
      ...this.fields,
      // §11.2: those of an INVITE; whoever sends another method hears of its own by 415.
      ['Accept', acceptOf(this.of('INVITE').contentTypes)],
      ['Accept-Encoding', 'identity'],
      ['Accept-Language', 'en'],
    ];
  }

  /** What is served by method. */
  of(method: string): Capabilities {
    const contentTypes = this.#typesOfMethod.get(method) ?? [SDP];
    return { methods: this.allow, extensions: this.#extensions, contentTypes };
  }
}

function allowAndSupported(allow: readonly string[], extensions: readonly string[]): HeaderList {
  return [
    ['Allow', allow.join(', ')],
    ['Supported', extensions.join(', ')],
  ];
}
