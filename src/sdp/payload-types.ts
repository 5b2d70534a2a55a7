import { AUDIO_CODEC_NAMES, rowOf } from '../codecs';

/** What a payload type stands for. */
export interface Encoding {
  /** Name in capitals; empty when not known. */
  readonly encoding: string;
  readonly clockRate: number;
  readonly channels: number;
}

const UNKNOWN: Encoding = { encoding: '', clockRate: 0, channels: 1 };

/** Ours, that are static too. */
const OURS = AUDIO_CODEC_NAMES.flatMap((codec): (readonly (string | number)[])[] => {
  const { staticPayloadType, encoding, clockRate } = rowOf(codec);
  return staticPayloadType === undefined ? [] : [[staticPayloadType, encoding, clockRate]];
});

/** RFC 3551 §6, tables 4 and 5: what needs no a=rtpmap. */
const STATIC: ReadonlyMap<number, Encoding> = new Map(
  [
    ...OURS,
    [3, 'GSM', 8000],
    [4, 'G723', 8000],
    [5, 'DVI4', 8000],
    [6, 'DVI4', 16000],
    [7, 'LPC', 8000],
    [10, 'L16', 44100, 2],
    [11, 'L16', 44100],
    [12, 'QCELP', 8000],
    [13, 'CN', 8000],
    [14, 'MPA', 90000],
    [15, 'G728', 8000],
    [16, 'DVI4', 11025],
    [17, 'DVI4', 22050],
    [18, 'G729', 8000],
    [25, 'CELB', 90000],
    [26, 'JPEG', 90000],
    [28, 'NV', 90000],
    [31, 'H261', 90000],
    [32, 'MPV', 90000],
    [33, 'MP2T', 90000],
    [34, 'H263', 90000],
  ].map(([type, encoding, clockRate, channels = 1]) => [
    Number(type),
    { encoding: String(encoding), clockRate: Number(clockRate), channels: Number(channels) },
  ]),
);

export function staticEncoding(payloadType: number): Encoding {
  return STATIC.get(payloadType) ?? UNKNOWN;
}

/** RFC 3551 §3: the range of numbers that each session gives its own meaning, common ones first. */
const DYNAMIC = range(96, 127);

/** Dynamic payload types that mean nothing yet, `preferred` first if it is one of them. */
export function freePayloadTypes(taken: ReadonlySet<number>, preferred?: number): number[] {
  const free = DYNAMIC.filter((number) => !taken.has(number));
  if (preferred === undefined || !free.includes(preferred)) return free;
  return [preferred, ...free.filter((number) => number !== preferred)];
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
