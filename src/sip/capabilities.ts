import type { Capabilities, HeaderList } from './message';

/** Methods served; anything else is 405 or 501 (RFC 3261 §8.2.1). */
export const ALLOW = ['INVITE', 'ACK', 'CANCEL', 'BYE', 'OPTIONS', 'INFO'] as const;

/** Option tags; `path` asks nothing of a user agent but tolerance (RFC 3327 §5.1). */
const EXTENSIONS = ['path'] as const;

export const SDP = 'application/sdp';

/** Requests for a key frame, RFC 5168. */
const MEDIA_CONTROL = 'application/media_control+xml';

/** What is served by method: INFO brings media control, everything else session descriptions. */
export function capabilitiesFor(method: string): Capabilities {
  return method === 'INFO' ? INFO_CAPABILITIES : CAPABILITIES;
}

const CAPABILITIES: Capabilities = {
  methods: ALLOW,
  extensions: EXTENSIONS,
  contentTypes: [SDP],
};
const INFO_CAPABILITIES: Capabilities = { ...CAPABILITIES, contentTypes: [MEDIA_CONTROL] };

/** Fields of INVITE and of its 2xx (RFC 3261 §13.2.1, §13.3.1.4). */
export const ALLOW_AND_SUPPORTED: HeaderList = [
  ['Allow', ALLOW.join(', ')],
  ['Supported', EXTENSIONS.join(', ')],
];

/** Fields of the answer to OPTIONS, RFC 3261 §11.2. */
export const OPTIONS_ANSWER: HeaderList = [
  ...ALLOW_AND_SUPPORTED,
  ['Accept', `${SDP}, ${MEDIA_CONTROL}`],
  ['Accept-Encoding', 'identity'],
  ['Accept-Language', 'en'],
];
