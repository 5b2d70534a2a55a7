import type { Body } from '../message';
import { reasonPhrase } from '../message';

/** How far a reference has come, as its last status line tells (RFC 3515 §2.4.5). */
export interface Progress {
  readonly status: number;
  readonly reason: string;
}

export const SIPFRAG = 'message/sipfrag';

/** A status line as a body, RFC 3420. */
export function sipfrag({ status, reason }: Progress): Body {
  const words = reason.replace(/[\r\n]+/g, ' ').slice(0, 200);
  return {
    contentType: `${SIPFRAG};version=2.0`,
    content: `SIP/2.0 ${status} ${words || reasonPhrase(status)}\r\n`,
  };
}

/** Undefined for a body that begins with no status line. */
export function readSipfrag(text: string): Progress | undefined {
  const match = /^\s*SIP\/2\.0[ \t]+([1-6]\d\d)(?:[ \t]+([^\r\n]*))?/i.exec(text);
  if (!match) return undefined;
  const [, status, reason = ''] = match;
  return { status: Number(status), reason: reason.trim() };
}
