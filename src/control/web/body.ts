import type { IncomingMessage } from 'node:http';
import { type Answer, because, json } from './answer';

/** A request's JSON, or why it is not taken. */
export type Body = { readonly value: unknown } | { readonly refused: Answer };

/**
 * Reads the JSON of a request, `limit` bytes at most. Another page can send forms and plain text here without
 * asking; JSON only when we allow it (CORS preflight), which we never do.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    const found = type ? JSON.stringify(type.slice(0, 60)) : 'nothing';
    return refused(because(415, `Content-Type: found ${found}, expected "application/json"`));
  }
  const tooLong = refused(because(413, `the body: found more, expected ${limit} bytes at most`));
  if (Number(request.headers['content-length'] ?? 0) > limit) return tooLong;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > limit) return tooLong;
    chunks.push(chunk);
  }
  return parsed(Buffer.concat(chunks));
}

function parsed(bytes: Buffer): Body {
  if (bytes.length === 0) return { value: undefined };
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) };
  } catch {
    const found = 'text that is not JSON in UTF-8';
    return refused(json(400, { problems: [{ path: '', found, expected: 'a JSON object' }] }));
  }
}

const refused = (answer: Answer): Body => ({ refused: answer });
