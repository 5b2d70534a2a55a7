import { maskPasswords } from '../../platform';
import type { Refused } from '../../schema';
import { problemText } from '../../schema';
import { SESSION_MESSAGES } from './messages';
import { RVAL, type RvalName } from './rval';
import { decode, isPadding, MAX_REQUEST_BYTES, NOTIFICATION, type Reply } from './wire';

/** A request as its datagram says it; what belongs to the command itself is not checked yet. */
export interface Request {
  readonly msgId: number;
  readonly token: unknown;
  readonly param: unknown;
  /** The client's own mark of this request, given back with the reply. */
  readonly id: string | number | undefined;
  /** Which part of a long reply is wanted. */
  readonly page: number | undefined;
  /** The client wants to be asked now and then whether it is still there. */
  readonly heartbeat: boolean;
}

/** What a datagram comes to. */
export type Received =
  | { readonly kind: 'request'; readonly request: Request }
  /** Not understood; this is told. */
  | { readonly kind: 'complaint'; readonly reply: Reply }
  /** The holder of a session says that it is there. */
  | { readonly kind: 'alive'; readonly token: unknown }
  /** Empty, or itself a reply or a notification. */
  | { readonly kind: 'nothing' };

export const MAX_ID_LENGTH = 64;
const MAX_PAGE = 1000;

export function readRequest(datagram: Uint8Array): Received {
  if (datagram.length >= MAX_REQUEST_BYTES) {
    return complaint(failure('packageError', `longer than ${MAX_REQUEST_BYTES - 1} bytes`));
  }
  if (datagram.every(isPadding)) return { kind: 'nothing' };
  let value: unknown;
  try {
    value = decode(datagram);
  } catch {
    return complaint(failure('syntaxError', 'not JSON'));
  }
  if (!isFields(value)) return complaint(failure('packageError', 'not a JSON object'));
  const { msg_id: msgId, token, param, id, page, heartbeat } = value;
  if (msgId === SESSION_MESSAGES.queryHolder.id) return { kind: 'alive', token };
  if ('rval' in value || msgId === NOTIFICATION) return { kind: 'nothing' };
  if (!isWhole(msgId)) return complaint(wrong('msg_id', 'a whole number'));
  if (id !== undefined && !isMark(id)) {
    return complaint(
      wrong('id', `a number, or text of at most ${MAX_ID_LENGTH} characters`, msgId),
    );
  }
  if (page !== undefined && !(isWhole(page) && page >= 1 && page <= MAX_PAGE)) {
    return complaint(wrong('page', `a whole number from 1 to ${MAX_PAGE}`, msgId));
  }
  const hasHeartbeat = heartbeat === 1 || heartbeat === true;
  return { kind: 'request', request: { msgId, token, param, id, page, heartbeat: hasHeartbeat } };
}

/** Names the first parameter that is wrong, with what was found and what was expected. */
export function wrongParameter(id: number, { problems: [problem] }: Refused): Reply {
  const name = problem.path || 'param';
  const reason = problemText({ ...problem, path: name });
  return { ...failure('invalidParameter', reason, id), param: name };
}

/** `id` is 0 when the request does not tell. */
export function failure(name: RvalName, reason: string, id = 0): Reply {
  return { rval: RVAL[name], msg_id: id, reason: maskPasswords(reason) };
}

function wrong(name: string, expected: string, id = 0): Reply {
  return { ...failure('invalidParameter', `${name}: expected ${expected}`, id), param: name };
}

function complaint(reply: Reply): Received {
  return { kind: 'complaint', reply };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

function isMark(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value.length <= MAX_ID_LENGTH);
}
