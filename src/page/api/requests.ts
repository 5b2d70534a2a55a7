import type { CallStatus, Outcome } from '../../control';
import type { JsonSchema } from '../forms';

/** What a command came to: as its surfaces say it, or nobody could be asked. */
export type Answer = Outcome | { readonly kind: 'failed'; readonly reason: string } | Forbidden;

/** The session has ended. */
export interface Forbidden {
  readonly kind: 'forbidden';
}

/** A command as the server lists it. */
export interface ListedCommand {
  readonly name: string;
  readonly summary: string;
  readonly param: JsonSchema;
}

export interface SessionState {
  readonly authenticated: boolean;
  readonly needsPassword: boolean;
  /** Of a guest: how long he may stay, s. */
  readonly guestLeftS: number | undefined;
}

/** What a guest is told of a call. */
export type GuestCall = Pick<CallStatus, 'call' | 'state'>;

export type LoginResult =
  | { readonly kind: 'in' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'failed'; readonly reason: string };

export async function sessionState(): Promise<SessionState> {
  const { body } = await request('GET', 'api/session');
  return {
    authenticated: member(body, 'authenticated') === true,
    needsPassword: member(body, 'needsPassword') === true,
    guestLeftS: member(body, 'guest') === true ? Number(member(body, 'leftS')) || 0 : undefined,
  };
}

export const logIn = (password: string): Promise<LoginResult> => comeIn('api/login', { password });

/** Uses an invitation up. Never rejects. */
export const redeem = (token: string): Promise<LoginResult> => comeIn('api/invitation', { token });

async function comeIn(path: string, secret: unknown): Promise<LoginResult> {
  try {
    const { status, body, retryAfter } = await request('POST', path, secret);
    if (status < 300) return { kind: 'in' };
    if (status === 401) return { kind: 'wrong' };
    if (status === 429) return { kind: 'wait', seconds: retryAfter };
    return { kind: 'failed', reason: reasonIn(body, status) };
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error) };
  }
}

export async function logOut(): Promise<void> {
  await request('POST', 'api/logout', {});
}

/** Carries a command out. Never rejects. */
export async function carryOut(name: string, param: unknown = {}): Promise<Answer> {
  try {
    const path = `api/commands/${name.replaceAll(' ', '-')}`;
    const { status, body } = await request('POST', path, param);
    const problems = member(body, 'problems');
    const reason = reasonIn(body, status);
    switch (status) {
      case 200:
      case 204:
        return { kind: 'done', reply: member(body, 'reply') };
      case 400:
        return isProblems(problems) ? { kind: 'malformed', problems } : { kind: 'failed', reason };
      case 401:
        return { kind: 'forbidden' };
      case 409: {
        const blamed = member(body, 'param');
        return {
          kind: 'refused',
          refusal: 'wrong-state',
          ...(typeof blamed === 'string' ? { param: blamed } : {}),
          reason,
        };
      }
      default:
        return { kind: 'failed', reason };
    }
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error) };
  }
}

/** A guest's own calls; or he is one no longer, or nobody could be asked. Never rejects. */
export async function guestCalls(): Promise<readonly GuestCall[] | 'no guest' | 'lost'> {
  try {
    const { status, body } = await request('GET', 'api/call');
    const calls = member(body, 'calls');
    if (status === 200 && Array.isArray(calls)) return calls.filter(isGuestCall);
    return status < 500 ? 'no guest' : 'lost';
  } catch {
    return 'lost';
  }
}

/** A call that this browser makes. */
export type CallAnswer =
  | { readonly kind: 'answered'; readonly call: number; readonly answer: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Hands the agent this browser's offer. Never rejects. */
export async function offerCall(offer: string): Promise<CallAnswer> {
  try {
    const { status, body } = await request('POST', 'api/call', { offer });
    const [call, answer] = [member(body, 'call'), member(body, 'answer')];
    return status === 200 && typeof call === 'number' && typeof answer === 'string'
      ? { kind: 'answered', call, answer }
      : { kind: 'refused', reason: reasonIn(body, status) };
  } catch (error) {
    return { kind: 'refused', reason: messageOf(error) };
  }
}

/** For a page that is being left: nobody waits for what comes of it. */
export function hangUpOnLeaving(call: number): void {
  void fetch('api/commands/hangup', {
    method: 'POST',
    keepalive: true,
    body: JSON.stringify({ call }),
    headers: { 'content-type': 'application/json' },
  }).catch(() => undefined);
}

/** The commands that there are. @throws Error in words. */
export async function listedCommands(): Promise<readonly ListedCommand[]> {
  const body = await got('api/commands');
  const list = Array.isArray(body) ? body : member(body, 'commands');
  return (Array.isArray(list) ? list : []).flatMap((item: unknown) => {
    const name = member(item, 'name');
    const summary = member(item, 'summary');
    const param = member(item, 'param') ?? member(item, 'schema');
    return typeof name === 'string' && typeof summary === 'string' && isSchema(param)
      ? [{ name, summary, param }]
      : [];
  });
}

/** JSON Schema of the configuration. @throws Error in words. */
export async function configurationSchema(): Promise<JsonSchema> {
  const body = await got('api/schema/configuration');
  if (!isSchema(body)) throw new Error('the agent gave no schema');
  return body;
}

/** Why there is no picture, in the agent's words; undefined when there is one. */
export async function pictureProblem(): Promise<string | undefined> {
  try {
    const response = await fetch('api/picture', { cache: 'no-store' });
    if (response.ok) return undefined;
    const text = await response.text();
    return reasonIn(parsed(text) ?? text, response.status);
  } catch (error) {
    return messageOf(error);
  }
}

interface Received {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: number;
}

async function request(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Received> {
  const response = await fetch(path, {
    method,
    cache: 'no-store',
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: parsed(text) ?? text,
    retryAfter: Number(response.headers.get('retry-after') ?? 1) || 1,
  };
}

async function got(path: string): Promise<unknown> {
  const { status, body } = await request('GET', path);
  if (status !== 200) throw new Error(reasonIn(body, status));
  return body;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonIn(body: unknown, status: number): string {
  const reason = member(body, 'reason');
  if (typeof reason === 'string') return reason;
  return typeof body === 'string' && body.trim() ? body.trim().slice(0, 200) : `HTTP ${status}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A member of a value that may be anything. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGuestCall(value: unknown): value is GuestCall {
  return typeof member(value, 'call') === 'number' && typeof member(value, 'state') === 'string';
}

type Problems = Extract<Outcome, { kind: 'malformed' }>['problems'];

function isProblems(value: unknown): value is Problems {
  const isText = (item: unknown): boolean => typeof item === 'string';
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => ['path', 'found', 'expected'].every((key) => isText(member(item, key))))
  );
}
