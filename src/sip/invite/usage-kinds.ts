import { SDP, type UsageKind } from '../capabilities';
import { CONTROL_TYPE } from './control-document';
import { DTMF, DTMF_RELAY } from './dtmf-info';

/** Requests for a key frame, RFC 5168. */
const MEDIA_CONTROL = 'application/media_control+xml';

const RELIABLE_TAG = '100rel';

/** INVITE sessions: RFC 3261 §13-15, session timers (RFC 4028), INFO. */
export const INVITE_USAGE = {
  methods: {
    INVITE: [SDP],
    ACK: [SDP],
    CANCEL: [SDP],
    BYE: [SDP],
    INFO: [MEDIA_CONTROL, DTMF_RELAY, DTMF, CONTROL_TYPE],
  },
  extensions: ['timer'],
  // As a caller we acknowledge reliable responses at any time (RFC 3262 §4).
  callerExtensions: [RELIABLE_TAG],
} as const satisfies UsageKind;

/** Offers and answers before and beside INVITE: PRACK (RFC 3262) and UPDATE (RFC 3311). */
export const RELIABLE_USAGE = {
  methods: { PRACK: [SDP], UPDATE: [SDP] },
  extensions: [RELIABLE_TAG],
} as const satisfies UsageKind;

/** What an INVITE usage serves within its dialog; what is not in Allow does not get there. */
export const INVITE_METHODS: ReadonlySet<string> = new Set([
  ...Object.keys(INVITE_USAGE.methods),
  ...Object.keys(RELIABLE_USAGE.methods),
  'REFER',
  'MESSAGE',
]);
