export const GENERATED =
  '<!-- Made by scripts/docs from the schemas in src/. Do not edit: run `npx tsx scripts/docs/main.ts`. -->';

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

/** One object per line, as on the wire; what would be too long to read is spread over several. */
export function jsonBlock(...values: readonly unknown[]): string[] {
  const lines = values.map((value) => {
    const line = JSON.stringify(value);
    return line.length > 400 ? JSON.stringify(value, undefined, 1) : line;
  });
  return ['```json', ...lines, '```'];
}

export function page(...lines: readonly (string | readonly string[])[]): string {
  return `${lines.flat().join('\n')}\n`;
}
