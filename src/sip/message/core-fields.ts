import type { CSeq } from './field-values';
import type { HeaderField } from './header-field';
import { type Liberties, libertyOf } from './leniency';
import { findTag, readSchemelessNameAddr } from './loose-name-addr';
import { NameAddr } from './name-addr';
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
  /** What was let pass in reading them. */
  readonly liberties: Liberties;
}

/** Each undefined when it is missing or malformed. */
type PartialCore = {
  readonly [Name in Exclude<keyof Core, 'liberties'>]: Core[Name] | undefined;
} & Pick<Core, 'liberties'>;

interface Notes {
  liberties: Liberties;
}

const EMPTY_ELEMENT = libertyOf('an empty element of a list');

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
  const notes: Notes = { liberties: 0 };
  return {
    topVia: via && readTopVia(via, notes),
    from: from && readOnlyNameAddr(from, notes),
    to: to && readOnlyNameAddr(to, notes),
    callId: callId && readCallId(callId),
    cseq: cseq && readCSeq(cseq.text, cseq.start, cseq.end),
    liberties: notes.liberties,
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

function readTopVia(field: HeaderField, notes: Notes): Via | undefined {
  const reader = new ValueReader(field.text, field.start, field.end);
  const via = readVia(reader);
  notes.liberties |= reader.liberties;
  return via && (reader.atEnd || reader.peek() === COMMA) ? via : undefined;
}

/** The value of a field that holds one address; its tag alone when no more can be read. */
function readOnlyNameAddr(field: HeaderField, notes: Notes): NameAddr | undefined {
  const read =
    readAlone(field, readNameAddr, notes) ?? readAlone(field, readSchemelessNameAddr, notes);
  if (read) return read;
  const tag = findTag(field.text, field.start, field.end);
  return tag === undefined ? undefined : NameAddr.unreadable(tag);
}

function readAlone(
  { text, start, end }: HeaderField,
  read: (reader: ValueReader) => NameAddr | undefined,
  notes: Notes,
): NameAddr | undefined {
  const reader = new ValueReader(text, start, end);
  const value = read(reader);
  if (value === undefined || !skipCommas(reader)) return undefined;
  notes.liberties |= reader.liberties;
  return value;
}

/** Whether nothing but commas is left. */
function skipCommas(reader: ValueReader): boolean {
  while (reader.accept(COMMA)) {
    reader.liberties |= EMPTY_ELEMENT;
    reader.skipSpace();
  }
  return reader.atEnd;
}

/** `word [ "@" word ]`: anything without a blank is told apart from anything else. */
function readCallId(field: HeaderField): string | undefined {
  const value = field.value;
  return value === '' || value.includes(' ') || value.includes('\t') ? undefined : value;
}
