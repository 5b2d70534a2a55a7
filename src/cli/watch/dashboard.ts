import { type CallStatus, qualityOf, type StatusReply } from '../../control';
import { type Glyphs, type Line, type Size, type Span, type Style, sparkline } from '../screen';
import {
  callLine,
  callState,
  clockText,
  deviceText,
  encryptionText,
  recentLine,
  registrationRows,
  switchedOn,
  whom,
} from '../status-words';
import type { CallCurves, Curve } from './call-curves';

/** What is shown at one moment. */
export interface Picture {
  readonly status: StatusReply;
  readonly curves: CallCurves;
  /** Newest last. */
  readonly events: readonly string[];
  /** Civil time. */
  readonly now: Date;
}

/** Of a screen, rows for events whatever else there is. */
const EVENT_ROWS = 4;
/** Of a call that is shown whole. */
const CALL_ROWS = 8;
const MAX_ACCOUNTS = 3;
const MAX_PROBLEMS = 3;
/** Where values and curves begin. */
const NAME_COLUMNS = 14;
const VALUE_COLUMNS = 10;

const blank: Line = [];
const plain = (text: string): Line => [{ text }];

/** The whole screen, from the top to the keys at the bottom. */
export function dashboard(picture: Picture, size: Size, glyphs: Glyphs): Line[] {
  const { status, events } = picture;
  const { rows } = size;
  const head = [
    ...headLines(picture, size),
    ...deviceLines(status),
    ...problemLines(status),
    blank,
  ];
  const room = rows - head.length - EVENT_ROWS - 1;
  const middle =
    status.calls.length === 0
      ? idleLines(status, room)
      : callLines(picture, room, size.columns, glyphs);
  const left = Math.max(0, rows - 1 - head.length - middle.length);
  const tail = eventLines(events, left);
  const above = [...head, ...middle, ...tail].slice(0, rows - 1);
  while (above.length < rows - 1) above.push(blank);
  return [...above, KEYS];
}

const KEYS: Line = [
  ...keyWords('q', 'quit'),
  ...keyWords('a', 'answer'),
  ...keyWords('h', 'hang up'),
];

function keyWords(key: string, words: string): Span[] {
  return [
    { text: ` ${key}`, style: 'bold' },
    { text: ` ${words} `, style: 'dim' },
  ];
}

function headLines({ status, now }: Picture, { columns }: Size): Line[] {
  const { version, uptimeS, switches } = status;
  const on = [...switchedOn(switches), ...(switches.autoAnswer ? ['auto-answer'] : [])].join(', ');
  const left = `dashvoip ${version}`;
  const more = `  up ${clockText(uptimeS)}${on ? `  ${on}` : ''}`;
  const time = `${now.toISOString().slice(11, 19)} UTC`;
  const gap = columns - 1 - left.length - more.length - time.length;
  return [
    [{ text: left, style: 'bold' }, { text: `${more}${' '.repeat(Math.max(1, gap))}${time}` }],
    ...registrationLines(status),
  ];
}

/** The calls are what is watched: of many accounts the first ones have a row. */
function registrationLines(status: StatusReply): Line[] {
  const rows = registrationRows(status);
  const more = rows.length - MAX_ACCOUNTS;
  return [
    ...rows.slice(0, MAX_ACCOUNTS).map(([name, words], place) => {
      const state = status.accounts[place]?.registration?.state;
      return row(
        name,
        words,
        state === 'registered' ? 'green' : state === 'failed' ? 'red' : 'plain',
      );
    }),
    ...(more > 0 ? [row('', `and ${more} more: dashvoip status`)] : []),
  ];
}

function deviceLines({ engine }: StatusReply): Line[] {
  if (!engine) return [row('media', 'not up yet')];
  const { camera, microphone, speaker } = engine;
  const lost = camera.sequenceGaps + camera.tornFrames + camera.droppedFrames;
  const frames = camera.framesRead > 0 ? `, ${camera.framesRead} frames, ${lost} lost` : '';
  return [
    row('camera', `${camera.state}${frames}`, camera.state === 'absent' ? 'yellow' : 'plain'),
    row('microphone', deviceText(microphone)),
    row('speaker', deviceText(speaker)),
  ];
}

function problemLines({ problems }: StatusReply): Line[] {
  const shown = problems.slice(0, MAX_PROBLEMS);
  const more = problems.length - shown.length;
  return [
    ...shown.map((problem): Line => [{ text: `! ${problem}`, style: 'red' }]),
    ...(more > 0 ? [plain(`  and ${more} more: dashvoip status`)] : []),
  ];
}

function idleLines({ recent, accounts }: StatusReply, room: number): Line[] {
  const fitting = recent.slice(0, Math.max(0, room - 3));
  return [
    plain('no call'),
    ...(fitting.length > 0 ? [blank, heading('last calls')] : []),
    ...fitting.map((entry) => plain(recentLine(entry, accounts))),
    blank,
  ];
}

/** The first ones whole, as far as there is room; of the others a line. */
function callLines(picture: Picture, room: number, columns: number, glyphs: Glyphs): Line[] {
  const { calls } = picture.status;
  let left = room;
  return calls.flatMap((call, place) => {
    const others = calls.length - place - 1;
    const whole = left - others >= CALL_ROWS + 1;
    left -= whole ? CALL_ROWS + 1 : 1;
    if (!whole) return [plain(callLine(call))];
    return [...callBlock(call, picture.curves, columns, glyphs), blank];
  });
}

function callBlock(call: CallStatus, curves: CallCurves, columns: number, glyphs: Glyphs): Line[] {
  const { audio } = call.media ?? {};
  const quality = qualityOf(call);
  const samples = curves.of(call.call);
  const width = Math.max(0, columns - NAME_COLUMNS - VALUE_COLUMNS - 2);
  const curve = (name: Curve, label: string, value: number | undefined, unit: string): Line => [
    { text: `  ${label}`.padEnd(NAME_COLUMNS), style: 'dim' },
    {
      text: (value === undefined ? '?' : `${value}${unit}`).padStart(VALUE_COLUMNS - 1),
      style: judged(name, value),
    },
    { text: `  ${sparkline(samples[name], width, scaleOf(name, samples[name]), glyphs)}` },
  ];
  return [
    [{ text: `call ${call.call}: ${callState(call)}`, style: 'bold' }, { text: `, ${whom(call)}` }],
    curve('mos', 'MOS', quality.mos, ''),
    curve('loss', 'loss', quality.lossPercent, ' %'),
    curve('jitter', 'jitter', quality.jitterMs, ' ms'),
    curve('delay', 'delay', rounded(audio?.delayMs), ' ms'),
    curve('here', 'microphone', rounded(audio?.sentLevelDbov), ' dB'),
    curve('there', 'far end', rounded(audio?.heardLevelDbov), ' dB'),
    [{ text: `  ${mediaText(call)}`, style: 'dim' }],
    ...(audio ? [[{ text: `  encryption: ${encryptionText(call)}`, style: 'dim' }] as Line] : []),
  ];
}

function mediaText({ media }: CallStatus): string {
  const { audio, video } = media ?? {};
  if (!audio) return 'no media yet';
  return [
    `${audio.codec} ${audio.direction}, ${audio.sent.packets} packets out, ${audio.received.packets} in`,
    ...(video
      ? [`${video.codec} ${video.direction}, ${Math.round(video.bitrate / 1000)} kbit/s`]
      : []),
  ].join('; ');
}

function eventLines(events: readonly string[], room: number): Line[] {
  if (room < 2) return [];
  return [heading('events'), ...events.slice(-(room - 1)).map(plain)];
}

function heading(text: string): Line {
  return [{ text, style: 'dim' }];
}

function row(name: string, value: string, style: Style = 'plain'): Line {
  return [
    { text: name.padEnd(NAME_COLUMNS), style: 'dim' },
    { text: value, style },
  ];
}

/** What a curve spans at least; a worse one is drawn smaller. */
const SCALES: Readonly<Record<Curve, { readonly low: number; readonly high: number }>> = {
  mos: { low: 1, high: 4.5 },
  loss: { low: 0, high: 5 },
  jitter: { low: 0, high: 20 },
  delay: { low: 0, high: 200 },
  // What a listener takes for silence, and the loudest (RFC 6464 §3).
  here: { low: -70, high: 0 },
  there: { low: -70, high: 0 },
};

function scaleOf(curve: Curve, samples: readonly (number | undefined)[]) {
  const { low, high } = SCALES[curve];
  return { low, high: Math.max(high, ...samples.map((value) => value ?? 0)) };
}

/** Where it begins to be heard, and where it hurts (ITU-T G.107, G.114). */
const LIMITS: Readonly<Partial<Record<Curve, readonly [yellow: number, red: number]>>> = {
  mos: [3.6, 2.6],
  loss: [1, 5],
  jitter: [30, 100],
  delay: [300, 400],
};

function judged(curve: Curve, value: number | undefined): Style {
  const limits = LIMITS[curve];
  if (value === undefined || limits === undefined) return 'plain';
  const [yellow, red] = limits;
  const isWorse = (limit: number): boolean => (curve === 'mos' ? value < limit : value > limit);
  if (isWorse(red)) return 'red';
  return isWorse(yellow) ? 'yellow' : 'plain';
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}
