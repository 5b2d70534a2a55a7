/** A reply for people that nobody wrote words for: a line a fact, a list as a table. */
export function replyInWords(reply: unknown): string {
  if (reply === undefined) return 'done';
  if (typeof reply !== 'object' || reply === null) return text(reply);
  return Object.entries(reply)
    .map(([name, value]) => (isRows(value) ? rows(name, value) : `${name}  ${text(value)}`))
    .join('\n');
}

type Row = Readonly<Record<string, unknown>>;

function isRows(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null);
}

function rows(name: string, list: readonly Row[]): string {
  if (list.length === 0) return `no ${name}`;
  const columns = [...new Set(list.flatMap((row) => Object.keys(row)))];
  const cells = list.map((row) => columns.map((column) => text(row[column])));
  const widths = columns.map((column, place) =>
    Math.max(column.length, ...cells.map((line) => line[place]?.length ?? 0)),
  );
  return [columns, ...cells]
    .map((line) =>
      line
        .map((cell, place) => cell.padEnd(widths[place] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function text(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
