import type { Claim } from '../auth';
import type { HeaderList, NameAddr, ResponseParts, SipRequest } from '../message';
import type { ServerTransaction } from '../transaction';
import type { SocketAddress } from '../transport';
import { PLAIN_TEXT } from './usage-kind';

/** Octets of text that are taken; what is longer does not fit into one datagram (RFC 3428 §8). */
export const MAX_TEXT_BYTES = 1300;

type Respond = (status: number, parts?: ResponseParts) => void;

/** A text that somebody sends, RFC 3428 §7: to be accepted or refused at once. */
export class IncomingMessage {
  readonly remote: NameAddr;
  /** The user part of the Request-URI: which of our names is meant. */
  readonly calledUser: string | undefined;
  /** The host of To. */
  readonly calledDomain: string | undefined;
  readonly source: SocketAddress;
  /** It came over a connection: its source cannot be forged, and its port says nothing. */
  readonly isConnected: boolean;
  readonly text: string;
  /** By what it can be proved who sends it. */
  readonly claim: Claim;
  readonly #respond: Respond;
  #isDecided = false;

  private constructor(
    request: SipRequest,
    { source, flow }: ServerTransaction,
    text: string,
    respond: Respond,
  ) {
    this.claim = request;
    this.remote = request.from;
    this.calledUser = request.uri.kind === 'sip' ? request.uri.userText : undefined;
    this.calledDomain = request.to.uri.host;
    this.source = source;
    this.isConnected = flow.reliable;
    this.text = text;
    this.#respond = respond;
  }

  /** Undefined when it was refused for its form. */
  static of(
    request: SipRequest,
    transaction: ServerTransaction,
    respond: Respond,
  ): IncomingMessage | undefined {
    const { understood } = request.bodyParts([PLAIN_TEXT]);
    const bytes = Buffer.concat(understood.map(({ content }) => content));
    if (bytes.length > MAX_TEXT_BYTES) respond(413, { reason: 'Text Too Long' });
    // A question whether somebody is there, or a mistake: there is nothing to deliver.
    else if (bytes.length === 0) respond(405);
    else return new IncomingMessage(request, transaction, textOf(bytes), respond);
    return undefined;
  }

  /** 200: it has reached somebody. */
  accept(): void {
    this.#decide(200);
  }

  /** What nobody decides about is refused. */
  refuse(status: number, retryAfterS?: number): void {
    this.refuseWith(status, retryAfterS === undefined ? [] : [['Retry-After', retryAfterS]]);
  }

  /** With fields that say what to do about it. */
  refuseWith(status: number, headers: HeaderList): void {
    this.#decide(status, { headers });
  }

  #decide(status: number, parts?: ResponseParts): void {
    if (this.#isDecided) return;
    this.#isDecided = true;
    this.#respond(status, parts);
  }
}

/** UTF-8, as is said or left out; octets that are none stand for themselves (RFC 3428 §4 has UTF-8). */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  const words = text.includes('\ufffd') ? bytes.toString('latin1') : text;
  // The line break that ends a file ends no sentence.
  return words.replace(/\r?\n$/, '');
}
