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

/** INVITE sessions: RFC 3261 §13-15, PRACK (RFC 3262), UPDATE (RFC 3311), timers (RFC 4028), INFO. */
const INVITE = {
  methods: {
    INVITE: [SDP],
    ACK: [SDP],
    CANCEL: [SDP],
    BYE: [SDP],
    PRACK: [SDP],
    UPDATE: [SDP],
    INFO: [MEDIA_CONTROL, DTMF_RELAY, DTMF],
  },
  extensions: ['timer', '100rel'],
} as const satisfies Usage;

const USAGES: readonly Usage[] = [INVITE, CORE];

const TYPES_OF_METHOD: ReadonlyMap<string, readonly string[]> = new Map(
  USAGES.flatMap(({ methods }) => Object.entries(methods)),
);

/** Methods served; anything else is 405 or 501 (RFC 3261 §8.2.1). */
export const ALLOW: readonly string[] = [...TYPES_OF_METHOD.keys()];

const EXTENSIONS: readonly string[] = USAGES.flatMap(({ extensions }) => extensions);

/** What is served by method. */
export function capabilitiesFor(method: string): Capabilities {
  return { ...CAPABILITIES, contentTypes: TYPES_OF_METHOD.get(method) ?? [SDP] };
}

const CAPABILITIES: Capabilities = { methods: ALLOW, extensions: EXTENSIONS, contentTypes: [SDP] };

/** Fields of INVITE and of its 2xx (RFC 3261 §13.2.1, §13.3.1.4). */
export const ALLOW_AND_SUPPORTED: HeaderList = [
  ['Allow', ALLOW.join(', ')],
  ['Supported', EXTENSIONS.join(', ')],
];

/** Fields of the answer to OPTIONS, RFC 3261 §11.2. */
export const OPTIONS_ANSWER: HeaderList = [
  ...ALLOW_AND_SUPPORTED,
  ['Accept', acceptOf([...new Set([...TYPES_OF_METHOD.values()].flat())])],
  ['Accept-Encoding', 'identity'],
  ['Accept-Language', 'en'],
];
