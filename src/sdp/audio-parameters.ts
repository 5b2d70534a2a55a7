import type { AudioCodec } from '../codecs';
import { amrEncoder, amrParameters, isOurAmr } from './amr';
import { opusEncoder, opusParameters } from './opus';
import type { AudioWishes, EncoderSettings } from './types';

/** Of a=fmtp: names in lower case. */
export type FormatParameters = ReadonlyMap<string, string>;

/** Whether a format that has the name and clock of `codec` is that codec, by its parameters. */
export function isServed(codec: AudioCodec, theirs: FormatParameters): boolean {
  switch (codec) {
    case 'AMR':
    case 'AMR-OA':
      return isOurAmr(theirs, codec === 'AMR-OA');
    default:
      return true;
  }
}

/**
 * The a=fmtp of our description; undefined where there is nothing to say.
 * @param encoder what the far end said, in an answer.
 */
export function parametersOf(
  codec: AudioCodec,
  wishes: AudioWishes,
  encoder?: EncoderSettings,
): string | undefined {
  switch (codec) {
    case 'OPUS':
      return opusParameters(wishes);
    case 'AMR':
    case 'AMR-OA':
      return amrParameters(codec === 'AMR-OA', encoder);
    default:
      return undefined;
  }
}

/** What the far end's parameters make of what we send it; undefined where that is nothing special. */
export function encoderFor(
  codec: AudioCodec,
  theirs: FormatParameters,
  wishes: AudioWishes,
): EncoderSettings | undefined {
  switch (codec) {
    case 'OPUS':
      return opusEncoder(theirs, wishes);
    case 'AMR':
    case 'AMR-OA':
      return amrEncoder(theirs);
    default:
      return undefined;
  }
}
