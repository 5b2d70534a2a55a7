import { glyphsOf, type Line, type Span, type Style } from '../../src/cli/screen';
import { CallCurves } from '../../src/cli/watch/call-curves';
import { dashboard } from '../../src/cli/watch/dashboard';
import { STATUS_EXAMPLE, type StatusReply } from '../../src/control';

const SIZE = { columns: 80, rows: 24 };
/** Of a character, px. */
const [WIDTH, HEIGHT, MARGIN] = [8.4, 18, 12];
const COLOURS: Readonly<Record<Style, string>> = {
  plain: '#d8d8d8',
  dim: '#8a8f98',
  bold: '#ffffff',
  green: '#7bd88f',
  yellow: '#ffd866',
  red: '#fc618d',
};
const SECONDS = 62;
const EVENTS = [
  '09:41:04  call: call 2, direction outgoing, state dialing, remote sip:home@example.org',
  '09:41:06  call: call 2, state active, remote sip:home@example.org',
  '09:41:43  camera: state idle',
  '09:41:45  camera: state streaming',
];

/** docs/images/watch.svg: what `dashvoip watch` shows of a call whose network was bad for a while. */
export function watchPicture(): string {
  const curves = new CallCurves();
  let status = STATUS_EXAMPLE;
  let counted = { lost: 0, packets: 0 };
  for (let second = 0; second <= SECONDS; second++) {
    const lost = Math.round(3 * badness(second)) + (second % 9 === 0 ? 1 : 0);
    counted = { lost: counted.lost + lost, packets: counted.packets + 50 - lost };
    status = statusAt(second, counted);
    curves.look(status);
  }
  const now = new Date(Date.UTC(2026, 10, 23, 9, 42, 4));
  const events = EVENTS.map((event) => event.slice(0, SIZE.columns));
  const lines = dashboard({ status, curves, events, now }, SIZE, glyphsOf({ LANG: 'C.UTF-8' }));
  return svg(lines);
}

/** From 0 to 1: for some seconds a third of the way in. */
function badness(second: number): number {
  return Math.max(0, 1 - ((second - 24) / 8) ** 2);
}

function statusAt(second: number, counted: { lost: number; packets: number }): StatusReply {
  const [call] = STATUS_EXAMPLE.calls;
  const audio = call?.media?.audio;
  if (!call || !audio) throw new Error('the example has no call that talks');
  const bad = badness(second);
  /** Words with pauses; the far end talks when the near end does not. */
  const voice = Math.sin(second / 3.1) + Math.sin(second / 1.3) / 2;
  const levelOf = (loudness: number): number => Math.round(-45 + 22 * loudness);
  const inTurn = {
    ...audio,
    sent: { ...audio.sent, packets: 50 * second },
    received: { ...audio.received, ...counted, jitterMs: 1.6 + 8 * bad + Math.sin(second / 4) },
    delayMs: 112 + 90 * bad,
    mos: 4.38 - 1.1 * bad,
    sentLevelDbov: levelOf(voice),
    heardLevelDbov: levelOf(-voice),
  };
  const media = { ...call.media, audio: inTurn };
  return { ...STATUS_EXAMPLE, calls: [{ ...call, durationS: second, media }] };
}

function svg(lines: readonly Line[]): string {
  const [width, height] = [SIZE.columns * WIDTH + 2 * MARGIN, SIZE.rows * HEIGHT + 2 * MARGIN];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="dashvoip watch on a terminal of ${SIZE.columns} by ${SIZE.rows}">`,
    '<rect width="100%" height="100%" rx="6" fill="#16181d"/>',
    '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">',
    ...lines.flatMap(lineElements),
    '</g></svg>',
    '',
  ].join('\n');
}

/** Gaps part a span: no font that is a little wider moves what stands in a column. */
function lineElements(line: Line, row: number): string[] {
  let column = 0;
  return line.flatMap((span) => {
    const start = column;
    column += [...span.text].length;
    return [...span.text.matchAll(/\S+(?: \S+)*/g)].map((words) =>
      textElement({ ...span, text: words[0] }, start + words.index, row),
    );
  });
}

function textElement({ text, style = 'plain' }: Span, column: number, row: number): string {
  const x = (MARGIN + column * WIDTH).toFixed(1);
  const y = 2 * MARGIN + 2 + row * HEIGHT;
  const length = ([...text].length * WIDTH).toFixed(1);
  const weight = style === 'bold' ? ' font-weight="bold"' : '';
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" textLength="${length}" fill="${COLOURS[style]}"${weight}>${safe}</text>`;
}
