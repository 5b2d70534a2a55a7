import type { AudioCodec } from '../codecs';
import { amrEncoder, amrParameters, isOurAmr } from './amr';
import { annexEncoder, annexParameters } from './annexes';
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
    case 'ILBC-20':
      // RFC 3952 §5: 30 ms where nothing is said, and where the two ends say different things.
      return theirs.get('mode') === '20';
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
    case 'ILBC':
      return 'mode=30';
    case 'ILBC-20':
      return 'mode=20';
    case 'G723':
      return annexParameters('annexa', encoder);
    case 'G729':
      return annexParameters('annexb', encoder);
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
    case 'G723':
      return annexEncoder('annexa', theirs);
    case 'G729':
      return annexEncoder('annexb', theirs);
    default:
      return undefined;
  }
}
