import { excerpt } from './escaping';
import type { HeaderList } from './field-list';
import { areAlike, undueLiberty } from './leniency';
import { sameName } from './params';
import type { SipRequest } from './request';
import type { SipResponse } from './response';
import { reasonPhrase } from './status';
import { BRANCH_COOKIE } from './via';

/** What is owed to a message, short of dialogs, authorization and the contents of bodies. */
export type Verdict =
  | { readonly kind: 'accept' }
  | {
      readonly kind: 'reject';
      readonly status: number;
      readonly reason: string;
      /** Fields that the status asks for: Allow, Accept, Unsupported, ... */
      readonly headers: HeaderList;
      /** What was wrong, for the log. */
      readonly problem: string;
    }
  | { readonly kind: 'drop'; readonly problem: string };

/** What the element serves. */
export interface Capabilities {
  /** Methods it serves; those of RFC 3261 and its extensions that it does not serve are owed 405. */
  readonly methods: readonly string[];
  /** Option tags it supports (Require). */
  readonly extensions: readonly string[];
  /** Media types of bodies it understands, as `application/sdp`. */
  readonly contentTypes: readonly string[];
}

const ACCEPT: Verdict = { kind: 'accept' };

/** Registered methods: one of these that is not served is 405, any other 501 (RFC 3261 §8.2.1). */
const KNOWN_METHODS = new Set([
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'MESSAGE',
  'NOTIFY',
  'OPTIONS',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
]);

/** RFC 3261 §8.1.1.5: a sequence number is below 2^31. */
const CSEQ_LIMIT = 2 ** 31;

/**
 * What a UAS owes to a request before it looks at dialogs (RFC 3261 §8.2): checked in the order of
 * version, method, form, URI scheme, extensions, body. An ACK is never answered, only dropped.
 */
export function validateRequest(request: SipRequest, serves: Capabilities): Verdict {
  const verdict =
    checkVersion(request) ??
    checkMethod(request, serves) ??
    checkRequestForm(request) ??
    checkScheme(request) ??
    checkRequire(request, serves) ??
    checkBodyType(request, serves) ??
    checkAccept(request, serves) ??
    ACCEPT;
  if (verdict.kind === 'reject' && request.method === 'ACK') {
    return { kind: 'drop', problem: verdict.problem };
  }
  return verdict;
}

/** Whether a UAC may use a response; those it may not are dropped without a word. */
export function validateResponse(response: SipResponse): Verdict {
  const problem = responseProblem(response);
  return problem === undefined ? ACCEPT : { kind: 'drop', problem };
}

function responseProblem(response: SipResponse): string | undefined {
  if (response.version !== 'SIP/2.0') return `expected SIP/2.0, found ${response.version}`;
  // RFC 4475 §3.1.2.19
  if (response.status < 100 || response.status > 699) {
    return `expected a status from 100 to 699, found ${response.status}`;
  }
  // RFC 3261 §8.1.3.3: with more than one Via value it was not meant for us.
  if (!response.isMalformed('Via') && response.vias.length !== 1) {
    return `expected one Via value, found ${response.vias.length}`;
  }
  return formProblem(response);
}

function checkVersion(request: SipRequest): Verdict | undefined {
  if (request.version === 'SIP/2.0') return undefined;
  return reject(505, `expected SIP/2.0, found ${request.version}`);
}

function checkMethod(request: SipRequest, serves: Capabilities): Verdict | undefined {
  const { method } = request;
  if (serves.methods.includes(method)) return undefined;
  const problem = `expected one of ${serves.methods.join(', ')}, found ${excerpt(method)}`;
  if (!KNOWN_METHODS.has(method)) return reject(501, problem);
  return reject(405, problem, [['Allow', serves.methods.join(', ')]]);
}

function checkRequestForm(request: SipRequest): Verdict | undefined {
  const problem =
    request.flaw ?? formProblem(request) ?? requestProblem(request) ?? undueProblem(request);
  return problem === undefined ? undefined : reject(400, problem);
}

function requestProblem(request: SipRequest): string | undefined {
  if (request.cseq.method !== request.method) {
    return `expected CSeq with ${request.method}, found ${excerpt(request.cseq.method)}`;
  }
  // RFC 3261 §19.1.1: header fields have no place in a Request-URI.
  if (request.uri.kind === 'sip' && request.uri.headers.size > 0) {
    return `expected a Request-URI without header fields, found ${excerpt(`${request.uri}`)}`;
  }
  // RFC 4475 §3.2.1: the cookie of RFC 3261 with nothing behind it identifies no transaction.
  if (request.topVia.branch === BRANCH_COOKIE) {
    return `expected a branch behind ${BRANCH_COOKIE}, found none`;
  }
  if (request.from.isUnreadable || request.to.isUnreadable) {
    const name = request.from.isUnreadable ? 'From' : 'To';
    return `expected a well-formed ${name}, found ${excerpt(request.get(name))}`;
  }
  for (const name of NEEDED) {
    if (isNeeded(name, request) && request.isMalformed(name))
      return `expected a well-formed ${name}, found ${excerpt(request.get(name))}`;
  }
  // RFC 3261 §10.3: the star stands alone, in a REGISTER.
  if (request.isContactStar && isNeeded('Contact', request) && request.method !== 'REGISTER') {
    return 'expected an address in Contact, found *';
  }
  return undefined;
}

/** RFC 3261 §8.2.2: a field that is malformed counts only where it is needed. */
const NEEDED = ['Contact', 'Record-Route', 'Content-Type'] as const;

/** Methods that ask for something and go on nobody's account once they are answered: no Contact is needed. */
const NEEDS_NO_CONTACT: readonly string[] = [
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'MESSAGE',
  'OPTIONS',
  'PRACK',
];

function isNeeded(name: (typeof NEEDED)[number], request: SipRequest): boolean {
  switch (name) {
    // The dialog has a target (§12.2.2), and routes that never change (§12.1.1).
    case 'Contact':
    case 'Record-Route':
      return request.to.tag === undefined && !NEEDS_NO_CONTACT.includes(request.method);
    case 'Content-Type':
      return request.body.length > 0 && request.description === '';
  }
}

function undueProblem(request: SipRequest): string | undefined {
  return undueLiberty(request.method, request.to.tag !== undefined, request.liberties);
}

/** Fields of which a message has one at most. */
const SINGLE = [
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Max-Forwards',
  'Content-Length',
  'Content-Type',
] as const;

function formProblem(message: SipRequest | SipResponse): string | undefined {
  for (const name of SINGLE) {
    const count = message.count(name);
    if (count > 1 && !areAlike(message.getAll(name))) return `expected one ${name}, found ${count}`;
  }
  if (message.cseq.sequence >= CSEQ_LIMIT) {
    return `expected a CSeq below 2^31, found ${excerpt(message.get('CSeq'))}`;
  }
  if (message.isMalformed('Via')) {
    return `expected well-formed Via values, found ${excerpt(message.getAll('Via').join(', '))}`;
  }
  return lengthProblem(message);
}

/**
 * RFC 3261 §18.3: a datagram that ends before its Content-Length does is an error. A response whose
 * length cannot be read ends with its datagram, since nobody could send it again in other words.
 */
function lengthProblem(message: SipRequest | SipResponse): string | undefined {
  const text = message.get('Content-Length');
  if (text === undefined) return undefined;
  const length = message.contentLength;
  if (length === undefined) {
    if (message.kind === 'response') return undefined;
    return `expected a number as Content-Length, found ${excerpt(text)}`;
  }
  if (length > message.body.length) {
    return `expected ${length} octets of body, found ${message.body.length}`;
  }
  return undefined;
}

function checkScheme(request: SipRequest): Verdict | undefined {
  if (request.uri.kind === 'sip') return undefined;
  return reject(416, `expected a sip or sips Request-URI, found ${excerpt(`${request.uri}`)}`);
}

/** RFC 3261 §8.2.2.3: every option tag that is not understood is named; ACK and CANCEL are exempt. */
function checkRequire(request: SipRequest, serves: Capabilities): Verdict | undefined {
  if (request.method === 'ACK' || request.method === 'CANCEL') return undefined;
  const unknown = request.require.filter(
    (tag) => !serves.extensions.some((known) => sameName(known, tag)),
  );
  if (unknown.length === 0) return undefined;
  const tags = unknown.join(', ');
  return reject(420, `expected no required extension, found ${excerpt(tags)}`, [
    ['Unsupported', tags],
  ]);
}

/** RFC 3261 §8.2.3: a body of another type or encoding, or a part of one, unless it is optional. */
function checkBodyType(request: SipRequest, serves: Capabilities): Verdict | undefined {
  if (request.body.length === 0) return undefined;
  const { contentType } = request;
  // A description tells by itself that it is one.
  if (!contentType && request.description !== '') return undefined;
  const { missed } = request.bodyParts(serves.contentTypes);
  if (missed === undefined) return undefined;
  const encoding = request.get('Content-Encoding');
  if (encoding !== undefined && !sameName(encoding, 'identity')) {
    return reject(415, `expected a plain body, found Content-Encoding ${excerpt(encoding)}`, [
      ['Accept-Encoding', 'identity'],
    ]);
  }
  if (!contentType) return reject(400, 'expected a Content-Type for the body, found none');
  const known = serves.contentTypes.join(', ');
  return reject(415, `expected a body of ${known}, found ${excerpt(missed)}`, [
    ['Accept', acceptOf(serves.contentTypes)],
  ]);
}

/** RFC 5621 §8.1: who opens multipart bodies says so. */
export function acceptOf(types: readonly string[]): string {
  return [...types, 'multipart/mixed'].join(', ');
}

/** RFC 3261 §21.4.7: an INVITE whose sender takes no description we could give. */
function checkAccept(request: SipRequest, serves: Capabilities): Verdict | undefined {
  const { accept } = request;
  if (request.method !== 'INVITE' || !accept) return undefined;
  if (accept.some((range) => serves.contentTypes.some((type) => isInRange(type, range.type)))) {
    return undefined;
  }
  return reject(406, `expected one of ${serves.contentTypes.join(', ')} in Accept`);
}

function isInRange(type: string, range: string): boolean {
  const lower = range.toLowerCase();
  if (lower === '*/*') return true;
  return lower.endsWith('/*') ? type.startsWith(lower.slice(0, -1)) : lower === type;
}

function reject(status: number, problem: string, headers: HeaderList = []): Verdict {
  return { kind: 'reject', status, reason: reasonPhrase(status), headers, problem };
}
