import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface LostAnswer {
  readonly document: string;
  /** When it was written by the server's clock, ms since 1970, if it says so. */
  readonly date: number | undefined;
}

const MAX_OCTETS = 65_536;
const MAX_REDIRECTS = 2;
/** RFC 5222 §14: the type of both. */
const TYPE = 'application/lost+xml';

/** Asks a LoST server over HTTP (RFC 5222 §14). Rejects when it has no answer, or `signal` says that it took too long. */
export async function askServer(
  server: string,
  question: string,
  signal: AbortSignal,
): Promise<LostAnswer> {
  let url = new URL(server);
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = await post(url, question, signal);
    const { statusCode = 0, headers } = response;
    if (![301, 302, 307, 308].includes(statusCode)) return await answerOf(response);
    response.destroy();
    const next = new URL(headers.location ?? '', url);
    // Who has the way encrypted has it encrypted to its end.
    const isAllowed = next.protocol === 'https:' || next.protocol === url.protocol;
    if (!/^https?:$/.test(next.protocol) || !isAllowed) {
      throw new Error(`it sends on to ${next.protocol}, which is not followed`);
    }
    url = next;
  }
  throw new Error(`it sends on more than ${MAX_REDIRECTS} times`);
}

function post(url: URL, question: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      ...{ method: 'POST', agent: false, signal },
      headers: {
        'Content-Type': `${TYPE};charset=utf-8`,
        'Content-Length': Buffer.byteLength(question),
        Accept: TYPE,
      },
    });
    request.on('response', resolve);
    request.on('error', reject);
    request.end(question);
  });
}

async function answerOf(response: IncomingMessage): Promise<LostAnswer> {
  const { statusCode, headers } = response;
  const type = headers['content-type'] ?? 'nothing';
  if (statusCode !== 200 || !type.toLowerCase().startsWith(TYPE)) {
    response.destroy();
    throw new Error(
      `it answers ${statusCode} with ${type.slice(0, 100)}, expected 200 with ${TYPE}`,
    );
  }
  const pieces: Buffer[] = [];
  let octets = 0;
  for await (const piece of response) {
    if (!Buffer.isBuffer(piece)) continue;
    octets += piece.length;
    // Leaving the loop destroys the response.
    if (octets > MAX_OCTETS) throw new Error(`its answer has more than ${MAX_OCTETS} octets`);
    pieces.push(piece);
  }
  if (!response.complete) throw new Error('its answer is torn off');
  const date = Date.parse(headers.date ?? '');
  const document = Buffer.concat(pieces).toString();
  return { document, date: Number.isFinite(date) ? date : undefined };
}
