import type * as v from 'valibot';
import { exactOptional, optional } from 'valibot';
import { choice, path, section, text, wholeNumber } from '../schema';

/** What is kept of calls and of the camera, and where. */
export const record = section('Recordings on the SD card, as docs/recording.md tells.', {
  automatic: optional(
    choice(
      ['none', 'all', 'incoming', 'outgoing'],
      'Which calls are recorded without being asked for.',
    ),
    'none',
  ),
  folder: optional(
    path(
      'Where files go: the card’s root, as a rule. It is never made, because without the card it would be the camera’s memory.',
    ),
    '/tmp/SD0',
  ),
  format: optional(
    choice(
      ['wav', 'mp4'],
      'Sound alone, or sound and the camera’s picture. Without a call the camera’s own AAC is kept as it comes, in place of WAV.',
    ),
    'wav',
  ),
  notice: exactOptional(
    text(
      '"tone" or the path of a sound file',
      'What the far end of a call hears of its being recorded: "tone" (1400 Hz every 15 s), or a file, once. Without it nothing.',
    ),
  ),
  preRoll: optional(
    wholeNumber(
      0,
      30,
      'Seconds of a call that are kept from before its recording is asked for. They lie in memory; with a picture up to 4 MB.',
    ),
    0,
  ),
  postRoll: optional(
    wholeNumber(
      0,
      60,
      'Seconds that are kept after the end of a call, of the near end and the picture.',
    ),
    0,
  ),
  floorMb: optional(
    wholeNumber(
      0,
      1_000_000,
      'Free space to be left, in MB. Below it the oldest of our own recordings are removed, nothing else; when there is none nothing is recorded.',
    ),
    512,
  ),
  maxFileMb: optional(
    wholeNumber(1, 4000, 'After so many MB a further file begins; FAT takes 4 GB at most.'),
    1000,
  ),
  maxFileMinutes: optional(wholeNumber(1, 1440, 'Likewise after so many minutes.'), 60),
});

export type RecordConfig = v.InferOutput<typeof record>;
