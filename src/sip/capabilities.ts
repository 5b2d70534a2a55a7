import { acceptOf, type Capabilities, type HeaderList } from './message';

export const SDP = 'application/sdp';

/** Requests for a key frame, RFC 5168. */
const MEDIA_CONTROL = 'application/media_control+xml';

/** Two ways without an RFC in which telephones put a key into INFO. */
export const DTMF_RELAY = 'application/dtmf-relay';
export const DTMF = 'application/dtmf';

/** What one usage of the user agent brings; Allow, Supported and Accept are drawn from all of them. */
interface Usage {
  /** Its methods, each with the media types of the bodies that it understands. */
  readonly methods: Readonly<Record<string, readonly string[]>>;
  /** Its option tags. */
  readonly extensions: readonly string[];
}

/** Whatever else is served: RFC 3261 §11, and Path, which asks for tolerance only (RFC 3327 §5.1). */
const CORE = { methods: { OPTIONS: [SDP] }, extensions: ['path'] } as const satisfies Usage;

/** INVITE sessions: RFC 3261 §13-15, session timers (RFC 4028), INFO. */
const INVITE = {
  methods: {
    INVITE: [SDP],
    ACK: [SDP],
    CANCEL: [SDP],
    BYE: [SDP],
    INFO: [MEDIA_CONTROL, DTMF_RELAY, DTMF],
  },
  extensions: ['timer'],
} as const satisfies Usage;

const RELIABLE_TAG = '100rel';

/** Offers and answers before and beside INVITE: PRACK (RFC 3262) and UPDATE (RFC 3311). */
const RELIABLE = {
  methods: { PRACK: [SDP], UPDATE: [SDP] },
  extensions: [RELIABLE_TAG],
} as const satisfies Usage;

/** What this user agent serves, and how it says so. */
export class CapabilitySet {
  /** Methods served; anything else is 405 or 501 (RFC 3261 §8.2.1). */
  readonly allow: readonly string[];
  /** Allow and Supported, for requests within dialogs and for 2xx (RFC 3261 §13.3.1.4). */
  readonly fields: HeaderList;
  /** The same for an INVITE: as a caller we acknowledge reliable responses at any time (RFC 3262 §4). */
  readonly inviteFields: HeaderList;
  /** Fields of the answer to OPTIONS, RFC 3261 §11.2. */
  readonly optionsAnswer: HeaderList;
  readonly #typesOfMethod: ReadonlyMap<string, readonly string[]>;
  readonly #extensions: readonly string[];

  /** @param reliable whether callers may demand reliable provisional responses and send UPDATE. */
  constructor(reliable: boolean) {
    const usages: readonly Usage[] = reliable ? [INVITE, RELIABLE, CORE] : [INVITE, CORE];
    this.#typesOfMethod = new Map(usages.flatMap(({ methods }) => Object.entries(methods)));
    this.#extensions = usages.flatMap(({ extensions }) => extensions);
    this.allow = [...this.#typesOfMethod.keys()];
    const called = [...new Set([...this.#extensions, RELIABLE_TAG])];
    this.fields = allowAndSupported(this.allow, this.#extensions);
    this.inviteFields = allowAndSupported(this.allow, called);
    this.optionsAnswer = [
      ...this.fields,
      ['Accept', acceptOf([...new Set([...this.#typesOfMethod.values()].flat())])],
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
