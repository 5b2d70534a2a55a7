import { exactOptional, optional } from 'valibot';
import { choice, flag, section, text } from '../schema';

/** What the cabin hears of calls that have not come about yet, and a far end that is held. */
export const tones = section('Tones in the cabin, and music on hold.', {
  country: optional(
    choice(
      ['kr', 'us', 'gb', 'de', 'tw'],
      'Whose ring-back, busy, congestion and waiting tone (ITU-T E.180 Supplement 2).',
    ),
    'kr',
  ),
  progress: optional(
    flag(
      'Ring-back while the far end rings (unless it sends a tone itself), and why a call did not come about.',
    ),
    true,
  ),
  ring: optional(flag('The cabin rings when somebody calls.'), false),
  hold: exactOptional(
    text(
      '"tone" or the path of a sound file',
      'What a far end hears while we hold it: "tone", or a file, again and again. Without it nothing is sent.',
    ),
  ),
});
