import { type Field, type Shape, type Struct, snakeCase, type Value, type Words } from './model';

/** Writes one C++ header from the shapes of one TypeScript file. */
export function cppHeader(
  source: string,
  guard: string,
  includes: readonly string[],
  shapes: readonly Shape[],
): string {
  const body = inOrderOfUse(shapes).map(shapeText).join('\n');
  return `#ifndef ${guard}
#define ${guard}

// Made from ${source} by scripts/shapes: change that, not this.
// clang-format off

${includes.map((name) => (name ? `#include ${name}\n` : '\n')).join('')}
namespace dashvoip {

${body}
}  // namespace dashvoip

// clang-format on

#endif  // ${guard}
`;
}

function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'struct':
      return structText(shape);
    case 'words':
      return wordsText(shape);
  }
}

function structText({ name, doc, bases, fields }: Struct): string {
  const parents = bases.length > 0 ? ` : ${bases.join(', ')}` : '';
  const members = fields.map(
    (field) => `${comment(field.doc, '  ')}  ${typeOf(field)} ${snakeCase(field.name)}{};\n`,
  );
  const visits = [...bases.map((base) => `${base}::Visit(self, visit);`), ...fields.map(visitOf)];
  return `${comment(doc, '')}struct ${name}${parents} {
${members.join('')}
  template <typename Self, typename Visitor>
  static void Visit(Self& self, Visitor& visit) {
${visits.map((visit) => `    ${visit}\n`).join('')}  }
};
`;
}

function visitOf({ name, value, when }: Field): string {
  const range = value.range ? `, Range{${value.range.low}, ${value.range.high}}` : '';
  const visit = `visit("${name}", self.${snakeCase(name)}${range});`;
  return when.length > 0 ? `if (${when.join(' || ')}) ${visit}` : visit;
}

function typeOf({ optional, value }: Field): string {
  const type = manyOf(value);
  return optional ? `Optional<${type}>` : type;
}

function manyOf({ cpp, many }: Value): string {
  switch (many?.kind) {
    case undefined:
      return cpp;
    case 'growing':
      return `std::vector<${cpp}>`;
    case 'bounded':
      return `BoundedList<${[cpp, many.most, ...(many.least > 0 ? [many.least] : [])].join(', ')}>`;
    case 'exactly':
      return `std::array<${cpp}, ${many.count}>`;
  }
}

function wordsText({ name, doc, words }: Words): string {
  const enumerators = words.map((word) => `${comment(word.doc, '  ')}  ${word.enumerator},\n`);
  return `${comment(doc, '')}enum class ${name} : std::uint8_t {
${enumerators.join('')}};

inline WordList WordsOf(${name}) noexcept {
  static const char* const words[] = {${words.map(({ word }) => `"${word}"`).join(', ')}};
  return {words, ${words.length}};
}
`;
}

function comment(text: string, indent: string): string {
  if (text === '') return '';
  const lines = text.split('\n');
  if (lines.length === 1) return `${indent}/** ${text} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

/** C++ wants a type before its first use. */
function inOrderOfUse(shapes: readonly Shape[]): readonly Shape[] {
  const byName = new Map(shapes.map((shape) => [shape.name, shape]));
  const ordered = new Set<Shape>();
  const place = (shape: Shape): void => {
    if (ordered.has(shape)) return;
    for (const name of usedBy(shape)) {
      const used = byName.get(name);
      if (used) place(used);
    }
    ordered.add(shape);
  };
  shapes.forEach(place);
  return [...ordered];
}

function usedBy(shape: Shape): readonly string[] {
  switch (shape.kind) {
    case 'words':
      return [];
    case 'struct':
      return [...shape.bases, ...shape.fields.map(({ value }) => value.cpp)];
  }
}
