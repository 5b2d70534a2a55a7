import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from '@babel/parser';
import { type Node, traverseFast } from '@babel/types';
import type { Plugin } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');
/** Where settings, commands and notifications are declared, below src/. */
const DECLARATIONS = ['config', 'control/commands', 'control/notifications.ts'];
/** What is expected at a place, and errors, are no sentences: they begin with a small letter, and end without a full stop. */
const SENTENCE = /^[A-Z`].{14,}\.$/s;

/** A piece of a file that is a sentence, or some. */
interface Piece {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Files of declarations without their sentences, which have numbers in their place. */
export interface TakenProse {
  readonly files: ReadonlyMap<string, string>;
  /** By those numbers. */
  readonly prose: Readonly<Record<string, string>>;
}

/** The same ones from the same sources: what takes them out, and what brings them back, are built one after the other. */
export function takeProse(): TakenProse {
  const files = new Map<string, string>();
  const numbers = new Map<string, number>();
  for (const path of DECLARATIONS.flatMap(filesAt)) {
    const source = readFileSync(path, 'utf8');
    let kept = '';
    let at = 0;
    for (const { start, end, text } of sentencesIn(source)) {
      const number = numbers.get(text) ?? numbers.size;
      numbers.set(text, number);
      kept += `${source.slice(at, start)}'${number}'`;
      at = end;
    }
    files.set(path, kept + source.slice(at));
  }
  const prose = Object.fromEntries([...numbers].map(([text, number]) => [number, text]));
  return { files, prose };
}

/** For the bundle: no agent reads them. */
export const withoutProse: Plugin = {
  name: 'the sentences of declarations are left out',
  setup: ({ onLoad }) => {
    const { files } = takeProse();
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const contents = files.get(path);
      return contents === undefined ? undefined : { contents, loader: 'ts' };
    });
  },
};

/** For the web page's server, which tells them: they lie in its file. */
export const withProse: Plugin = {
  name: 'the sentences of declarations are here',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/src\/control\/web\/prose\.ts$/ }, () => ({
      contents: `export const PROSE = ${JSON.stringify(takeProse().prose)};`,
      loader: 'ts',
    }));
  },
};

function filesAt(place: string): string[] {
  const path = join(ROOT, 'src', place);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .map((name) => join(path, name));
}

/** In their order. Texts that something is put into stay where they are. */
function sentencesIn(source: string): Piece[] {
  const found: Piece[] = [];
  const { program } = parse(source, { sourceType: 'module', plugins: ['typescript'] });
  traverseFast(program, (node) => {
    const text = textOf(node);
    const { start, end } = node;
    if (text === undefined || typeof start !== 'number' || typeof end !== 'number') return;
    if (SENTENCE.test(text)) found.push({ start, end, text });
  });
  return found;
}

function textOf(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return node.value;
  if (node.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}
