import type { TypedValue } from './field-values';
import { type RawPart, splitMultipart } from './multipart';
import { sameName } from './params';
import { readTypedValue } from './readers';
import { ValueReader } from './value-reader';

/** A body, or a part of one, as its fields describe it. */
export interface PartBody {
  readonly type: TypedValue | undefined;
  readonly disposition: TypedValue | undefined;
  /** Content-Encoding and Content-Transfer-Encoding. */
  readonly encodings: readonly string[];
  readonly content: Buffer;
  /** Content-ID without its brackets; empty where there is none. */
  readonly id: string;
}

export interface BodyParts {
  /** Of the types asked for, in the order in which they are to be taken. */
  readonly understood: readonly PartBody[];
  /** The type of one that has to be understood (RFC 3261 §20.11) and is not. */
  readonly missed: string | undefined;
}

/** Multipart bodies within one another that are opened. */
const MAX_DEPTH = 4;

const NOTHING: BodyParts = { understood: [], missed: undefined };

/** Finds what is of one of `types` in a body, in however many parts (RFC 5621). */
export function readBodyParts(body: PartBody, types: readonly string[], depth = 0): BodyParts {
  const parts = depth < MAX_DEPTH && isMultipart(body.type) ? partsOf(body) : undefined;
  const found = parts ? combine(parts, body, types, depth) : readLeaf(body, types);
  // §20.11: what is optional is passed over in silence.
  const isImplied = depth > 0 && parts === undefined;
  return isOptional(body, isImplied) ? { ...found, missed: undefined } : found;
}

export function isMultipart(type: TypedValue | undefined): type is TypedValue {
  return type?.type.toLowerCase().startsWith('multipart/') ?? false;
}

function partsOf({ type, content }: PartBody): readonly PartBody[] | undefined {
  return splitMultipart(content, type?.params.get('boundary'))?.map(describe);
}

function combine(
  parts: readonly PartBody[],
  { type }: PartBody,
  types: readonly string[],
  depth: number,
): BodyParts {
  const found = parts.map((part) => readBodyParts(part, types, depth + 1));
  const missed = found.find((one) => one.missed !== undefined)?.missed;
  if (!type?.is('multipart/alternative')) {
    return { understood: found.flatMap(({ understood }) => understood), missed };
  }
  // RFC 2046 §5.1.4: the last of those that are understood, and no other.
  const best = found.findLast(({ understood }) => understood.length > 0);
  return best ?? { ...NOTHING, missed };
}

function readLeaf(body: PartBody, types: readonly string[]): BodyParts {
  const { type, encodings } = body;
  const content = encodings.reduce<Buffer | undefined>(decode, body.content);
  if (content && type && types.some((known) => type.is(known))) {
    return { understood: [{ ...body, content }], missed: undefined };
  }
  return { understood: [], missed: type?.type ?? 'a body without a type' };
}

/**
 * RFC 3261 §20.11: without `handling` a body is required. A part that says nothing at all of how it
 * is to be taken stands beside the one that matters, as a location does (RFC 6442 §4.1): no call is
 * refused for it.
 */
function isOptional({ disposition }: PartBody, isImplied: boolean): boolean {
  if (!disposition) return isImplied;
  return sameName(disposition.params.get('handling') ?? 'required', 'optional');
}

function describe({ fields, content }: RawPart): PartBody {
  const encodings = ['Content-Encoding', 'content-transfer-encoding'].flatMap(
    (name) => fields.get(name) ?? [],
  );
  return {
    type: readValue(fields.get('Content-Type') ?? 'text/plain'),
    disposition: readValue(fields.get('Content-Disposition')),
    encodings,
    content,
    id: (fields.get('content-id') ?? '').replace(/^<|>$/g, ''),
  };
}

function readValue(text: string | undefined): TypedValue | undefined {
  return text === undefined ? undefined : readTypedValue(new ValueReader(text, 0, text.length));
}

/** RFC 2045 §6; undefined for an encoding that is not known. */
function decode(content: Buffer | undefined, encoding: string): Buffer | undefined {
  switch (encoding.toLowerCase()) {
    // A field without a value says that there is none.
    case '':
    case 'identity':
    case '7bit':
    case '8bit':
    case 'binary':
      return content;
    case 'base64':
      return content && Buffer.from(content.toString('latin1'), 'base64');
    case 'quoted-printable':
      return content && Buffer.from(unquotePrintable(content.toString('latin1')), 'latin1');
    default:
      return undefined;
  }
}

function unquotePrintable(text: string): string {
  return text.replace(/=(?:\r?\n|([0-9A-Fa-f]{2}))/g, (_found, hex?: string) =>
    hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
