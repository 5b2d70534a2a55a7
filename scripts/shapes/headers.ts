import { readFileSync } from 'node:fs';
import { cppHeader } from './cpp';
import { readDeclarations } from './read';

/** Files of src/media/shapes, each after those that it imports. */
const FILES = ['values', 'snapshots', 'settings', 'features', 'events', 'probe'] as const;

const INCLUDES = [
  '<array>',
  '<cstdint>',
  '<string>',
  '<vector>',
  '',
  '"dashvoip/api/shape.h"',
  '"dashvoip/base/transport_address.h"',
];

export interface Header {
  readonly path: string;
  readonly text: string;
}

/** The C++ side of all that is declared in src/media/shapes. */
export function cppHeaders(): Header[] {
  let aliases: Parameters<typeof readDeclarations>[2];
  return FILES.map((name, at) => {
    const source = `src/media/shapes/${name}.ts`;
    const declared = readDeclarations(source, readFileSync(source, 'utf8'), aliases);
    aliases = declared.aliases;
    const before = FILES.slice(0, at).map((file) => `"dashvoip/api/${file}.h"`);
    return {
      path: `native/include/dashvoip/api/${name}.h`,
      text: cppHeader(
        source,
        `DASHVOIP_API_${name.toUpperCase()}_H_`,
        [...INCLUDES, ...before],
        declared.shapes,
      ),
    };
  });
}
