import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const PAGE = 'docs/conformance.md';
const ROOMS = ['test', 'native/test'];
/** As it stands at the head of a test: "// Shows RFC 3262, 3311." */
const TAG = /^\/\/ Shows RFC ([\d, ]+)\.$/gm;
const HEAD = /^\| (\d+) \|/;

/**
 * docs/conformance.md: its words as they are, and as what shows them the tests that say so of themselves.
 * @throws Error for a tag without a row, and for a row with something done that no test shows.
 */
export function conformance(): string {
  const shown = tags();
  const lines = readFileSync(join(root, PAGE), 'utf8').split('\n');
  const rows = lines.map((line) => (HEAD.test(line) ? withTests(line, shown) : line));
  const [without] = shown.keys();
  if (without !== undefined) {
    throw new Error(
      `${shown.get(without)?.[0]} shows RFC ${without}, which has no row in ${PAGE}: add one, with what is done`,
    );
  }
  return rows.join('\n');
}

/** Takes the tests of its RFC out of `shown`. */
function withTests(line: string, shown: Map<string, readonly string[]>): string {
  const [, rfc = '', done = '', not = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
  const tests = shown.get(rfc) ?? [];
  shown.delete(rfc);
  if (done !== '' && tests.length === 0) {
    throw new Error(
      `${PAGE} says that RFC ${rfc} is done, and no test says "// Shows RFC ${rfc}."`,
    );
  }
  return `| ${[rfc, done, not, tests.join(', ')].join(' | ')} |`.replaceAll('|  |', '| |');
}

/** The tests of each RFC, by name. */
function tags(): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const path of ROOMS.flatMap((room) => testsIn(join(root, room))).sort()) {
    for (const [, numbers = ''] of readFileSync(path, 'utf8').matchAll(TAG)) {
      for (const rfc of numbers.split(',').map((number) => number.trim())) {
        found.set(rfc, [...(found.get(rfc) ?? []), nameOf(path)]);
      }
    }
  }
  return found;
}

function testsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testsIn(path);
    return /(\.test\.ts|_test\.cc)$/.test(entry.name) ? [path] : [];
  });
}

function nameOf(path: string): string {
  const name = relative(root, path);
  return name.startsWith('native/')
    ? `native ${name.slice('native/test/'.length, -'.cc'.length)}`
    : name.slice('test/'.length, -'.test.ts'.length);
}
