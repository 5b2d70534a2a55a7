/** One event of an event stream (HTML Living Standard §9.2). */
export interface StreamEvent {
  readonly type: string;
  readonly data: string;
  readonly id?: string;
}

/** Takes the text of an event stream in pieces and gives its events. */
export class EventStreamParser {
  #rest = '';

  push(text: string): StreamEvent[] {
    const blocks = (this.#rest + text).replace(/\r\n?/g, '\n').split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => eventOf(block) ?? []);
  }
}

/** §9.2.6: a block without data is no event; a line that begins with a colon is a comment. */
function eventOf(block: string): StreamEvent | undefined {
  const fields = block.split('\n').map((line) => /^([^:]*)(?:: ?(.*))?$/s.exec(line));
  const valuesOf = (name: string): string[] =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  const data = valuesOf('data');
  if (data.length === 0) return undefined;
  const id = valuesOf('id').pop();
  return {
    type: valuesOf('event').pop() ?? 'message',
    data: data.join('\n'),
    ...(id === undefined ? {} : { id }),
  };
}
