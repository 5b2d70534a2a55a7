/** Progress for people: one live line on a terminal, plain lines elsewhere. Written to stderr. */
export class Progress {
  readonly #live = process.stderr.isTTY === true;
  #shown = '';

  /** A line that stays. */
  step(text: string): void {
    this.#clear();
    process.stderr.write(`${text}\n`);
  }

  /** A line that the next one replaces; nothing where there is no terminal. */
  update(text: string): void {
    if (!this.#live) return;
    const width = process.stderr.columns ?? 80;
    this.#clear();
    this.#shown = text.slice(0, width - 1);
    process.stderr.write(this.#shown);
  }

  done(): void {
    this.#clear();
  }

  #clear(): void {
    if (this.#shown !== '') process.stderr.write('\r\x1b[K');
    this.#shown = '';
  }
}

export type Align = 'left' | 'right';

/** A plain table; the first row is the heading. */
export function formatTable(rows: readonly (readonly string[])[], align: readonly Align[]): string {
  const widths = align.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]): string =>
    align
      .map((side, column) => {
        const cell = row[column] ?? '';
        const width = widths[column] ?? 0;
        return side === 'right' ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  const [head, ...body] = rows;
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [...(head ? [line(head), rule] : []), ...body.map(line)].join('\n');
}
