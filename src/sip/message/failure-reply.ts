import { HeaderField } from './header-field';
import type { ParseFailure } from './parse-failure';
import { serialize } from './serializer';
import { reasonPhrase } from './status';

const COPIED = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];

/**
 * The stateless answer that a failure is owed: what could be read of Via, From, To, Call-ID and CSeq
 * is copied as it came (RFC 3261 §8.2.6). Undefined when nothing is owed. The caller sends it to where
 * the datagram came from, since of a malformed request nothing else can be trusted.
 */
export function replyToFailure(failure: ParseFailure, toTag: string): Uint8Array | undefined {
  const { status } = failure;
  if (status === undefined) return undefined;
  const fields = failure.fields
    .filter((field) => COPIED.includes(field.name))
    .map((field) => (field.name === 'To' ? withTag(failure, field, toTag) : field));
  // Without a Via there is no transaction at the other end that could take an answer.
  if (!fields.some((field) => field.name === 'Via')) return undefined;
  return serialize(`SIP/2.0 ${status} ${reasonPhrase(status)}`, fields, new Uint8Array(0));
}

function withTag(failure: ParseFailure, field: HeaderField, toTag: string): HeaderField {
  if (!failure.to || failure.to.tag !== undefined) return field;
  const text = `${failure.to.withTag(toTag)}`;
  return new HeaderField(field.name, field.spelling, text, 0, text.length);
}
