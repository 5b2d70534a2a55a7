import { AUDIO_CODECS, type AudioCodec } from '../codecs';
import type { Format, MediaLine } from './media-line';
import { freePayloadTypes } from './payload-types';
import type { AudioFormat, LocalMedia } from './types';

/** What most of the field uses. */
const USUAL_TELEPHONE_EVENT = 101;

/** The formats of one audio line. */
export interface AudioFormats {
  /** In order of preference: the first is sent, all are received (RFC 3264 §6.1, §7). */
  readonly formats: readonly AudioFormat[];
  readonly telephoneEvent?: number;
  readonly comfortNoise?: number;
}

/**
 * All we can offer. What was agreed on before comes first and keeps its numbers (RFC 3264 §8.3.2); the
 * rest is offered again, for the peer may have become another one (RFC 6337 §5.1).
 */
export function offeredAudio(local: LocalMedia, agreed?: AudioFormats): AudioFormats {
  const known = agreed?.formats ?? [];
  const taken = new Set(numbersOf(agreed ?? { formats: [] }));
  const added: AudioFormat[] = [];
  for (const codec of local.audio.codecs) {
    if (known.some((format) => format.codec === codec)) continue;
    const usual = AUDIO_CODECS[codec].staticPayloadType;
    const payloadType = taken.has(usual) ? freePayloadTypes(taken)[0] : usual;
    if (payloadType === undefined) continue;
    taken.add(payloadType);
    added.push({ codec, payloadType });
  }
  const telephoneEvent =
    agreed?.telephoneEvent ?? freePayloadTypes(taken, USUAL_TELEPHONE_EVENT)[0];
  return {
    ...agreed,
    formats: [...known, ...added],
    ...(telephoneEvent === undefined ? {} : { telephoneEvent }),
  };
}

/**
 * What `line` and this end have in common, in the peer's order of preference (RFC 3264 §6.1) and under
 * its numbers; undefined when there is no codec among it.
 * @param offered our own formats, when `line` is an answer: it need not repeat what we said of them.
 */
export function commonAudio(
  line: MediaLine,
  codecs: readonly AudioCodec[],
  offered?: AudioFormats,
): AudioFormats | undefined {
  const known = new Map(offered ? meanings(offered) : []);
  const found = line.formats.map((format) => ({
    payloadType: format.payloadType,
    kind: format.encoding === '' ? known.get(format.payloadType) : kindOf(format, codecs),
  }));
  const formats = found.flatMap(({ kind, payloadType }) =>
    kind === undefined || kind === 'event' || kind === 'noise'
      ? []
      : [{ codec: kind, payloadType }],
  );
  if (formats.length === 0) return undefined;
  const telephoneEvent = found.find(({ kind }) => kind === 'event')?.payloadType;
  const comfortNoise = found.find(({ kind }) => kind === 'noise')?.payloadType;
  return {
    formats,
    ...(telephoneEvent === undefined ? {} : { telephoneEvent }),
    ...(comfortNoise === undefined ? {} : { comfortNoise }),
  };
}

/** What has payload types: the formats of sound, or those of a picture. */
interface Numbered extends Omit<Partial<AudioFormats>, 'formats'> {
  readonly formats: readonly { readonly payloadType: number }[];
}

/** Every payload type of a line, codecs first. */
export function numbersOf({ formats, telephoneEvent, comfortNoise }: Numbered): number[] {
  return [...formats.map(({ payloadType }) => payloadType), comfortNoise, telephoneEvent].filter(
    (number) => number !== undefined,
  );
}

/** Of what is sent, and so of the keys and the noise that go with it (RFC 4733 §2.1). */
export function clockRateOf({ formats }: AudioFormats): number {
  return Math.max(...formats.map(({ codec }) => AUDIO_CODECS[codec].clockRate));
}

type Kind = AudioCodec | 'event' | 'noise';

function kindOf(format: Format, codecs: readonly AudioCodec[]): Kind | undefined {
  if (format.channels !== 1) return undefined;
  const counting = codecs.filter((codec) => AUDIO_CODECS[codec].clockRate === format.clockRate);
  if (counting.length === 0) return undefined;
  if (format.encoding === 'TELEPHONE-EVENT') return 'event';
  if (format.encoding === 'CN') return 'noise';
  return counting.find((codec) => AUDIO_CODECS[codec].encoding === format.encoding);
}

function meanings({ formats, telephoneEvent, comfortNoise }: AudioFormats): [number, Kind][] {
  return [
    ...formats.map(({ payloadType, codec }): [number, Kind] => [payloadType, codec]),
    ...(telephoneEvent === undefined ? [] : [[telephoneEvent, 'event'] as [number, Kind]]),
    ...(comfortNoise === undefined ? [] : [[comfortNoise, 'noise'] as [number, Kind]]),
  ];
}

/**
 * Packet length to send: what the peer asks for by ptime, within its maxptime, as a multiple of
 * 10 ms between 10 and 60; `ours` when it asks for nothing.
 */
export function packetTime(line: MediaLine, ours: number): number {
  const wanted = Math.min(line.ptimeMs ?? ours, line.maxptimeMs ?? Number.POSITIVE_INFINITY);
  return Math.min(60, Math.max(10, Math.floor(wanted / 10) * 10));
}
