import type { CSeq } from './cseq';
import type { HeaderField } from './header-field';
import type { NameAddr } from './name-addr';
import { readCSeq, readNameAddr, readVia } from './readers';
import { COMMA, ValueReader } from './value-reader';
import type { Via } from './via';

/** The values that every request and response has (RFC 3261 §8.1.1), and that all layers need. */
export interface Core {
  readonly topVia: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  readonly callId: string;
  readonly cseq: CSeq;
}

/** Each undefined when it is missing or malformed. */
type PartialCore = { readonly [Name in keyof Core]: Core[Name] | undefined };

export function isCoreName(name: string): boolean {
  switch (name) {
    case 'Via':
    case 'From':
    case 'To':
    case 'Call-ID':
    case 'CSeq':
      return true;
    default:
      return false;
  }
}

/** The first field of each name counts; the validator refuses a second. */
export function readCore(fields: readonly HeaderField[]): PartialCore {
  let via: HeaderField | undefined;
  let from: HeaderField | undefined;
  let to: HeaderField | undefined;
  let callId: HeaderField | undefined;
  let cseq: HeaderField | undefined;
  for (const field of fields) {
    switch (field.name) {
      case 'Via':
        via ??= field;
        break;
      case 'From':
        from ??= field;
        break;
      case 'To':
        to ??= field;
        break;
      case 'Call-ID':
        callId ??= field;
        break;
      case 'CSeq':
        cseq ??= field;
        break;
    }
  }
  return {
    topVia: via && readTopVia(via),
    from: from && readOnlyNameAddr(from),
    to: to && readOnlyNameAddr(to),
    callId: callId && readCallId(callId),
    cseq: cseq && readCSeq(cseq.text, cseq.start, cseq.end),
  };
}

export function isComplete(core: PartialCore): core is Core {
  return nameOfMissing(core) === undefined;
}

/** The first of the five that is undefined. */
export function nameOfMissing(core: PartialCore): string | undefined {
  if (core.topVia === undefined) return 'Via';
  if (core.from === undefined) return 'From';
  if (core.to === undefined) return 'To';
  if (core.callId === undefined) return 'Call-ID';
  if (core.cseq === undefined) return 'CSeq';
  return undefined;
}

function readTopVia(field: HeaderField): Via | undefined {
  const reader = new ValueReader(field.text, field.start, field.end);
  const via = readVia(reader);
  return via && (reader.atEnd || reader.peek() === COMMA) ? via : undefined;
}

/** The value of a field that holds one address and nothing behind it. */
function readOnlyNameAddr(field: HeaderField): NameAddr | undefined {
  const reader = new ValueReader(field.text, field.start, field.end);
  const value = readNameAddr(reader);
  return reader.atEnd ? value : undefined;
}

/** `word [ "@" word ]`: anything without a blank is told apart from anything else. */
function readCallId(field: HeaderField): string | undefined {
  const value = field.value;
  return value === '' || value.includes(' ') || value.includes('\t') ? undefined : value;
}
