/** Fields come early; a Call-ID that stands behind this much is not worth looking for. */
const PEEK_BYTES = 4096;

/** In its long and its short form (RFC 3261 §20.8); linear, since each line break starts one try. */
const CALL_ID = /\n(?:call-id|i)[ \t]*:[ \t]*([^\s]+)/i;

/** The Call-ID of a datagram that is not parsed yet; undefined when it does not stand there plainly. */
export function peekCallId(bytes: Uint8Array): string | undefined {
  return CALL_ID.exec(latin1(bytes, PEEK_BYTES))?.[1];
}

/** Whether a datagram begins as an INVITE does. */
export function isInvite(bytes: Uint8Array): boolean {
  return latin1(bytes, 7) === 'INVITE ';
}

function latin1({ buffer, byteOffset, length }: Uint8Array, limit: number): string {
  return Buffer.from(buffer, byteOffset, Math.min(length, limit)).toString('latin1');
}
