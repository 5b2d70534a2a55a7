export {
  type Body,
  createRequest,
  createResponse,
  type RequestParts,
  type ResponseParts,
} from './builder';
export { quote, unquote } from './escaping';
export { replyToFailure } from './failure-reply';
export { HeaderError, type HeaderList, type HeaderName, type HeaderValue } from './field-list';
export { AuthValue, CSeq, TypedValue } from './field-values';
export type { HeaderField } from './header-field';
export type { KnownHeaderName } from './header-name';
export { type Liberties, libertyNames } from './leniency';
export { NameAddr } from './name-addr';
export { Params, sameName } from './params';
export { type DialogIdentity, type MessageIdentity, ParseFailure } from './parse-failure';
export { announcedLength, parseMessage, type SipMessage } from './parser';
export { SipRequest } from './request';
export { SipResponse } from './response';
export { serializeMessage } from './serializer';
export { formatSipDate } from './sip-date';
export { reasonPhrase } from './status';
export { encodeText, ownText } from './text';
export { formatHostPort, OtherUri, SipUri, type Uri } from './uri';
export { sameUri } from './uri-compare';
export { parseSipUri, parseUri, UriException } from './uri-parser';
export {
  acceptOf,
  type Capabilities,
  type Verdict,
  validateRequest,
  validateResponse,
} from './validator';
export { BRANCH_COOKIE, Via } from './via';
