import type { HeaderField } from './header-field';
import type { SipRequest } from './request';
import type { SipResponse } from './response';
import { encodeText } from './text';

/**
 * Bytes for the wire: fields in their order and spelling, one Content-Length that is right (in place
 * of the one received, else last), the body as it is.
 */
export function serializeMessage(message: SipRequest | SipResponse): Uint8Array {
  return serialize(message.startLine, message.fields, message.body);
}

export function serialize(
  startLine: string,
  fields: readonly HeaderField[],
  body: Uint8Array,
): Uint8Array {
  let head = `${startLine}\r\n`;
  let hasLength = false;
  for (const field of fields) {
    if (field.name !== 'Content-Length') head += `${field.spelling}: ${field.value}\r\n`;
    else if (!hasLength) {
      head += `${field.spelling}: ${body.length}\r\n`;
      hasLength = true;
    }
  }
  head += hasLength ? '\r\n' : `Content-Length: ${body.length}\r\n\r\n`;
  const headBytes = encodeText(head);
  return body.length === 0 ? headBytes : Buffer.concat([headBytes, body]);
}
