import { type AudioCodec, packetLength, rowOf } from '../codecs';
import { encoderFor, isServed } from './audio-parameters';
import type { Format, MediaLine } from './media-line';
import { freePayloadTypes } from './payload-types';
import {
  type AudioFormat,
  type AudioStream,
  type AudioWishes,
  type EncoderSettings,
  type LocalMedia,
  type MarkFormat,
  USUAL_WISHES,
} from './types';

/** What most of the field uses. */
const USUAL_TELEPHONE_EVENT = 101;

/** RFC 3551 §6: of noise at 8000 Hz. */
const STATIC_NOISE = 13;

/** A format of sound, and what it says of what we send. */
export interface NegotiatedFormat extends AudioFormat {
  readonly encoder?: EncoderSettings;
}

/** The formats of one audio line. */
export interface AudioFormats {
  /** In order of preference: the first is sent, all are received (RFC 3264 §6.1, §7). */
  readonly formats: readonly NegotiatedFormat[];
  /** Keys and noise, for the clocks of the formats (RFC 4733 §2.1). */
  readonly marks: readonly MarkFormat[];
}

/**
 * All we can offer. What was agreed on before comes first and keeps its numbers (RFC 3264 §8.3.2); the
 * rest is offered again, for the peer may have become another one (RFC 6337 §5.1).
 */
export function offeredAudio(local: LocalMedia, agreed?: AudioFormats): AudioFormats {
  const formats = [...(agreed?.formats ?? [])];
  const marks = [...(agreed?.marks ?? [])];
  const taken = new Set([...formats, ...marks].map(({ payloadType }) => payloadType));
  const take = (usual: number | undefined): number | undefined => {
    const free = usual !== undefined && !taken.has(usual);
    const payloadType = free ? usual : freePayloadTypes(taken)[0];
    if (payloadType !== undefined) taken.add(payloadType);
    return payloadType;
  };
  // Static numbers first: what is dynamic gets around them.
  const missing = local.audio.codecs.filter(
    (codec) => !formats.some((format) => format.codec === codec),
  );
  for (const codec of missing) {
    const payloadType = take(rowOf(codec).staticPayloadType);
    if (payloadType !== undefined) formats.push({ codec, payloadType });
  }
  for (const wanted of wantedMarks(formats, local)) {
    if (marks.some((mark) => isSameMark(mark, wanted))) continue;
    const usual = wanted.kind === 'keys' ? USUAL_TELEPHONE_EVENT : STATIC_NOISE;
    const payloadType = take(wanted.clockRate === 8000 ? usual : undefined);
    if (payloadType !== undefined) marks.push({ ...wanted, payloadType });
  }
  return { formats, marks };
}

type Mark = Omit<MarkFormat, 'payloadType'>;

/** Keys for each clock; noise where it is wanted and a codec has no pauses of its own. */
function wantedMarks(formats: readonly AudioFormat[], { audio }: LocalMedia): Mark[] {
  const { silenceSuppression } = audio.wishes ?? USUAL_WISHES;
  const noisy = formats.filter(({ codec }) => silenceSuppression && !rowOf(codec).hasPauses);
  return [
    ...clocksOf(noisy).map((clockRate): Mark => ({ kind: 'noise', clockRate })),
    ...clocksOf(formats).map((clockRate): Mark => ({ kind: 'keys', clockRate })),
  ];
}

/** 8000 Hz, which every telephone understands, is the first. */
function clocksOf(formats: readonly AudioFormat[]): number[] {
  const rates = formats.map(({ codec }) => rowOf(codec).clockRate);
  return [...new Set(rates)].sort((a, b) => a - b);
}

function isSameMark(one: Mark, other: Mark): boolean {
  return one.kind === other.kind && one.clockRate === other.clockRate;
}

/**
 * What `line` and this end have in common, in the peer's order of preference (RFC 3264 §6.1) and under
 * its numbers; undefined when there is no codec among it.
 * @param offered our own formats, when `line` is an answer: it need not repeat what we said of them.
 */
export function commonAudio(
  line: MediaLine,
  { audio }: LocalMedia,
  offered?: AudioFormats,
): AudioFormats | undefined {
  const wishes = audio.wishes ?? USUAL_WISHES;
  const known = new Map(offered ? meanings(offered) : []);
  const formats: NegotiatedFormat[] = [];
  const marks: MarkFormat[] = [];
  for (const format of line.formats) {
    const { payloadType } = format;
    const meaning =
      format.encoding === '' ? known.get(payloadType) : meaningOf(format, audio.codecs);
    if (meaning === undefined) continue;
    if (typeof meaning === 'string') {
      formats.push(negotiated(meaning, format, wishes));
    } else if (!marks.some((mark) => isSameMark(mark, meaning))) {
      marks.push({ ...meaning, payloadType });
    }
  }
  if (formats.length === 0) return undefined;
  // RFC 4733 §2.1: with the clock of the sound. Some have keys at 8000 Hz alone whatever they send.
  const clocks = clocksOf(formats);
  const fitting = marks.filter(
    ({ kind, clockRate }) => clocks.includes(clockRate) || (kind === 'keys' && clockRate === 8000),
  );
  const ofKind = (wanted: MarkFormat['kind']): MarkFormat[] =>
    fitting.filter(({ kind }) => kind === wanted);
  return { formats, marks: [...ofKind('noise'), ...ofKind('keys')] };
}

function negotiated(codec: AudioCodec, format: Format, wishes: AudioWishes): NegotiatedFormat {
  const encoder = encoderFor(codec, format.parameters, wishes);
  return { codec, payloadType: format.payloadType, ...(encoder ? { encoder } : {}) };
}

/** What the streams need to know of what was agreed on. */
export function streamFormats(
  { formats, marks }: AudioFormats,
  alsoReceived: readonly AudioFormat[],
  { silenceSuppression }: AudioWishes = USUAL_WISHES,
): Omit<AudioStream, 'remote' | 'direction' | 'ptimeMs'> | undefined {
  const [sent] = formats;
  if (!sent) return undefined;
  const { clockRate } = rowOf(sent.codec);
  const keys = markFor('keys', marks, clockRate) ?? marks.find(({ kind }) => kind === 'keys');
  // Who did not ask for it may be sent it all the same, and hears it.
  const noise = silenceSuppression ? markFor('noise', marks, clockRate) : undefined;
  const others = marks.filter((mark) => mark !== keys && mark !== noise);
  return {
    codec: sent.codec,
    payloadType: sent.payloadType,
    receive: [...formats, ...alsoReceived].map(({ codec, payloadType }) => ({
      codec,
      payloadType,
    })),
    ...(sent.encoder ? { encoder: sent.encoder } : {}),
    ...(keys ? { telephoneEvent: keys.payloadType } : {}),
    ...(keys && keys.clockRate !== clockRate ? { telephoneEventRate: keys.clockRate } : {}),
    ...(noise ? { comfortNoise: noise.payloadType } : {}),
    ...(others.length > 0 ? { alsoMarks: others.slice(0, MOST_MARKS) } : {}),
  };
}

/** What the media plane has room for: more clocks than there are codecs of ours with different ones. */
const MOST_MARKS = 8;

function markFor(
  kind: MarkFormat['kind'],
  marks: readonly MarkFormat[],
  clockRate: number,
): MarkFormat | undefined {
  return marks.find((mark) => isSameMark(mark, { kind, clockRate }));
}

/** What has payload types: the formats of sound, or those of a picture. */
interface Numbered {
  readonly formats: readonly { readonly payloadType: number }[];
  readonly marks?: readonly { readonly payloadType: number }[];
  readonly rtx?: number;
}

/** Every payload type of a line, codecs first. */
export function numbersOf({ formats, marks = [], rtx }: Numbered): number[] {
  const numbers = [...formats, ...marks].map(({ payloadType }) => payloadType);
  return rtx === undefined ? numbers : [...numbers, rtx];
}

type Meaning = AudioCodec | Mark;

function meaningOf(
  { encoding, clockRate, channels, parameters }: Format,
  codecs: readonly AudioCodec[],
): Meaning | undefined {
  if (channels === 1 && encoding === 'TELEPHONE-EVENT') return { kind: 'keys', clockRate };
  if (channels === 1 && encoding === 'CN') return { kind: 'noise', clockRate };
  return codecs.find((codec) => {
    const row = rowOf(codec);
    return (
      row.encoding.toUpperCase() === encoding &&
      row.clockRate === clockRate &&
      // RFC 7587 §7 wants opus/48000/2; some forget the 2.
      (channels === 1 || channels === row.channels) &&
      isServed(codec, parameters)
    );
  });
}

function meanings({ formats, marks }: AudioFormats): [number, Meaning][] {
  return [
    ...formats.map(({ payloadType, codec }): [number, Meaning] => [payloadType, codec]),
    ...marks.map(({ payloadType, kind, clockRate }): [number, Meaning] => [
      payloadType,
      { kind, clockRate },
    ]),
  ];
}

/**
 * Packet length to send: what the peer asks for by ptime, within its maxptime, as far as the codec has
 * packets of that length; `ours` when it asks for nothing.
 */
export function packetTime(line: MediaLine, codec: AudioCodec, ours: number): number {
  const wanted = Math.min(line.ptimeMs ?? ours, line.maxptimeMs ?? Number.POSITIVE_INFINITY);
  return packetLength(codec, wanted);
}
