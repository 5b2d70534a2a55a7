import { checkText, type HeaderList, type HeaderValue, makeField } from './field-list';
import { CSeq } from './field-values';
import type { HeaderField } from './header-field';
import type { NameAddr } from './name-addr';
import { checkStartLine, SipRequest } from './request';
import { SipResponse } from './response';
import { reasonPhrase } from './status';
import type { Uri } from './uri';
import type { Via } from './via';

export interface Body {
  /** As `application/sdp`. */
  readonly contentType: string;
  readonly content: string | Uint8Array;
}

export interface RequestParts {
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  /** Sequence number; the method is the request's. */
  readonly cseq: number;
  /** 70 unless told (RFC 3261 §8.1.1.6). */
  readonly maxForwards?: number;
  readonly routes?: readonly NameAddr[];
  readonly contact?: NameAddr;
  /** Further fields in order. */
  readonly headers?: HeaderList;
  readonly body?: Body;
}

/**
 * A request with its fields in the order that RFC 3261 §7.3.1 recommends: what routes it first.
 * @throws HeaderError for a line break in a value
 */
export function createRequest(method: string, uri: Uri, parts: RequestParts): SipRequest {
  checkStartLine(method, uri);
  const fields: HeaderField[] = [];
  const add = (name: string, value: HeaderValue): void => {
    fields.push(makeField(name, value));
  };
  add('Via', parts.via);
  for (const route of parts.routes ?? []) add('Route', route);
  add('Max-Forwards', parts.maxForwards ?? 70);
  add('From', parts.from);
  add('To', parts.to);
  add('Call-ID', parts.callId);
  add('CSeq', new CSeq(parts.cseq, method));
  if (parts.contact) add('Contact', parts.contact);
  for (const [name, value] of parts.headers ?? []) add(name, value);
  const request = new SipRequest(method, uri, fields);
  return parts.body ? request.setBody(parts.body.contentType, parts.body.content) : request;
}

export interface ResponseParts {
  /** The usual phrase unless told. */
  readonly reason?: string;
  /** Added to To when the request's has none (RFC 3261 §8.2.6.2). */
  readonly toTag?: string;
  readonly contact?: NameAddr;
  readonly headers?: HeaderList;
  readonly body?: Body;
}

/**
 * A response to `request` (RFC 3261 §8.2.6): Via, From, To, Call-ID, CSeq and Record-Route are
 * copied, and Timestamp into a 100.
 * @throws HeaderError for a line break in a value
 */
export function createResponse(
  request: SipRequest,
  status: number,
  parts: ResponseParts = {},
): SipResponse {
  const fields = request.fields.filter((field) => isCopied(field.name, status));
  const reason = checkText(parts.reason ?? reasonPhrase(status));
  const response = new SipResponse(status, reason, fields);
  if (parts.toTag !== undefined && request.to.tag === undefined) {
    response.set('To', request.to.withTag(parts.toTag));
  }
  if (parts.contact) response.append('Contact', parts.contact);
  response.appendAll(parts.headers ?? []);
  return parts.body ? response.setBody(parts.body.contentType, parts.body.content) : response;
}

function isCopied(name: string, status: number): boolean {
  switch (name) {
    case 'Via':
    case 'From':
    case 'To':
    case 'Call-ID':
    case 'CSeq':
      return true;
    case 'Record-Route':
      // RFC 3261 §12.1.1: the route set is for responses that make a dialog.
      return status > 100 && status < 300;
    case 'Timestamp':
      return status === 100;
    default:
      return false;
  }
}
