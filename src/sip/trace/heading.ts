/** Header fields come early; what stands behind this much is not looked for. */
const HEAD_OCTETS = 4096;

/** In their long and short forms; linear, since each line break starts one try. */
const CALL_ID = /\n(?:call-id|i)[ \t]*:[ \t]*([^\s]+)/i;
const CSEQ_METHOD = /\ncseq[ \t]*:[ \t]*\d+[ \t]+([^\s]+)/i;
/** Numeric with a port, as ours always is. */
const VIA = /\n(?:via|v)[ \t]*:[ \t]*SIP\/2\.0\/[A-Z]+ ((?:[\d.]+|\[[\da-f:.]+\]):\d+)/i;
const TO_TAG = /\n(?:to|t)[ \t]*:[^\n]*;[ \t]*tag[ \t]*=/i;
const STATUS = /^SIP\/2\.0 (\d{3})(?: ([^\r\n]*))?/i;

/** Of a summary; longer ones tell no more. */
const SUMMARY_CHARACTERS = 120;

/** What a message is about, read without parsing it: what is traced need not be right. */
export class Heading {
  readonly #head: string;

  constructor(bytes: Uint8Array) {
    const { buffer, byteOffset, length } = bytes;
    this.#head = Buffer.from(buffer, byteOffset, Math.min(length, HEAD_OCTETS)).toString('latin1');
  }

  /** Empty when there is none that could be found. */
  get callId(): string {
    return CALL_ID.exec(this.#head)?.[1] ?? '';
  }

  get isResponse(): boolean {
    return STATUS.test(this.#head);
  }

  get isRegister(): boolean {
    return this.#head.startsWith('REGISTER ');
  }

  /** A response that makes a dialog of a call (RFC 3261 §12.1.1). */
  get makesCall(): boolean {
    const status = Number(STATUS.exec(this.#head)?.[1]);
    return status > 100 && status < 300 && this.#method === 'INVITE' && TO_TAG.test(this.#head);
  }

  /**
   * Our address and port of that moment, as our own Via tells them: it is the topmost one of a request that we
   * sent, and of a response to it.
   */
  ourVia(direction: 'in' | 'out'): string | undefined {
    const isOurs = this.isResponse === (direction === 'in');
    return isOurs ? VIA.exec(this.#head)?.[1] : undefined;
  }

  get #method(): string {
    return CSEQ_METHOD.exec(this.#head)?.[1] ?? '';
  }
}

/** `INVITE sip:home@example.org` or `200 OK (INVITE)`, of a text whose secrets are masked. */
export function summaryOf(text: string): string {
  const response = STATUS.exec(text);
  if (response) {
    const [, status = '', reason = ''] = response;
    const method = CSEQ_METHOD.exec(text)?.[1] ?? '?';
    const words = [status, reason.trim()].filter((word) => word !== '').join(' ');
    return printable(`${words} (${method})`);
  }
  const [line = ''] = text.split(/[\r\n]/, 1);
  return printable(line.replace(/ SIP\/2\.0$/i, ''));
}

/** What came from outside never moves a terminal's cursor. */
function printable(text: string): string {
  return text.slice(0, SUMMARY_CHARACTERS).replace(/[\x00-\x1f\x7f-\x9f]/g, '.');
}
