import * as v from 'valibot';
import { choice, flag, section, wholeNumber } from '../schema';

export const opus = v.optional(
  section('Opus, where `media.codecs` has it. It is made to survive loss either way.', {
    bitrate: v.optional(
      wholeNumber(6000, 128_000, 'Bits per second at most, both ways, without headers.'),
      32_000,
    ),
    playbackRate: v.optional(
      choice(
        ['8000', '16000', '48000'],
        'Rate up to which sound is wanted, in Hz. All sound in the agent passes at the highest rate that a codec of the list has: 16000 is enough for a voice, and takes a third of the work.',
      ),
      '48000',
    ),
    constantBitrate: v.optional(flag('All packets are of one size, both ways.'), false),
  }),
  {},
);
