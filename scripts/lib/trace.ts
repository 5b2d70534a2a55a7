/** Lines of a log with the places of the minified bundle replaced by those of src/; see scripts/trace. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { pathToFileURL } from 'node:url';

/** A frame of V8 within the bundle, as ` at ab.cd (/usr/lib/dashvoip/dashvoip.cjs:2:3456)`. */
const PLACE = /(?:([^\s(]+) \()?[^\s(]*dashvoip\.cjs:(\d{1,9}):(\d{1,9})\)?/g;

/** `text` with each place of the bundle as `map` knows it, and the name that stands there in the source. */
export function explained(text: string, map: SourceMap): string {
  return text.replace(PLACE, (whole, _name: string | undefined, line: string, column: string) => {
    const found = map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!('originalSource' in found) || !found.originalSource) return whole;
    const source = found.originalSource.replace(/^(\.\.\/)+/, '');
    const name = 'name' in found && found.name ? `${found.name} ` : '';
    return `${name}(${source}:${found.originalLine + 1}:${found.originalColumn + 1})`;
  });
}

function main(path: string): void {
  const map = new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  process.stdout.write(explained(readFileSync(0, 'utf8'), map));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv[2] ?? '');
