import type { TraceReply } from '../../control';
import type { Palette } from '../screen';

type Dialog = TraceReply['dialogs'][number];
type Message = Dialog['messages'][number];

/** `05:36:28.055` or `+1.234 s`. */
const TIME_COLUMNS = 12;
/** Between the two lines that stand for the ends; all fits into 80 columns. */
const SPAN = 62;

/** Dialogs as ladders: the agent on the left, whom it spoke with on the right. */
export function ladder({ dialogs, dropped }: TraceReply, palette: Palette): string {
  const lost = Object.entries(dropped).flatMap(([room, count]) =>
    count > 0 ? [`${count} of ${ROOMS[room] ?? room}`] : [],
  );
  return [
    ...(dialogs.length === 0 ? ['no messages'] : []),
    ...dialogs.flatMap((dialog, place) => [...(place > 0 ? [''] : []), ...rungs(dialog, palette)]),
    ...(lost.length > 0 ? ['', palette.dim(`older messages gave way: ${lost.join(', ')}`)] : []),
  ].join('\n');
}

const ROOMS: Readonly<Record<string, string>> = {
  call: 'calls',
  registration: 'registrations',
  other: 'strangers',
};

function rungs(dialog: Dialog, palette: Palette): string[] {
  const lines = [palette.bold(titleOf(dialog))];
  let ends = '';
  let earlier: Message | undefined;
  for (const message of dialog.messages) {
    const here = endsOf(message);
    if (here !== ends) lines.push(here);
    ends = here;
    lines.push(`${palette.dim(timeText(message, earlier))} ${arrow(message, palette)}`);
    if (message.text !== undefined) lines.push(...bodyLines(message.text, palette));
    earlier = message;
  }
  return lines;
}

function titleOf({ call, kind, callId, messages: [first] }: Dialog): string {
  const what = kind === 'call' && call !== undefined ? `call ${call}` : TITLES[kind];
  const day = first?.at.slice(0, 10) ?? '';
  return `${what}, ${day}, Call-ID ${plain(callId)}`.slice(0, 79);
}

const TITLES = { call: 'call', registration: 'registration', other: 'stranger' } as const;

/** The addresses above their lines, as they are from here on. */
function endsOf({ direction, from, to, transport }: Message): string {
  const [ours, theirs] = direction === 'in' ? [to, from] : [from, to];
  const left = ' '.repeat(TIME_COLUMNS + 1) + plain(ours);
  const middle = transport === 'UDP' ? '' : ` ${transport} `;
  const right = plain(theirs);
  const gap = TIME_COLUMNS + 1 + SPAN + 2 - left.length - right.length - middle.length;
  return `${left}${' '.repeat(Math.max(1, gap))}${middle}${right}`;
}

function arrow({ direction, summary }: Message, palette: Palette): string {
  const words = cut(plain(summary), SPAN - 8);
  const line = '-'.repeat(SPAN - words.length - 5);
  const status = Number(/^(\d{3})\b/.exec(words)?.[1]);
  const painted = status >= 400 ? palette.red(words) : status >= 200 ? palette.green(words) : words;
  return direction === 'out' ? `|-- ${painted} ${line}>|` : `|<${line} ${painted} --|`;
}

/** The time of the first one; of others how much later they were. */
function timeText({ at }: Message, earlier: Message | undefined): string {
  const text = earlier ? laterText(Date.parse(at) - Date.parse(earlier.at)) : at.slice(11, 23);
  return text.padStart(TIME_COLUMNS);
}

function laterText(ms: number): string {
  if (ms < 1000) return `+${ms} ms`;
  return ms < 600_000 ? `+${(ms / 1000).toFixed(3)} s` : `+${Math.round(ms / 60_000)} min`;
}

function bodyLines(text: string, palette: Palette): string[] {
  const lines = text.replace(/\s+$/, '').split(/\r?\n/);
  return lines.map((line) => palette.dim(`${' '.repeat(TIME_COLUMNS)} | ${plain(line)}`));
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 3)}...`;
}

/** What came from outside never moves the cursor. */
function plain(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, '.');
}
