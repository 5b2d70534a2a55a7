import type { IncomingMessage, ServerResponse } from 'node:http';

/** What goes back for a request. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/**
 * What every answer says: the browser takes scripts, styles and data from here alone, shows the page in no
 * frame, tells nobody where it came from, and takes nothing for what it does not say it is.
 */
const GUARDS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(self), geolocation=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Nothing of the camera is left in a browser's cache. */
const NO_STORE = { 'Cache-Control': 'no-store' } as const;

export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = JSON.stringify(value);
  return { status, headers: { 'Content-Type': 'application/json', ...NO_STORE, ...headers }, body };
}

/** A refusal in words. */
export function because(
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return json(status, { reason }, headers);
}

export const nothing = (headers: Readonly<Record<string, string>> = {}): Answer => ({
  status: 204,
  headers: { ...NO_STORE, ...headers },
});

/** Headers of an answer whose body comes by and by. */
export function begin(response: ServerResponse, contentType: string): void {
  response.writeHead(200, { ...GUARDS, ...NO_STORE, 'Content-Type': contentType });
}

export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, headers = {}, body = '' } = answer;
  // What of the request was not read is not waited for.
  const close = request.complete ? {} : { Connection: 'close' };
  const length = status === 204 || status === 304 ? {} : { 'Content-Length': byteLength(body) };
  response.writeHead(status, { ...GUARDS, ...headers, ...length, ...close });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function byteLength(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.length;
}
