import { parse } from '@babel/parser';
import type * as t from '@babel/types';
import {
  enumeratorOf,
  type Field,
  pascalCase,
  type Range,
  type Shape,
  type Struct,
  snakeCase,
  type Value,
  type Word,
  type Words,
} from './model';

/** Raised for a declaration that has no counterpart in C++; tells where it stands. */
export class DeclarationError extends Error {
  constructor(place: string, expected: string, found: string) {
    super(`${place}: expected ${expected}, found ${found}`);
    this.name = 'DeclarationError';
  }
}

/**
 * Names that stand for another type in C++: numbers with a C++ type, what is the same there
 * (`Exclude`), and words, which stand for themselves.
 */
type Aliases = ReadonlyMap<string, Value>;

export interface Declarations {
  readonly shapes: readonly Shape[];
  readonly aliases: Aliases;
}

/** Reads one TypeScript file of declarations. @param known aliases of the files it imports from. */
export function readDeclarations(
  file: string,
  text: string,
  known: Aliases = new Map(),
): Declarations {
  const parsed = parse(text, { sourceType: 'module', plugins: ['typescript'] });
  const aliases = new Map(known);
  const shapes: Shape[] = [];
  for (const statement of parsed.program.body) {
    if (statement.type !== 'ExportNamedDeclaration' || !statement.declaration) continue;
    const { declaration } = statement;
    const place = `${file}:${statement.loc?.start.line ?? 0}`;
    const doc = docOf(statement);
    if (declaration.type === 'TSInterfaceDeclaration') {
      shapes.push(interfaceOf(place, doc.text, declaration, aliases));
    } else if (declaration.type === 'TSTypeAliasDeclaration' && !declaration.typeParameters) {
      shapes.push(...aliasOf(place, doc, declaration, aliases, parsed.comments ?? []));
    }
  }
  return { shapes, aliases };
}

function interfaceOf(
  place: string,
  doc: string,
  declaration: t.TSInterfaceDeclaration,
  aliases: Aliases,
): Struct {
  const { name } = declaration.id;
  const bases = (declaration.extends ?? []).map((base) => {
    if (base.expression.type === 'Identifier') return base.expression.name;
    throw new DeclarationError(`${place} ${name}`, 'a name after extends', base.expression.type);
  });
  const { body } = declaration.body;
  return { kind: 'struct', name, doc, bases, fields: fieldsOf(`${place} ${name}`, body, aliases) };
}

function aliasOf(
  place: string,
  doc: Doc,
  declaration: t.TSTypeAliasDeclaration,
  aliases: Map<string, Value>,
  comments: readonly t.Comment[],
): readonly Shape[] {
  const { name } = declaration.id;
  const type = declaration.typeAnnotation;
  const at = `${place} ${name}`;
  if (doc.cpp !== undefined) {
    aliases.set(name, { cpp: doc.cpp, ...(doc.range ? { range: doc.range } : {}) });
    return [];
  }
  if (type.type === 'TSTypeReference' && nameOf(type) === 'Exclude') {
    const [of] = type.typeParameters?.params ?? [];
    if (of) aliases.set(name, valueFor(at, of, { text: '' }, aliases));
    return [];
  }
  const members = type.type === 'TSUnionType' ? type.types : [type];
  if (members.every((member) => member.type === 'TSTypeLiteral')) {
    return unionOf(at, doc.text, name, members, aliases);
  }
  if (members.every(isWordType)) {
    aliases.set(name, { cpp: name });
    return [wordsOf(doc.text, declaration, members, comments)];
  }
  throw new DeclarationError(at, 'words, objects or an alias with @cpp', type.type);
}

// Unions of objects ---------------------------------------------------------------------------

/**
 * One struct with the fields of all members: those that are not in all depend on the first, which
 * is a flag or a word. The words of `DeviceSettings.kind` are the type `DeviceKind`, made here
 * unless it is declared.
 */
function unionOf(
  place: string,
  doc: string,
  name: string,
  members: readonly t.TSTypeLiteral[],
  aliases: Map<string, Value>,
): readonly Shape[] {
  const fields = new Map<string, Field>();
  const words: Word[] = [];
  let selector: Field | undefined;
  for (const member of members) {
    const [first, ...rest] = member.members;
    const { name: tag, doc: about, type } = propertyOf(place, first);
    const literal = type.type === 'TSLiteralType' ? type.literal : undefined;
    let condition = `self.${snakeCase(tag)}`;
    let cpp = 'bool';
    if (literal?.type === 'StringLiteral') {
      cpp = name.replace(/Settings$/, '') + pascalCase(tag);
      const word = {
        word: literal.value,
        enumerator: enumeratorOf(literal.value),
        doc: about.text,
      };
      words.push(word);
      condition += ` == ${cpp}::${word.enumerator}`;
    } else if (literal?.type !== 'BooleanLiteral' || (!literal.value && rest.length > 0)) {
      throw new DeclarationError(place, 'a word first in each member, or true or false', type.type);
    }
    selector ??= { name: tag, doc: '', optional: false, value: { cpp }, when: [] };
    for (const field of fieldsOf(place, rest, aliases)) {
      const before = fields.get(field.name);
      if (before && before.value.cpp !== field.value.cpp) {
        throw new DeclarationError(`${place}.${field.name}`, before.value.cpp, field.value.cpp);
      }
      fields.set(field.name, { ...field, when: [...(before?.when ?? []), condition] });
    }
  }
  if (!selector) throw new DeclarationError(place, 'members', 'none');
  const struct: Struct = {
    kind: 'struct',
    name,
    doc,
    bases: [],
    fields: [selector, ...fields.values()],
  };
  const kind = selector.value.cpp;
  if (words.length === 0 || aliases.has(kind)) return [struct];
  aliases.set(kind, { cpp: kind });
  return [{ kind: 'words', name: kind, doc: '', words }, struct];
}

// Fields ----------------------------------------------------------------------------------------

function fieldsOf(place: string, members: readonly t.TSTypeElement[], aliases: Aliases): Field[] {
  return members.map((member) => {
    const { name, doc, optional, type } = propertyOf(place, member);
    const value = valueFor(`${place}.${name}`, type, doc, aliases);
    return { name, doc: doc.text, optional, value, when: [] };
  });
}

interface Property {
  readonly name: string;
  readonly doc: Doc;
  readonly optional: boolean;
  readonly type: t.TSType;
}

function propertyOf(place: string, member: t.TSTypeElement | undefined): Property {
  const key = member?.type === 'TSPropertySignature' ? member.key : undefined;
  const name = key?.type === 'Identifier' ? key.name : key?.type === 'StringLiteral' && key.value;
  if (member?.type !== 'TSPropertySignature' || !name) {
    throw new DeclarationError(place, 'a plain property', member?.type ?? 'nothing');
  }
  const type = member.typeAnnotation?.typeAnnotation;
  if (!type) throw new DeclarationError(`${place}.${name}`, 'a type', 'none');
  return { name, doc: docOf(member), optional: member.optional === true, type };
}

function valueFor(place: string, type: t.TSType, doc: Doc, aliases: Aliases): Value {
  const range = doc.range ? { range: doc.range } : {};
  switch (type.type) {
    case 'TSBooleanKeyword':
      return { cpp: 'bool' };
    case 'TSStringKeyword':
      return { cpp: 'std::string' };
    case 'TSNumberKeyword':
      return { cpp: 'double', ...range };
    case 'TSTypeOperator':
      return valueFor(place, type.typeAnnotation, doc, aliases);
    case 'TSArrayType':
      return listOf(valueFor(place, type.elementType, { text: '' }, aliases));
    case 'TSTupleType':
      return tupleOf(place, type, aliases);
    case 'TSTypeReference':
      return { ...namedValue(place, type, aliases), ...range };
    default:
      throw new DeclarationError(
        place,
        'a named type, a number, a flag, a text or a list',
        type.type,
      );
  }
}

function namedValue(place: string, type: t.TSTypeReference, aliases: Aliases): Value {
  const name = nameOf(type);
  const parameters = type.typeParameters?.params ?? [];
  if (name === 'BoundedText') {
    const [most = 0] = numbersIn(place, parameters);
    return { cpp: `BoundedText<${most}>` };
  }
  if (name === 'BoundedList') {
    const [element, ...bounds] = parameters;
    if (!element) throw new DeclarationError(place, 'the type of elements first', 'nothing');
    const [most = 0, least = 0] = numbersIn(place, bounds);
    const value = valueFor(place, element, { text: '' }, aliases);
    return { ...value, many: { kind: 'bounded', most, least } };
  }
  return aliases.get(name) ?? { cpp: name };
}

function numbersIn(place: string, parameters: readonly t.TSType[]): number[] {
  return parameters.map((parameter) => {
    const literal = parameter.type === 'TSLiteralType' ? parameter.literal : undefined;
    if (literal?.type === 'NumericLiteral') return literal.value;
    throw new DeclarationError(place, 'a bound in digits', parameter.type);
  });
}

function listOf(element: Value): Value {
  return { ...element, many: { kind: 'growing' } };
}

function tupleOf(place: string, type: t.TSTupleType, aliases: Aliases): Value {
  const elements = type.elementTypes.map((element) => {
    if (element.type === 'TSNamedTupleMember') {
      throw new DeclarationError(place, 'elements without names', element.label.type);
    }
    return valueFor(place, element, { text: '' }, aliases);
  });
  const [first] = elements;
  if (!first || elements.some(({ cpp }) => cpp !== first.cpp)) {
    throw new DeclarationError(place, 'a tuple of one type', 'several');
  }
  return { ...first, many: { kind: 'exactly', count: elements.length } };
}

function nameOf(type: t.TSTypeReference): string {
  return type.typeName.type === 'Identifier' ? type.typeName.name : '';
}

// Words -----------------------------------------------------------------------------------------

type WordType = t.TSLiteralType & { literal: t.StringLiteral };

function isWordType(type: t.TSType): type is WordType {
  return type.type === 'TSLiteralType' && type.literal.type === 'StringLiteral';
}

function wordsOf(
  doc: string,
  declaration: t.TSTypeAliasDeclaration,
  members: readonly WordType[],
  comments: readonly t.Comment[],
): Words {
  let after = declaration.id.end ?? 0;
  const words = members.map((member) => {
    // It stands before the bar: the parser gives it to no member.
    const about = comments.filter(
      ({ start, end }) => (start ?? 0) >= after && (end ?? 0) <= (member.start ?? 0),
    );
    after = member.end ?? after;
    const { text, cpp } = docOfComment(about.at(-1));
    const { value } = member.literal;
    return { word: value, enumerator: cpp ?? enumeratorOf(value), doc: text };
  });
  return { kind: 'words', name: declaration.id.name, doc, words };
}

// Comments ------------------------------------------------------------------------------------------

interface Doc {
  readonly text: string;
  /** `@cpp std::uint16_t`: what it is in C++. */
  readonly cpp?: string;
  /** `@range 1..65535`: what is accepted, inclusive. */
  readonly range?: Range;
}

function docOf(node: t.Node): Doc {
  return docOfComment(node.leadingComments?.at(-1));
}

function docOfComment(comment: t.Comment | undefined): Doc {
  const lines = (comment?.type === 'CommentBlock' ? comment.value : '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  const whole = lines.join('\n').trim();
  const tag = (name: string): string | undefined =>
    new RegExp(`@${name} ([\\w:.<>-]+)`).exec(whole)?.[1];
  const cpp = tag('cpp');
  const [low, high] = tag('range')?.split('..').map(Number) ?? [];
  return {
    text: whole.replace(/\s*@(cpp|range) [\w:.<>-]+/g, '').trim(),
    ...(cpp !== undefined ? { cpp } : {}),
    ...(low !== undefined && high !== undefined ? { range: { low, high } } : {}),
  };
}
